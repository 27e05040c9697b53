"""Three small networks that read the same 40 filter bank values with their differences, organised differently (given).

`mfsc_with_deltas` gives three numbers for each band and frame. Abdel-Hamid et al. (2014, IEEE/ACM Trans. Audio Speech
Lang. Process. 22, section III.A) name two ways to hand them to a CNN. As *maps of two dimensions*: three "colours",
each an image of bands and frames, over which kernels move in both directions. Or as *many maps of one dimension*: one
along frequency for each frame and colour, over which kernels move along frequency alone. Their twin, one along time
for each band and colour, is how CNNClassifier1d takes its bands.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from datasets import Clips

from .features import MFSC_MELS, mfsc_with_deltas

COLUMNS = 15  # of a word, as many as the paper gives frames to its network


def word_maps(clips: Clips, sample_rate: int) -> Tensor:
    """Each clip, stretched or shrunk to COLUMNS columns: (n, 3, 40, 15) = (n, colours, bands, columns)."""
    features = (mfsc_with_deltas(clips.waveform(number), sample_rate) for number in range(len(clips)))
    return torch.stack([F.interpolate(one, size=COLUMNS, mode="linear", align_corners=False) for one in features])


def moved(maps: Tensor, bands: int = 0, columns: int = 0) -> Tensor:
    """Maps (n, 3, bands, columns) moved up by some bands, and to the right by some columns; negative: the other way.

    What moves in is the border that was there.
    """
    places = [
        (torch.arange(size) - step).clamp(0, size - 1)
        for size, step in zip(maps.shape[2:], (bands, columns), strict=True)
    ]
    return maps[:, :, places[0]][:, :, :, places[1]]


class AlongBoth(nn.Module):
    """Three maps of two dimensions: a kernel has 3 * 5 * 5 weights, and moves along frequency and time."""

    def __init__(self, channels: int = 20) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(3)
        self.conv1, self.norm1 = nn.Conv2d(3, channels, 5, padding=2), nn.BatchNorm2d(channels)
        self.conv2, self.norm2 = nn.Conv2d(channels, channels, 3, padding=1), nn.BatchNorm2d(channels)
        self.output = nn.Linear(channels, 10)

    def forward(self, maps: Tensor) -> Tensor:
        """(n, 3, 40, 15) -> logits (n, 10)."""
        x = F.max_pool2d(self.norm1(self.conv1(self.norm(maps))).relu(), (3, 2))
        return self.output(self.norm2(self.conv2(x)).relu().amax(dim=(2, 3)))


class _AlongOne(nn.Module):
    """Maps of one dimension, one for each place along the other axis and each colour."""

    def __init__(self, maps: int, channels: int, kernel_size: int, pool: int) -> None:
        super().__init__()
        self.pool = pool
        self.norm = nn.BatchNorm2d(3)
        self.conv1 = nn.Conv1d(maps, channels, kernel_size, padding=kernel_size // 2)
        self.norm1 = nn.BatchNorm1d(channels)
        self.conv2, self.norm2 = nn.Conv1d(channels, channels, 3, padding=1), nn.BatchNorm1d(channels)
        self.output = nn.Linear(channels, 10)

    def _logits(self, maps: Tensor) -> Tensor:
        """(n, maps, places) -> logits (n, 10)."""
        x = F.max_pool1d(self.norm1(self.conv1(maps)).relu(), self.pool)
        return self.output(self.norm2(self.conv2(x)).relu().amax(dim=2))


class AlongFrequency(_AlongOne):
    """45 maps of one dimension: a kernel has 45 * 7 weights, others for each frame, and moves along frequency."""

    def __init__(self, channels: int = 14) -> None:
        super().__init__(3 * COLUMNS, channels, kernel_size=7, pool=3)

    def forward(self, maps: Tensor) -> Tensor:
        """(n, 3, 40, 15) -> logits (n, 10)."""
        return self._logits(self.norm(maps).transpose(2, 3).flatten(1, 2))  # (n, 45, 40)


class AlongTime(_AlongOne):
    """120 maps of one dimension: a kernel has 120 * 3 weights, others for each band, and moves along time."""

    def __init__(self, channels: int = 13) -> None:
        super().__init__(3 * MFSC_MELS, channels, kernel_size=3, pool=2)

    def forward(self, maps: Tensor) -> Tensor:
        """(n, 3, 40, 15) -> logits (n, 10)."""
        return self._logits(self.norm(maps).flatten(1, 2))  # (n, 120, 15)
