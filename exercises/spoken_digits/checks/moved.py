"""What an augmentation has done to clips: by how much each one has moved, and what is hidden of it."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


def shifts(moved: Tensor, original: Tensor, max_shift: int) -> list[int | None]:
    """By how many samples each clip has moved, None where it is no shift with zeros: (batch, time) both."""
    found: list[int | None] = [None] * len(original)
    for shift in range(-max_shift, max_shift + 1):
        for clip in near(_shifted(original, shift), moved).all(dim=1).nonzero()[:, 0].tolist():
            found[clip] = shift
    return found


def scattered(moved: Tensor, original: Tensor, max_shift: int) -> bool:
    """Whether each sample is what some shift brings there, if not that of its neighbours: (batch, time) both."""
    brought = [near(_shifted(original, shift), moved) for shift in range(-max_shift, max_shift + 1)]
    return bool(torch.stack(brought).any(dim=0).all())


def with_edges_repeated(moved: Tensor, original: Tensor, max_shift: int) -> bool:
    """Whether each clip is a shift, of some with the outermost sample in the places of those that have left.

    (batch, time) both.
    """
    time = original.shape[1]
    fit = []
    for shift in range(-max_shift, max_shift + 1):
        held = original[:, (torch.arange(time) - shift).clamp(0, time - 1)]
        fit += [near(one, moved).all(dim=1) for one in (held, _shifted(original, shift))]
    return bool(torch.stack(fit).any(dim=0).all())


def with_one_lost(moved: Tensor, original: Tensor, max_shift: int) -> int | None:
    """The sample, 0 or the last one, that is zero in each clip, wherever it has moved; None where there is none such.

    (batch, time) both.
    """
    for sample in (0, original.shape[1] - 1):
        without = original.index_fill(1, torch.tensor([sample]), 0)
        if None not in shifts(moved, without, max_shift):
            return sample
    return None


def _shifted(original: Tensor, shift: int) -> Tensor:
    """All clips moved by so many samples, with zeros where they have left."""
    time = original.shape[1]
    due = torch.zeros_like(original)
    due[:, max(shift, 0) : time + min(shift, 0)] = original[:, max(-shift, 0) : time - max(shift, 0)]
    return due


@dataclass(frozen=True)
class Part:
    """What was hidden of a clip: the first band and their number, the first frame and their number; 0 for none."""

    band: int
    bands: int
    frame: int
    frames: int


def hidden_parts(masked: Tensor, original: Tensor) -> list[Part | None]:
    """What was hidden of each clip; None where it is no band and no stretch of time.  (batch, n_mels, time) both."""
    hidden = near(masked, original.mean(dim=(1, 2), keepdim=True))
    whole_bands, whole_frames = hidden.all(dim=2), hidden.all(dim=1)
    right = near(torch.where(hidden, original, masked), original).all(dim=2).all(dim=1)
    right &= (hidden == (whole_bands[:, :, None] | whole_frames[:, None])).all(dim=2).all(dim=1)
    columns = []
    for axis in (whole_bands, whole_frames):
        places = axis.long()
        first, count = places.argmax(dim=1), places.sum(dim=1)
        last = axis.shape[1] - 1 - places.flip(1).argmax(dim=1)
        right &= (count == 0) | (last - first + 1 == count)
        columns += [first.tolist(), count.tolist()]
    return [Part(*part) if fits else None for fits, *part in zip(right.tolist(), *columns, strict=True)]


def away_from_their_mean(noise: Tensor) -> Tensor:
    """Clips, (batch, n_mels, time) float32, with a mean of its own each, and no value less than about 0.5 from it."""
    place = torch.arange(noise.shape[1])[:, None] + torch.arange(noise.shape[2])
    sign = 1.0 - 2.0 * (place % 2)  # as on a chessboard, so that half of a clip lies on either side
    level = 3.0 + torch.arange(len(noise)) % 5
    return (level[:, None, None] + sign * (1 + noise.abs())).float()


def near(values: Tensor, others: Tensor) -> Tensor:
    """Which values are the same, but for rounding: float32, of the size of 10."""
    return (values - others).abs() <= 1e-4
