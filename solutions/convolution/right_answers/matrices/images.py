def along(size, weights):
    """(size, size): what a filter of an odd number of weights does along an axis, zeros outside."""
    half = len(weights) // 2
    offset = torch.arange(size) - torch.arange(size)[:, None] + half
    inside = (offset >= 0) & (offset < len(weights))
    return torch.where(inside, weights[offset.clamp(0, len(weights) - 1)], 0)


def blur(images, size, sigma):
    gaussian_kernel(size, sigma)  # raises for sizes that are none
    bell = gaussian_kernel(size, sigma).sum(dim=0).to(images.dtype)
    return along(images.shape[2], bell) @ images @ along(images.shape[3], bell).T


def gradients(images):
    smooth, slope = (torch.tensor(values, dtype=images.dtype) for values in ([1, 2, 1], [-1, 0, 1]))
    down, right = (along(images.shape[2], one) for one in (smooth, slope)), images.shape[3]
    smooth_down, slope_down = down
    return (
        smooth_down @ images @ along(right, slope).T,
        slope_down @ images @ along(right, smooth).T,
    )
