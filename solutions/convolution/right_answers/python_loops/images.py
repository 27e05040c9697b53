import math


def gaussian_kernel(size, sigma):
    if not (size > 0 and size % 2 == 1 and sigma > 0):
        raise ValueError("size has to be odd and positive, and sigma positive")
    half = size // 2
    kernel = torch.zeros(size, size, dtype=torch.float64)
    for i in range(-half, half + 1):
        for j in range(-half, half + 1):
            kernel[half + i, half + j] = math.exp(-(i * i + j * j) / (2 * sigma * sigma))
    return kernel / kernel.sum()
