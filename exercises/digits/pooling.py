# Your answers go here: save, and run `python -m exercises check digits pooling`.
"""Task 2: pooling, written by yourself.

Pooling takes the maximum or the average of each window of `kernel_size` neighbouring values, for every example and
every channel by itself.  Windows start every `stride` values and lie fully inside the input (no padding), so that n
values become floor((n - kernel_size) / stride) + 1.  Along two axes, windows are squares.

Inputs are float32.  They may be views of other tensors (transposed, for example), whose values lie in another order in
memory, and they are left as they are: nothing is changed in place.  Axes of size 1 are axes like all others.

Networks learn through these modules, so results hang on their inputs: the gradient of a maximum goes back to the
largest value of its window, that of an average to all values alike.

Not allowed here, and in the tasks that use this module: any pooling function or module of torch, such as
`torch.nn.MaxPool2d` or `torch.nn.functional.adaptive_avg_pool2d`.  Allowed: `Tensor.unfold`, `as_strided`, slices,
indices, loops over the positions *inside* a window, and reductions such as `amax` and `mean`.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class MaxPool1d(nn.Module):
    """The largest value of each window along time.

    Args:
        kernel_size: values in a window.
        stride:      values between the starts of two windows; if None, the same as `kernel_size`.
    """

    def __init__(self, kernel_size: int, stride: int | None = None) -> None:
        super().__init__()
        raise NotImplementedError("Task 2.1: write MaxPool1d.__init__")

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, channels, time) -> (batch, channels, floor((time - kernel_size) / stride) + 1)."""
        raise NotImplementedError("Task 2.1: write MaxPool1d.forward")


class MaxPool2d(nn.Module):
    """The largest value of each square window.

    Args:
        kernel_size: side of a window.
        stride:      pixels between the starts of two windows, along both axes; if None, the same as `kernel_size`.
    """

    def __init__(self, kernel_size: int, stride: int | None = None) -> None:
        super().__init__()
        raise NotImplementedError("Task 2.2: write MaxPool2d.__init__")

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, channels, height, width) -> the same with height and width each shortened as in MaxPool1d."""
        raise NotImplementedError("Task 2.2: write MaxPool2d.forward")


class AvgPool1d(nn.Module):
    """The average of each window along time (given).

    An average is a weighted sum with equal weights, so this pooling *is* a convolution. A maximum is none.

    Args:
        kernel_size: values in a window.
        stride:      values between the starts of two windows; if None, the same as `kernel_size`.
    """

    def __init__(self, kernel_size: int, stride: int | None = None) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, channels, time) -> (batch, channels, floor((time - kernel_size) / stride) + 1)."""
        channels = x.shape[1]
        weight = x.new_full((channels, 1, self.kernel_size), 1 / self.kernel_size)
        return F.conv1d(x, weight, stride=self.stride, groups=channels)  # groups: each channel by itself


class AvgPool2d(nn.Module):
    """The average of each square window (given).

    Args:
        kernel_size: side of a window.
        stride:      pixels between the starts of two windows, along both axes; if None, the same as `kernel_size`.
    """

    def __init__(self, kernel_size: int, stride: int | None = None) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, channels, height, width) -> the same with height and width each shortened as in AvgPool1d."""
        channels = x.shape[1]
        weight = x.new_full((channels, 1, self.kernel_size, self.kernel_size), 1 / self.kernel_size**2)
        return F.conv2d(x, weight, stride=self.stride, groups=channels)  # groups: each channel by itself


class GlobalAvgPool1d(nn.Module):
    """The average of each channel over all of time, whatever its length."""

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, channels, time) -> (batch, channels)."""
        raise NotImplementedError("Task 2.3: write GlobalAvgPool1d.forward")


class GlobalAvgPool2d(nn.Module):
    """The average of each channel over all pixels, whatever the size of the image."""

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, channels, height, width) -> (batch, channels)."""
        raise NotImplementedError("Task 2.4: write GlobalAvgPool2d.forward")


class GlobalMaxPool1d(nn.Module):
    """The largest value of each channel over all of time (given)."""

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, channels, time) -> (batch, channels)."""
        return x.amax(dim=-1)


class GlobalMaxPool2d(nn.Module):
    """The largest value of each channel over all pixels (given)."""

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, channels, height, width) -> (batch, channels)."""
        return x.flatten(start_dim=2).amax(dim=-1)


class StochasticPool2d(nn.Module):
    """Extra: stochastic pooling (Zeiler & Fergus 2013, "Stochastic pooling for regularization of deep CNNs").

    Inputs are not negative, as after a ReLU.  The probabilities of a window are its values divided by their sum,
    p_i = a_i / sum_j a_j.  In training (`self.training`), the output is one value of the window, drawn with these
    probabilities, anew for each window and each call.  In evaluation it is the expected value, sum_i p_i * a_i.
    A window of zeros gives 0 in both.

    Args:
        kernel_size: side of a window.
        stride:      pixels between the starts of two windows, along both axes; if None, the same as `kernel_size`.
    """

    def __init__(self, kernel_size: int, stride: int | None = None) -> None:
        super().__init__()
        raise NotImplementedError("Task 2.5 (extra): write StochasticPool2d.__init__")

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, channels, height, width), not negative -> the same shape as after MaxPool2d."""
        raise NotImplementedError("Task 2.5 (extra): write StochasticPool2d.forward")


# Staff: generated from solutions/digits/pooling.py by `make release`; edit that file.
