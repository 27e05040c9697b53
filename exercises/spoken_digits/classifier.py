# Your answers go here: save, and run `python -m exercises check spoken_digits classifier`.
"""Task 4: a network that hears a word of any length.

The mel bands are the channels, and the convolutions go along time.  In evaluation mode, what the network says of a clip
does not depend on the clips beside it in the batch: neither on their lengths nor on what stands in its own padding.
Every frame counts that is left after the poolings, and in which order they come.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ..digits.pooling import MaxPool1d
from .masking import MaskedGlobalAvgPool1d, MaskedResidualBlock1d


class CNNClassifier1d(nn.Module):
    """Convolutional classifier along time: input -> blocks, each followed by pooling -> global pooling -> output.

    Attributes:
        input:  a convolution from `n_mels` to `hidden` channels, 3 taps, which keeps the number of frames.
        blocks: `num_blocks` blocks MaskedResidualBlock1d(hidden), each with parameters of its own.  After each, max
                pooling by 2: a clip of n frames goes on with n // 2.
        output: a Linear from `hidden` numbers to `num_classes`, after MaskedGlobalAvgPool1d over what is left.

    A gradient reaches the parameters of all of them, on every way that leads from them to the logits.

    Args:
        n_mels:      mel bands of the input.
        num_classes: classes to tell apart.
        hidden:      channels inside.
        num_blocks:  number of blocks, at least 1.
    """

    def __init__(self, n_mels: int, num_classes: int = 10, hidden: int = 32, num_blocks: int = 3) -> None:
        super().__init__()
        raise NotImplementedError("Task 4: write CNNClassifier1d.__init__")

    def forward(self, log_mel: Tensor, lengths: Tensor | None = None) -> Tensor:
        """Logits for each class.

        log_mel: (batch, n_mels, time); lengths: (batch,) frames of each clip, 2**num_blocks <= length <= time, or None
        where all clips are `time` frames long -> (batch, num_classes).  The longest clip may be shorter than `time`,
        and `log_mel` may be a view.  Both are left as they are.
        """
        raise NotImplementedError("Task 4: write CNNClassifier1d.forward")


# Staff: generated from solutions/spoken_digits/classifier.py by `make release`; edit that file.
