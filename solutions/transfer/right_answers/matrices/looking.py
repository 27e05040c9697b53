def max_pool_with_switches(x, kernel_size):
    batch, channels, height, width = x.shape
    rows, columns = height // kernel_size, width // kernel_size
    cut = x[..., : rows * kernel_size, : columns * kernel_size]
    tiles = cut.reshape(batch, channels, rows, kernel_size, columns, kernel_size).transpose(3, 4)
    tiles = tiles.reshape(batch, channels, rows, columns, kernel_size * kernel_size)
    values = tiles.amax(dim=-1)
    first = (tiles == values[..., None]).int().argmax(dim=-1)
    numbers = torch.arange(height * width).view(height, width)[: rows * kernel_size, : columns * kernel_size]
    numbers = numbers.reshape(rows, kernel_size, columns, kernel_size).transpose(1, 2).reshape(rows, columns, -1)
    places = numbers.expand(batch, channels, -1, -1, -1).gather(-1, first[..., None])[..., 0]
    picks = F.one_hot(places.flatten(start_dim=2), height * width)
    return values, picks  # picks: (batch, channels, windows, pixels)


def unpool(values, switches, size):
    flat = values.flatten(start_dim=2).unsqueeze(2) @ switches.to(values.dtype)
    return flat.reshape(*values.shape[:2], *size)


def project_back(features, convolution, size):
    pixels = convolution.in_channels * size[0] * size[1]
    with torch.no_grad():
        every = torch.eye(pixels).view(pixels, convolution.in_channels, *size)
        nothing = convolution(torch.zeros_like(every[:1]))
        matrix = (convolution(every) - nothing).flatten(start_dim=1)  # (pixels, outputs)
        y = features.clamp(min=0).flatten(start_dim=1)
        return (y @ matrix.T).view(-1, convolution.in_channels, *size)


def reconstruct(layers, x, index):
    steps = []
    with torch.no_grad():
        for layer in layers:
            size = x.shape[2:]
            if isinstance(layer, nn.MaxPool2d):
                kernel = layer.kernel_size
                x, switches = max_pool_with_switches(x, kernel if isinstance(kernel, int) else kernel[0])
                steps.append(lambda y, switches=switches, size=size: unpool(y, switches, size))
            elif isinstance(layer, nn.ReLU):
                x = layer(x)
                steps.append(torch.relu)
            else:
                x = layer(x)
                steps.append(lambda y, layer=layer, size=size: project_back(y, layer, size))
    y = x * F.one_hot(torch.tensor(index[0] * x[0, 0].numel() + index[1] * x.shape[3] + index[2]), x.numel()).view(
        x.shape
    )
    while steps:
        y = steps.pop()(y)
    return y
