import numpy as np


def best_patches(activations, channel, k):
    maps = activations.detach().numpy()[:, channel]
    best = maps.reshape(len(maps), -1).max(axis=1)
    rows = []
    for image in np.argsort(-best)[:k]:
        rows.append((int(image), *map(int, np.unravel_index(np.argmax(maps[image]), maps[image].shape))))
    return torch.tensor(rows)


def input_box(row, column, layers):
    field, jump, start = 1, 1, 0
    for layer in layers:
        field += layer.dilation * (layer.kernel_size - 1) * jump
        start -= layer.padding * jump
        jump *= layer.stride
    top, left = start + row * jump, start + column * jump
    return (top, left, top + field, left + field)


def max_pool_with_switches(x, kernel_size):
    k, array = kernel_size, x.detach().numpy()
    windows = np.lib.stride_tricks.sliding_window_view(array, (k, k), axis=(2, 3))[:, :, ::k, ::k]
    flat = windows.reshape(*windows.shape[:4], k * k)
    place = flat.argmax(axis=4)
    rows, columns = np.indices(place.shape)[2:]
    return torch.from_numpy(flat.max(axis=4)), np.stack([rows * k + place // k, columns * k + place % k])


def unpool(values, switches, size):
    array = values.detach().numpy()
    result = np.zeros((*array.shape[:2], *size), dtype=array.dtype)
    image, channel = np.indices(array.shape)[:2]
    result[image, channel, switches[0], switches[1]] = array
    return torch.from_numpy(result)


def project_back(features, convolution, size):
    y = np.maximum(features.detach().numpy(), 0)
    weight = convolution.weight.detach().numpy()
    (top, left), (down, across) = convolution.padding, convolution.stride
    ins, outs = weight.shape[1], weight.shape[0] // convolution.groups
    result = np.zeros((len(y), convolution.in_channels, size[0] + 2 * top, size[1] + 2 * left), dtype=y.dtype)
    for g in range(convolution.groups):
        mine = slice(g * outs, (g + 1) * outs)
        for p in range(weight.shape[2]):
            for q in range(weight.shape[3]):
                a, b = p * convolution.dilation[0], q * convolution.dilation[1]
                part = np.einsum("noij,oc->ncij", y[:, mine], weight[mine, :, p, q])
                target = result[:, g * ins : (g + 1) * ins]
                target[:, :, a : a + down * y.shape[2] : down, b : b + across * y.shape[3] : across] += part
    return torch.from_numpy(result[:, :, top : top + size[0], left : left + size[1]].copy())
