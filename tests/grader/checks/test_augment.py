"""What the hidden checks of `augment` see in many clips at once."""

from __future__ import annotations

import torch

from grader.checks.spoken_digits.augment import Part, _hidden, _shifts


def test_shifts_of_all_clips_are_found() -> None:
    clips = torch.arange(1.0, 31).view(5, 6)
    moved = torch.zeros(5, 6)
    moved[0] = clips[0]
    moved[1, 2:] = clips[1, :4]
    moved[2, :5] = clips[2, 1:]
    moved[3] = clips[3].roll(1)  # what left comes back: no shift
    moved[4, 3:] = clips[4, :3]  # further than allowed
    assert _shifts(moved, clips, 2) == [0, 2, -1, None, None]


def test_hidden_parts_of_all_clips_are_found() -> None:
    clips = torch.rand(8, 5, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    masked = clips.clone()
    mean = clips.mean(dim=(1, 2), keepdim=True).expand_as(clips)
    for clip, bands, frames in (
        (1, [2, 3], []),
        (2, [], [0]),
        (3, [4], [3, 4, 5]),
        (4, [0, 2], []),  # not beside each other
        (5, [], [1, 3]),
    ):
        masked[clip, bands] = mean[clip, bands]
        masked[clip, :, frames] = mean[clip, :, frames]
    masked[6, 1, 1] += 1.0
    masked[7, 1, 1] = mean[7, 1, 1]  # one number, no band and no stretch of time
    found = [Part(0, 0, 0, 0), Part(2, 2, 0, 0), Part(0, 0, 0, 1), Part(4, 1, 3, 3)]
    assert _hidden(masked, clips) == [*found, None, None, None, None]
