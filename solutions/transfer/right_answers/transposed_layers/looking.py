def best_patches(activations, channel, k):
    best = activations[:, channel].amax(dim=(1, 2))
    rows = []
    for image in best.sort(descending=True).indices[:k].tolist():
        row, column = (activations[image, channel] == best[image]).nonzero()[0]
        rows.append(torch.stack([torch.tensor(image), row, column]))
    return torch.stack(rows)


def input_box(row, column, layers):
    if not layers:
        return row, column, row + 1, column + 1
    *before, last = layers
    span = last.dilation * (last.kernel_size - 1)
    top, left = row * last.stride - last.padding, column * last.stride - last.padding
    first = input_box(top, left, before)
    return (*first[:2], *input_box(top + span, left + span, before)[2:])


def project_back(features, convolution, size):
    extra = []
    for axis in (0, 1):
        span = convolution.dilation[axis] * (convolution.kernel_size[axis] - 1) + 1
        steps = (features.shape[2 + axis] - 1) * convolution.stride[axis]
        extra.append(size[axis] + 2 * convolution.padding[axis] - span - steps)
    layer = nn.ConvTranspose2d(
        convolution.out_channels,
        convolution.in_channels,
        convolution.kernel_size,
        stride=convolution.stride,
        dilation=convolution.dilation,
        groups=convolution.groups,
        bias=False,
    )
    layer.weight.data = convolution.weight.data
    top, left = convolution.padding
    with torch.no_grad():
        y = F.pad(layer(torch.relu(features)), (0, max(extra[1], 0), 0, max(extra[0], 0)))
    return y[:, :, top : top + size[0], left : left + size[1]]


def reconstruct(layers, x, index):
    if len(layers) == 0:
        picture = torch.zeros_like(x)
        channel, row, column = index
        picture[:, channel, row, column] = x[:, channel, row, column]
        return picture
    first, rest = layers[0], layers[1:]
    size = tuple(x.shape[2:])
    if isinstance(first, nn.MaxPool2d):
        side = first.kernel_size if isinstance(first.kernel_size, int) else first.kernel_size[1]
        out, switches = max_pool_with_switches(x, side)
        return unpool(reconstruct(rest, out, index), switches, size)
    with torch.no_grad():
        picture = reconstruct(rest, first(x), index)
    return picture.relu() if isinstance(first, nn.ReLU) else project_back(picture, first, size)
