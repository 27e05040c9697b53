"""Task 3: filters for images.

An image is filtered as a signal is, along two axes: each channel by itself, zeros outside, and what comes out is as
large as what went in. Images are (batch, channels, height, width), float32 or float64; a result has their dtype, and
kernels of another one are converted to it. Nothing changes its input, and whoever writes into a result changes no
argument.

Loops over a kernel, `unfold`, `einsum`, Fourier transforms, your own functions of other tasks: everything is allowed
but, as in `filtering.py`, functions that convolve, correlate or filter, of torch, torchaudio, torchvision, NumPy or
SciPy.
"""

from __future__ import annotations

import torch
from torch import Tensor


def gaussian_kernel(size: int, sigma: float) -> Tensor:
    """A bell that sums to 1: exp(-(i**2 + j**2) / (2 * sigma**2)), i and j counted from the middle.

    Args:
        size:  odd, at least 1.
        sigma: standard deviation in pixels, larger than 0.

    Returns:
        (size, size) float64.

    Raises:
        ValueError: size is even or below 1, or sigma is 0 or less.
    """
    # Task 3.1: write gaussian_kernel
    ### BEGIN SOLUTION
    if size < 1 or size % 2 == 0:
        raise ValueError(f"size must be odd and at least 1, not {size}")
    if sigma <= 0:
        raise ValueError(f"sigma must be larger than 0, not {sigma}")
    places = torch.arange(size, dtype=torch.float64) - size // 2
    bell = torch.exp(-places.square() / (2 * sigma**2))
    kernel = bell[:, None] * bell
    return kernel / kernel.sum()
    ### END SOLUTION


def blur(images: Tensor, size: int, sigma: float) -> Tensor:
    """Each channel of each image, filtered with `gaussian_kernel(size, sigma)`, zeros outside.

    Args:
        images: (batch, channels, height, width).
        size:   of the kernel, which may be larger than the image.

    Returns:
        the same shape and dtype.

    Raises:
        ValueError: as `gaussian_kernel`.
    """
    # Task 3.2: write blur
    ### BEGIN SOLUTION
    return correlated(images, gaussian_kernel(size, sigma))


def correlated(images: Tensor, kernel: Tensor) -> Tensor:
    # Each channel by itself, with a kernel of odd sides; the result is as large as the images.
    height, width = images.shape[2:]
    kernel, (rows, columns) = kernel.to(images.dtype), kernel.shape
    padded = torch.nn.functional.pad(images, (columns // 2, columns // 2, rows // 2, rows // 2))
    summed = torch.zeros_like(images)
    for i in range(rows):
        for j in range(columns):
            summed += kernel[i, j] * padded[:, :, i : i + height, j : j + width]
    return summed
    ### END SOLUTION


def gradients(images: Tensor) -> tuple[Tensor, Tensor]:
    """How fast brightness changes to the right and downwards: cross-correlation with Sobel's kernel and its transpose.

    The kernel is [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]] (Sobel and Feldman 1968); each channel by itself, zeros outside.

    Args:
        images: (batch, channels, height, width).

    Returns:
        (gx, gy), each of the same shape and dtype as the images.
    """
    # Task 3.3: write gradients
    ### BEGIN SOLUTION
    kernel = torch.tensor([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    return correlated(images, kernel), correlated(images, kernel.T)
    ### END SOLUTION


def edges(images: Tensor) -> Tensor:
    """(Given) how fast brightness changes in whatever direction: (batch, channels, height, width), the same shape."""
    gx, gy = gradients(images)
    return (gx.square() + gy.square()).sqrt()
