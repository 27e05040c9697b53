from contextlib import contextmanager

COUNTED = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d)


def parameters(model):
    return sum(torch.Size(one.shape).numel() for one in set(model.parameters()))


@contextmanager
def as_before(model):
    """Whatever happens to the modes of a model's parts in here is undone."""
    modes = [part.training for part in model.modules()]
    try:
        yield model.train(False)
    finally:
        for part, mode in zip(model.modules(), modes, strict=True):
            part.training = mode


def multiply_adds(model, image_shape):
    found = []
    listening = nn.modules.module.register_module_forward_hook(lambda *call: found.append(call))
    weights = list(model.parameters())
    try:
        with as_before(model) as evaluated, torch.no_grad():
            image = torch.zeros(1, *image_shape)
            evaluated(image.to(weights[0].device, weights[0].dtype) if weights else image)
    finally:
        listening.remove()
    return sum(out.numel() * part.weight[0].numel() for part, _, out in found if isinstance(part, COUNTED))


def weight_layers(model, known=None):
    known = set() if known is None else known
    if isinstance(model, Shortcut) or model in known:
        return 0
    known.add(model)
    return isinstance(model, COUNTED) + sum(weight_layers(part, known) for part in model.children())
