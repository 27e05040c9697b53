# Your answers go here: save, and run `python -m exercises check digits blocks`.
"""Task 3: the blocks that a convolutional network is made of.

A residual block computes y = x + f(x) (He et al. 2016, "Identity mappings in deep residual networks"): where nothing
has to be changed, f only has to be silent.  A convolution block changes the number of channels where that is needed,
learns with a residual block, and downsamples with your pooling of task 2.

Use torch's convolutions and batch norms with their defaults (with bias); their lazy kinds, such as nn.LazyConv2d, will
do as well.  Every parameter takes part, and a gradient reaches it.  Torch's pooling is not allowed here either.
"""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from .pooling import AvgPool1d, AvgPool2d, MaxPool1d, MaxPool2d


class ResidualBlock1d(nn.Module):
    """x + f(x) along time, with f = norm1 -> ReLU -> conv1 -> norm2 -> ReLU -> conv2.

    The norms are batch norms.  Both convolutions go from `channels` to `channels`, are dilated by `dilation`, and pad
    with so many zeros on both sides that the length stays as it is (stride 1).  All four can be reached under these
    names: `block.norm1`, `block.conv1`, `block.norm2`, `block.conv2`.  Gradients reach the input on both ways, through
    x itself and through f, in training and in evaluation.

    Args:
        channels:    channels of the input, and of the output.
        kernel_size: taps of both convolutions, odd.
        dilation:    samples from one tap to the next, in both convolutions (1: they are neighbours).

    Raises:
        ValueError: kernel_size is even; then no equal padding on both sides keeps the length for every dilation.
    """

    def __init__(self, channels: int, kernel_size: int = 3, dilation: int = 1) -> None:
        super().__init__()
        raise NotImplementedError("Task 3.1: write ResidualBlock1d.__init__")

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, channels, time) -> the same shape.  `x` itself is left as it is."""
        raise NotImplementedError("Task 3.1: write ResidualBlock1d.forward")


class ResidualBlock2d(nn.Module):
    """x + f(x) on images: ResidualBlock1d with 2-d batch norms and convolutions, under the same names.

    Gradients reach the input on both ways here too.

    Args:
        channels:    channels of the input, and of the output.
        kernel_size: side of both kernels, odd.
        dilation:    pixels from one tap to the next, along both axes, in both convolutions.

    Raises:
        ValueError: kernel_size is even.
    """

    def __init__(self, channels: int, kernel_size: int = 3, dilation: int = 1) -> None:
        super().__init__()
        raise NotImplementedError("Task 3.2: write ResidualBlock2d.__init__")

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, channels, height, width) -> the same shape.  `x` itself is left as it is."""
        raise NotImplementedError("Task 3.2: write ResidualBlock2d.forward")


class ConvBlock1d(nn.Module):
    """Convolution block along time (given): 1-tap convolution where the channels change, residual block, pooling by 2.

    Args:
        in_channels, out_channels: channels of the input and of the output.
        kernel_size: taps of the residual block's convolutions, odd.
        pool:        "max" or "avg".

    Raises:
        ValueError: `pool` is something else.
    """

    def __init__(self, in_channels: int, out_channels: int, kernel_size: int = 3, pool: str = "max") -> None:
        super().__init__()
        if pool not in ("max", "avg"):
            raise ValueError(f'pool has to be "max" or "avg", not {pool!r}')
        self.project = nn.Identity() if in_channels == out_channels else nn.Conv1d(in_channels, out_channels, 1)
        self.residual = ResidualBlock1d(out_channels, kernel_size)
        self.pool = MaxPool1d(2) if pool == "max" else AvgPool1d(2)

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, in_channels, time) -> (batch, out_channels, floor(time / 2))."""
        return self.pool(self.residual(self.project(x)))


class ConvBlock2d(nn.Module):
    """Convolution block on images: a 1x1 convolution, a ResidualBlock2d, then your own pooling by 2.

    The 1x1 convolution (with bias) turns `in_channels` into `out_channels`. It is there only where the two differ:
    otherwise nothing comes before the residual block.

    Args:
        in_channels, out_channels: channels of the input and of the output.
        kernel_size: side of the residual block's kernels, odd.
        pool:        "max" for MaxPool2d or "avg" for AvgPool2d.

    Raises:
        ValueError: `pool` is something else.
    """

    def __init__(self, in_channels: int, out_channels: int, kernel_size: int = 3, pool: str = "max") -> None:
        super().__init__()
        raise NotImplementedError("Task 3.3: write ConvBlock2d.__init__")

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, in_channels, height, width) -> (batch, out_channels, floor(height / 2), floor(width / 2)).

        `x` itself is left as it is.
        """
        raise NotImplementedError("Task 3.3: write ConvBlock2d.forward")


# Staff: generated from solutions/digits/blocks.py by `make release`; edit that file.
