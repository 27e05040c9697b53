def input_box(row, column, layers):
    def reach(number):
        first = last = number
        for layer in tuple(layers)[::-1]:
            first = layer.stride * first - layer.padding
            last = layer.stride * last - layer.padding + layer.dilation * (layer.kernel_size - 1)
        return [first, last + 1]

    (top, bottom), (left, right) = reach(row), reach(column)
    return (top, left, bottom, right)


class _Switches:
    def __init__(self, mask):
        self.mask = mask


def max_pool_with_switches(x, kernel_size):
    with torch.enable_grad():
        leaf = x.detach().clone().requires_grad_()
        windows = leaf.unfold(2, kernel_size, kernel_size).unfold(3, kernel_size, kernel_size)
        values = windows.flatten(start_dim=-2).max(dim=-1).values
        (mask,) = torch.autograd.grad(values.sum(), leaf)
    return values.detach(), _Switches(mask.bool())


def unpool(values, switches, size):
    mask = switches.mask
    rows, columns = values.shape[2:]
    kernel_size = next(k for k in range(1, max(size) + 1) if (size[0] // k, size[1] // k) == (rows, columns))
    large = values.repeat_interleave(kernel_size, dim=2).repeat_interleave(kernel_size, dim=3)
    result = torch.zeros(mask.shape, dtype=values.dtype)
    result[:, :, : large.shape[2], : large.shape[3]] = large
    return torch.where(mask, result, torch.zeros_like(result))


def project_back(features, convolution, size):
    x = torch.zeros(len(features), convolution.in_channels, *size, requires_grad=True)
    with torch.enable_grad():
        out = convolution(x)
    return torch.autograd.grad(out, x, features.relu())[0]


def reconstruct(layers, x, index):
    with torch.no_grad():
        inputs = [x]
        for layer in layers:
            inputs.append(layer(inputs[-1]))
        picture = torch.zeros_like(inputs[-1])
        picture[(0, *index)] = inputs.pop()[(0, *index)]
    for layer in layers[::-1]:
        before = inputs.pop()
        match layer:
            case nn.MaxPool2d():
                kernel = layer.kernel_size
                _, switches = max_pool_with_switches(before, kernel if type(kernel) is int else kernel[0])
                picture = unpool(picture, switches, tuple(before.shape[-2:]))
            case nn.ReLU():
                picture = picture.clamp_min(0)
            case nn.Conv2d():
                picture = project_back(picture, layer, before.shape[-2:])
    return picture
