"""Task 3: clips of different lengths in one batch.

A batch is as long as its longest clip, or longer; the others are padded.  What stands in the padding is nobody's word:
it must not change what the network says.  `lengths` tells how many frames of each clip are its own, in any order.  A
batch may be a view.  Nothing changes its input.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..digits.blocks import ResidualBlock1d


class MaskedGlobalAvgPool1d(nn.Module):
    """The average over each clip's own frames.

    Frames past its length do not count, whatever finite values they hold: no gradient reaches them, and the same one
    each of the clip's own.
    """

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        """x: (batch, channels, time), lengths: (batch,) with 1 <= length <= time -> (batch, channels)."""
        # Task 3.1: write MaskedGlobalAvgPool1d.forward
        ### BEGIN SOLUTION
        inside = torch.arange(x.shape[2]) < lengths[:, None]  # (batch, time)
        return x.masked_fill(~inside[:, None], 0).sum(dim=2) / lengths[:, None]
        ### END SOLUTION


class MaskedResidualBlock1d(nn.Module):
    """The residual block of `digits`, x + f(x), for clips of different lengths.

    f = norm1 -> ReLU -> conv1 -> norm2 -> ReLU -> conv2, as in `ResidualBlock1d` of `digits`.  Before each of the two
    convolutions, the frames past a clip's length are set to zero: a convolution reaches into its neighbours' frames, so
    otherwise the padding would leak in.  Alone, a clip ends with the convolution's zeros: in a batch it should be the
    same.

    All four parts can be reached as `block.norm1`, `block.conv1`, `block.norm2`, `block.conv2`.

    Args:
        channels:    channels of the input, and of the output.
        kernel_size: taps of both convolutions, odd.
    """

    def __init__(self, channels: int, kernel_size: int = 3) -> None:
        super().__init__()
        # Task 3.2: write MaskedResidualBlock1d.__init__
        ### BEGIN SOLUTION
        block = ResidualBlock1d(channels, kernel_size)
        self.norm1, self.conv1, self.norm2, self.conv2 = block.norm1, block.conv1, block.norm2, block.conv2
        ### END SOLUTION

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        """x: (batch, channels, time), lengths: (batch,) -> the shape of x.  Both are left as they are."""
        # Task 3.2: write MaskedResidualBlock1d.forward
        ### BEGIN SOLUTION
        outside = (torch.arange(x.shape[2]) >= lengths[:, None])[:, None]  # (batch, 1, time)
        branch = self.conv1(F.relu(self.norm1(x)).masked_fill(outside, 0))
        branch = self.conv2(F.relu(self.norm2(branch)).masked_fill(outside, 0))
        return x + branch
        ### END SOLUTION
