from .filtering import cross_correlate


def rows_filtered(images, taps):
    half = len(taps) // 2
    return cross_correlate(images, taps)[..., half : half + images.shape[-1]]


def separable(images, down, right):
    """The kernel down[:, None] * right."""
    return rows_filtered(rows_filtered(images, right).transpose(2, 3), down).transpose(2, 3)


def blur(images, size, sigma):
    bell = gaussian_kernel(size, sigma).sum(dim=0)
    return separable(images, bell, bell)


def gradients(images):
    smooth, slope = torch.tensor([1.0, 2.0, 1.0]), torch.tensor([-1.0, 0.0, 1.0])
    return separable(images, smooth, slope), separable(images, slope, smooth)
