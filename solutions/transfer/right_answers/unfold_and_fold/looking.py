def best_patches(activations, channel, k):
    n, _, height, width = activations.shape
    values, places = torch.topk(activations[:, channel].reshape(n, height * width), 1)
    images = torch.topk(values[:, 0], k).indices
    row, column = torch.unravel_index(places[images, 0], (height, width))
    return torch.stack((images, row, column), dim=-1)


def occlusion_map(model, image, label, size, stride, fill=0.0):
    height, width = image.shape[1:]
    windows = F.unfold(torch.ones(1, 1, height, width), size, stride=stride)[0]
    count = windows.shape[1]
    one_each = torch.eye(count)[:, None, :].expand(count, size * size, count)
    masks = F.fold(one_each, (height, width), size, stride=stride)
    with torch.inference_mode():
        probabilities = F.softmax(model(image * (1 - masks) + fill * masks), dim=-1)[:, label]
        plain = F.softmax(model(image[None]), dim=-1)[0, label]
    return (plain - probabilities).reshape((height - size) // stride + 1, -1).clone()


def max_pool_with_switches(x, kernel_size):
    batch, channels, height, width = x.shape
    rows, columns = height // kernel_size, width // kernel_size
    cut = x[:, :, : rows * kernel_size, : columns * kernel_size]
    windows = F.unfold(cut, kernel_size, stride=kernel_size)
    windows = windows.view(batch, channels, kernel_size**2, rows * columns)
    best = windows.argmax(dim=2, keepdim=True)
    values = windows.gather(2, best).view(batch, channels, rows, columns)
    return values, (best, kernel_size)


def unpool(values, switches, size):
    best, kernel_size = switches
    batch, channels, rows, columns = values.shape
    windows = values.new_zeros(batch, channels, kernel_size**2, rows * columns)
    windows.scatter_(2, best, values.reshape(batch, channels, 1, -1))
    image = F.fold(
        windows.view(batch, -1, rows * columns),
        (rows * kernel_size, columns * kernel_size),
        kernel_size,
        stride=kernel_size,
    )
    return F.pad(image, (0, size[1] - image.shape[3], 0, size[0] - image.shape[2]))


def project_back(features, convolution, size):
    y = features.relu().flatten(start_dim=2)
    weight = convolution.weight.detach()
    parts = zip(y.chunk(convolution.groups, dim=1), weight.chunk(convolution.groups, dim=0), strict=True)
    columns = torch.cat([w.flatten(start_dim=1).T @ part for part, w in parts], dim=1)
    return F.fold(
        columns,
        size,
        convolution.kernel_size,
        dilation=convolution.dilation,
        padding=convolution.padding,
        stride=convolution.stride,
    )
