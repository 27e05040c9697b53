# Your answers go here: save, and run `python -m exercises check spoken_digits augment`.
"""Task 5: augmentation, so that a network learns the word and not the recording.

Each function draws from the generator that it is given alone, so that a training can be repeated, and draws new numbers
for each clip.  It gives something new of the same size: its input, which may be a view, stays as it is.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


def time_shift(waveform: Tensor, max_shift: int, generator: torch.Generator) -> Tensor:
    """Move each clip by a number of samples of its own; zeros move in where it leaves.

    The shift is a whole number from -max_shift (earlier) to max_shift (later), all equally likely.

    Args:
        waveform:  (batch, time).
        max_shift: samples, 0 <= max_shift < time.

    Returns:
        (batch, time).
    """
    raise NotImplementedError("Task 5.1: write time_shift")


def spec_augment(log_mel: Tensor, freq_mask: int, time_mask: int, generator: torch.Generator) -> Tensor:
    """Hide one band of frequencies and one stretch of time of each clip (Park et al. 2019, SpecAugment).

    The width of the band is a whole number from 0 to `freq_mask`, both included, all equally likely, that of the
    stretch one from 0 to `time_mask`; each lies anywhere it fits, all places equally likely.  Widths and places are
    drawn one by one.  What is hidden becomes the mean of the clip as it came.

    Args:
        log_mel:   (batch, n_mels, time).
        freq_mask: bands, at most n_mels.
        time_mask: frames, at most time.

    Returns:
        (batch, n_mels, time).
    """
    raise NotImplementedError("Task 5.2: write spec_augment")


def gain(waveform: Tensor, decibels: float, generator: torch.Generator) -> Tensor:
    """Make each clip louder or softer by up to so many decibels (given).  waveform: (batch, time) -> the same shape."""
    change = (2 * torch.rand(len(waveform), 1, generator=generator) - 1) * decibels
    return waveform * 10 ** (change / 20)


class Augment(nn.Module):
    """Shift and gain on waveforms, in training mode alone (given).

    Args:
        max_shift: samples.
        decibels:  of the gain.
        seed:      of its random numbers.
    """

    def __init__(self, max_shift: int = 400, decibels: float = 6.0, seed: int = 0) -> None:
        super().__init__()
        self.max_shift, self.decibels = max_shift, decibels
        self.generator = torch.Generator().manual_seed(seed)

    def forward(self, waveform: Tensor) -> Tensor:
        """waveform: (batch, time) -> the same shape; in evaluation mode the waveform itself."""
        if not self.training:
            return waveform
        return time_shift(gain(waveform, self.decibels, self.generator), self.max_shift, self.generator)


# Staff: generated from solutions/spoken_digits/augment.py by `make release`; edit that file.
