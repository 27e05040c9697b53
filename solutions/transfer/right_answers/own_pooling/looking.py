from ..digits.pooling import MaxPool2d


def best_patches(activations, channel, k):
    maps = activations[:, channel]
    down, row = maps.max(dim=1)
    best, column = down.max(dim=1)
    order = sorted(range(len(maps)), key=lambda image: float(best[image]), reverse=True)[:k]
    return torch.tensor([(image, int(row[image, column[image]]), int(column[image])) for image in order])


def max_pool_with_switches(x, kernel_size):
    values = MaxPool2d(kernel_size)(x)
    rows, columns = [], []
    for image, channel, i, j in torch.ones_like(values).nonzero():
        top, left = i * kernel_size, j * kernel_size
        window = x[image, channel, top : top + kernel_size, left : left + kernel_size]
        place = (window == values[image, channel, i, j]).nonzero()[-1]
        rows.append(top + place[0])
        columns.append(left + place[1])
    return values, [torch.stack(rows).view(values.shape), torch.stack(columns).view(values.shape)]


def unpool(values, switches, size):
    result = torch.zeros(*values.shape[:2], *size).to(values)
    image = torch.arange(values.shape[0])[:, None, None, None]
    channel = torch.arange(values.shape[1])[:, None, None]
    return result.index_put((image, channel, *switches), values)
