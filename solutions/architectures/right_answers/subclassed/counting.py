from torch.overrides import TorchFunctionMode

CONVOLVE = (torch.conv1d, torch.conv2d, torch.conv3d)


def parameters(model):
    shapes = [parameter.shape for _, parameter in model.named_parameters()]
    return sum(prod(shape) for shape in shapes)


# Listens to torch's functions: products of anything else are other functions.
class Till(TorchFunctionMode):
    total = 0

    def __torch_function__(self, func, types, args=(), kwargs=None):
        output = func(*args, **(kwargs or {}))
        if func in CONVOLVE or func is nn.functional.linear:
            weight = args[1]
            self.total += output.numel() * weight[0].numel()
        return output


def multiply_adds(model, image_shape):
    modes = {name: part.training for name, part in model.named_modules()}
    given = dict(zip(("dtype", "device"), next(((p.dtype, p.device) for p in model.parameters()), ()), strict=False))
    try:
        for part in model.modules():
            part.training = False
        with torch.no_grad():
            image = torch.zeros(image_shape, **given).unsqueeze(0)
            with Till() as till:
                model(image)
    finally:
        for name, mode in modes.items():
            model.get_submodule(name).training = mode
    return till.total


def weight_layers(model):
    kinds = nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.Linear
    count = sum(1 for part in model.modules() if isinstance(part, kinds))
    shortcuts = [part for part in model.modules() if isinstance(part, Shortcut)]
    beside = nn.ModuleList(shortcuts)
    return count - sum(1 for part in beside.modules() if isinstance(part, kinds))
