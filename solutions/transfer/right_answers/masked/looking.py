def occlusion_map(model, image, label, size, stride, fill=0.0):
    _, height, width = image.shape
    row, column = torch.arange(height)[:, None], torch.arange(width)
    lost = []
    for top in range(0, height - size + 1, stride):
        line = []
        for left in range(0, width - size + 1, stride):
            inside = (row >= top) & (row < top + size) & (column >= left) & (column < left + size)
            both = torch.stack([image, image.masked_fill(inside, fill)])
            with torch.no_grad():
                plain, covered = model(both).softmax(dim=1)[:, label].tolist()
            line.append(plain - covered)
        lost.append(line)
    return torch.tensor(lost)


def max_pool_with_switches(x, kernel_size):
    values = best = None
    height, width = x.shape[2] // kernel_size * kernel_size, x.shape[3] // kernel_size * kernel_size
    for place in range(kernel_size * kernel_size):
        down, across = divmod(place, kernel_size)
        here = x[:, :, down:height:kernel_size, across:width:kernel_size]
        if values is None:
            values, best = here.clone(), torch.zeros(here.shape, dtype=torch.long)
        else:
            larger = here > values
            values, best = torch.where(larger, here, values), torch.where(larger, place, best)
    mask = torch.zeros(x.shape, dtype=torch.bool)
    for place in range(kernel_size * kernel_size):
        down, across = divmod(place, kernel_size)
        mask[:, :, down:height:kernel_size, across:width:kernel_size] = best == place
    return values, {"mask": mask, "kernel_size": kernel_size}


def unpool(values, switches, size):
    mask, kernel_size = switches["mask"], switches["kernel_size"]
    result = torch.zeros(mask.shape, dtype=values.dtype)
    filled = F.interpolate(values, scale_factor=kernel_size, mode="nearest")
    result[:, :, : filled.shape[2], : filled.shape[3]] = filled
    return result * mask
