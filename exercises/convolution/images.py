# Your answers go here: save, and run `python -m exercises check convolution images`.
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
    raise NotImplementedError("Task 3.1: write gaussian_kernel")


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
    raise NotImplementedError("Task 3.2: write blur")


def gradients(images: Tensor) -> tuple[Tensor, Tensor]:
    """How fast brightness changes to the right and downwards: cross-correlation with Sobel's kernel and its transpose.

    The kernel is [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]] (Sobel and Feldman 1968); each channel by itself, zeros outside.

    Args:
        images: (batch, channels, height, width).

    Returns:
        (gx, gy), each of the same shape and dtype as the images.
    """
    raise NotImplementedError("Task 3.3: write gradients")


def edges(images: Tensor) -> Tensor:
    """(Given) how fast brightness changes in whatever direction: (batch, channels, height, width), the same shape."""
    gx, gy = gradients(images)
    return (gx.square() + gy.square()).sqrt()


# Staff: generated from solutions/convolution/images.py by `make release`; edit that file.
