from copy import deepcopy


def parameters(model):
    return sum(len(parameter.view(-1)) for parameter in model.parameters())


# A copy without values runs in the place of the model, which nothing happens to.
def multiply_adds(model, image_shape):
    total = []
    copy = deepcopy(model).to("meta").eval()
    for part in copy.modules():
        if isinstance(part, (nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.Linear)):
            part.register_forward_hook(lambda layer, _, y: total.append(y.nelement() * layer.weight[0].nelement()))
    dtypes = [parameter.dtype for parameter in copy.parameters()] or [torch.float32]
    copy(torch.empty(1, *image_shape, dtype=dtypes[0], device="meta"))
    return sum(total)


def weight_layers(model):
    layers = set(filter(lambda part: isinstance(part, (nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.Linear)), model.modules()))
    for part in model.modules():
        if isinstance(part, Shortcut):
            layers.difference_update(part.modules())
    return len(layers)
