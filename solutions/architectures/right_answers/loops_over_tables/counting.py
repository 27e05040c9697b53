# What one output of a layer multiplies.
PRICES = {
    nn.Linear: lambda layer: layer.in_features,
    nn.Conv1d: lambda layer: layer.in_channels // layer.groups * layer.kernel_size[0],
    nn.Conv2d: lambda layer: layer.in_channels // layer.groups * layer.kernel_size[0] * layer.kernel_size[1],
    nn.Conv3d: lambda layer: layer.in_channels // layer.groups * torch.Size(layer.kernel_size).numel(),
}


def parameters(model):
    seen, total = set(), 0
    for part in model.modules():
        for parameter in part._parameters.values():
            if parameter is not None and id(parameter) not in seen:
                seen.add(id(parameter))
                total += parameter.nelement()
    return total


def multiply_adds(model, image_shape):
    outputs = {}
    hooks = []
    modes = [(part, part.training) for part in model.modules()]
    for part in model.modules():
        for kind in PRICES:
            if isinstance(part, kind):
                outputs[part] = []
                hooks.append(part.register_forward_hook(lambda layer, _, y: outputs[layer].append(tuple(y.shape))))
    dtype, device = torch.float32, torch.device("cpu")
    for parameter in model.parameters():
        dtype, device = parameter.dtype, parameter.device
        break
    grad = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    try:
        model.eval()(torch.zeros(1, *image_shape, dtype=dtype, device=device))
    finally:
        torch.set_grad_enabled(grad)
        for hook in hooks:
            hook.remove()
        for part, mode in modes:
            part.training = mode
    total = 0
    for layer, shapes in outputs.items():
        for kind, price in PRICES.items():
            if isinstance(layer, kind):
                total += sum(prod(shape) * price(layer) for shape in shapes)
    return total


def weight_layers(model):
    found, waiting = [], [model]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Shortcut) or part in found:
            continue
        if isinstance(part, tuple(PRICES)):
            found.append(part)
        waiting.extend(part.children())
    return len(found)
