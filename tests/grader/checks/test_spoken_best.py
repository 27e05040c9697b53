"""Stretched frequencies: other vocal tracts, and nothing else."""

from __future__ import annotations

import torch

from grader.checks.spoken_digits.best import WARP, stretched


def test_a_ramp_over_the_bands_stays_a_ramp_with_another_slope() -> None:
    frames = torch.arange(32.0).expand(50, 3, 32)
    found = stretched(frames, torch.Generator().manual_seed(0))
    assert found.shape == frames.shape
    slopes = (found[:, :, 20] - found[:, :, 10]) / 10
    assert slopes.min() >= 1 - WARP - 1e-5 and slopes.max() <= 1 + WARP + 1e-5
    assert slopes.std() > 0.03 and torch.allclose(slopes[:, 0], slopes[:, 2])


def test_the_same_seed_gives_the_same_and_the_input_stays() -> None:
    frames = torch.randn(4, 5, 32, generator=torch.Generator().manual_seed(1))
    before = frames.clone()
    first, second = (stretched(frames, torch.Generator().manual_seed(2)) for _ in range(2))
    assert torch.equal(first, second) and torch.equal(frames, before)
    assert not torch.allclose(first, frames)
