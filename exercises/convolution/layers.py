# Your answers go here: save, and run `python -m exercises check convolution layers`.
"""Task 4: convolution layers by hand.

A convolution layer slides kernels along its input and adds up what lies below each, over all input channels. It is a
cross-correlation: no kernel is turned round. Write it with `unfold`, `as_strided`, indices, `einsum`, matrix products
or a loop over the taps: the number of torch operations that run may depend on kernel and channels, but on neither time,
height, width nor batch. As in `filtering.py`, no function or module that convolves, correlates or filters is used, of
torch, torchaudio, torchvision, NumPy or SciPy.

Sounds are (batch, channels, time), images (batch, channels, height, width); one without the batch axis need not work. A
result has the dtype of the input, float32 or float64, which is that of the parameters. Gradients reach input and
parameters, and nothing changes its input.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn


class Conv1d(nn.Module):
    """A convolution along time, as torch.nn.Conv1d computes it.

    One output is bias[o] + the sum over i and k of weight[o, i, k] * x[i, stride * t + dilation * k - zeros in front].

    Args:
        in_channels, out_channels: of what goes in and comes out.
        kernel_size: taps of a kernel, at least 1.
        stride:      samples from one output to the next.
        padding:     zeros on both sides, 0 or more; "valid" for none; or "same": the output is as long as the input,
                     for every kernel and dilation. Where that takes an odd number of zeros, the extra one goes to the
                     end.
        dilation:    samples from one tap to the next.
        bias:        whether each output channel has a bias.

    Attributes:
        weight: nn.Parameter (out_channels, in_channels, kernel_size).
        bias:   nn.Parameter (out_channels,), or None. Both start uniform within +-1 / sqrt(in_channels * kernel_size).

    Raises:
        ValueError: when it is built: `padding` is "same" with another stride than 1, another word, or negative.
            (Keras' "same" with stride 2 gives ceil(n / 2) outputs; torch refuses it, and so do we.)
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int,
        stride: int = 1,
        padding: int | str = 0,
        dilation: int = 1,
        bias: bool = True,
    ) -> None:
        super().__init__()
        raise NotImplementedError("Task 4.1: write Conv1d.__init__")

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, in_channels, time) -> (batch, out_channels, frames), frames as torch.nn.Conv1d counts them."""
        raise NotImplementedError("Task 4.1: write Conv1d.forward")


class Conv2d(nn.Module):
    """A convolution of images with square kernels, as torch.nn.Conv2d computes it.

    Args:
        in_channels, out_channels: of what goes in and comes out.
        kernel_size: side of the kernels.
        stride, padding, bias: as for `Conv1d`, along both axes alike.

    Attributes:
        weight: nn.Parameter (out_channels, in_channels, kernel_size, kernel_size).
        bias:   nn.Parameter (out_channels,), or None. Both start uniform within
                +-1 / sqrt(in_channels * kernel_size**2).

    Raises:
        ValueError: when it is built: as `Conv1d`.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int,
        stride: int = 1,
        padding: int | str = 0,
        bias: bool = True,
    ) -> None:
        super().__init__()
        raise NotImplementedError("Task 4.2: write Conv2d.__init__")

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, in_channels, height, width) -> (batch, out_channels, rows, columns)."""
        raise NotImplementedError("Task 4.2: write Conv2d.forward")


def linear_as_conv1d(linear: nn.Linear) -> nn.Module:
    """Your Conv1d with one tap that does at each time what a dense layer does (lecture 3, "dense = 1-tap convolution").

    Args:
        linear: with or without bias; it stays as it is. Its parameters are copied, or shared.

    Returns:
        a `Conv1d` that turns (batch, in_features, time) into (batch, out_features, time).
    """
    raise NotImplementedError("Task 4.3: write linear_as_conv1d")


def dense_as_conv2d(linear: nn.Linear, channels: int, size: int) -> nn.Module:
    """(Extra) your Conv2d that does what a dense layer does to a flattened image, and slides over larger ones.

    Args:
        linear:   its in_features are channels * size * size, in the order of `image.flatten()`; it stays as it is.
        channels, size: of the image (channels, size, size).

    Returns:
        a `Conv2d` with kernels of this size: (batch, out_features, 1, 1) for an image of this size, more positions
        for a larger one.
    """
    raise NotImplementedError("Task 4.4: write dense_as_conv2d")


# Staff: generated from solutions/convolution/layers.py by `make release`; edit that file.
