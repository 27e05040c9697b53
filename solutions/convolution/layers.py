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
        # Task 4.1: write Conv1d.__init__
        ### BEGIN SOLUTION
        self.stride, self.dilation = stride, dilation
        self.zeros = zeros_on_both_sides(padding, dilation * (kernel_size - 1), stride)
        bound = 1 / math.sqrt(in_channels * kernel_size)
        self.weight = nn.Parameter(torch.empty(out_channels, in_channels, kernel_size).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(out_channels).uniform_(-bound, bound)) if bias else None
        ### END SOLUTION

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, in_channels, time) -> (batch, out_channels, frames), frames as torch.nn.Conv1d counts them."""
        # Task 4.1: write Conv1d.forward
        ### BEGIN SOLUTION
        x = nn.functional.pad(x, self.zeros)
        span = self.dilation * (self.weight.shape[2] - 1) + 1
        places = x.unfold(2, span, self.stride)[..., :: self.dilation]  # (batch, in, frames, kernel)
        y = torch.einsum("bifk,oik->bof", places, self.weight)
        return y if self.bias is None else y + self.bias[:, None]
        ### END SOLUTION


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
        # Task 4.2: write Conv2d.__init__
        ### BEGIN SOLUTION
        self.stride = stride
        self.zeros = zeros_on_both_sides(padding, kernel_size - 1, stride)
        bound = 1 / math.sqrt(in_channels * kernel_size**2)
        shape = (out_channels, in_channels, kernel_size, kernel_size)
        self.weight = nn.Parameter(torch.empty(shape).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(out_channels).uniform_(-bound, bound)) if bias else None
        ### END SOLUTION

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, in_channels, height, width) -> (batch, out_channels, rows, columns)."""
        # Task 4.2: write Conv2d.forward
        ### BEGIN SOLUTION
        x = nn.functional.pad(x, self.zeros * 2)
        kernel = self.weight.shape[3]
        places = x.unfold(2, kernel, self.stride).unfold(3, kernel, self.stride)  # (batch, in, rows, columns, k, k)
        y = torch.einsum("birckl,oikl->borc", places, self.weight)
        return y if self.bias is None else y + self.bias[:, None, None]
        ### END SOLUTION


def linear_as_conv1d(linear: nn.Linear) -> nn.Module:
    """Your Conv1d with one tap that does at each time what a dense layer does (lecture 3, "dense = 1-tap convolution").

    Args:
        linear: with or without bias; it stays as it is. Its parameters are copied, or shared.

    Returns:
        a `Conv1d` that turns (batch, in_features, time) into (batch, out_features, time).
    """
    # Task 4.3: write linear_as_conv1d
    ### BEGIN SOLUTION
    layer = Conv1d(linear.in_features, linear.out_features, 1, bias=linear.bias is not None)
    layer.weight.data.copy_(linear.weight[..., None])
    if layer.bias is not None:
        layer.bias.data.copy_(linear.bias)
    return layer


def zeros_on_both_sides(padding: int | str, reach: int, stride: int) -> tuple[int, int]:
    # How many zeros go in front of an axis and behind it; reach: samples from a kernel's first tap to its last one.
    if padding == "same":
        if stride != 1:
            raise ValueError(f"padding 'same' needs stride 1, not {stride}")
        return reach // 2, reach - reach // 2
    if padding == "valid":
        padding = 0
    if isinstance(padding, str) or padding < 0:
        raise ValueError(f"padding is a number of zeros, 'valid' or 'same', not {padding!r}")
    return padding, padding
    ### END SOLUTION


def dense_as_conv2d(linear: nn.Linear, channels: int, size: int) -> nn.Module:
    """(Extra) your Conv2d that does what a dense layer does to a flattened image, and slides over larger ones.

    Args:
        linear:   its in_features are channels * size * size, in the order of `image.flatten()`; it stays as it is.
        channels, size: of the image (channels, size, size).

    Returns:
        a `Conv2d` with kernels of this size: (batch, out_features, 1, 1) for an image of this size, more positions
        for a larger one.
    """
    # Task 4.4: write dense_as_conv2d
    ### BEGIN SOLUTION
    layer = Conv2d(channels, linear.out_features, size, bias=linear.bias is not None)
    layer.weight.data.copy_(linear.weight.view(-1, channels, size, size))
    if layer.bias is not None:
        layer.bias.data.copy_(linear.bias)
    return layer
    ### END SOLUTION
