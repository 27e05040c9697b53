"""Signals and filters that checks draw, and what comes of them."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import torch
import torch.nn.functional as F
from torch import Tensor

from exercises.checking import awkward, draw

SINGLE, DOUBLE = torch.float32, torch.float64


@dataclass(frozen=True)
class Case:
    """A drawn signal (..., time) and a filter (taps,), each of a dtype."""

    x: Tensor
    taps: Tensor

    def __str__(self) -> str:
        names = [f"{one.dtype}".removeprefix("torch.") for one in (self.x, self.taps)]
        return f"x {tuple(self.x.shape)} {names[0]}, {len(self.taps)} taps {names[1]}"

    @property
    def used(self) -> Tensor:
        """The taps as they are used, in float64."""
        return self.taps.to(self.x.dtype).double()


def cases(topic: str = "", longest: int = 60, odd: bool = False) -> list[Case]:
    """Drawn signals: no axis in front, several; one sample, one tap, filters longer than signals; mixed dtypes.

    Args:
        longest: samples of the longest signal, at most.
        odd:     whether all filters have an odd number of taps.
    """
    random = draw(f"cases {topic}")
    sizes = (
        ((), random.randint(8, 14), random.randint(2, 6), SINGLE, SINGLE),
        (some(random, 2), random.randint(9, 20), random.randint(3, 7), DOUBLE, DOUBLE),
        (some(random, 1), random.randint(2, 5), random.randint(9, 15), DOUBLE, SINGLE),
        ((1, random.randint(2, 4)), random.randint(5, 9), 1, SINGLE, DOUBLE),
        ((random.randint(2, 3), 1, 2), 1, random.randint(2, 6), SINGLE, DOUBLE),
        ((), 1, 1, DOUBLE, DOUBLE),
        (some(random, 1), random.randint(6, 12), random.randint(2, 5), SINGLE, torch.int64),
        (some(random, 1), random.randint(longest - 20, longest), random.randint(21, 33), SINGLE, DOUBLE),
    )
    found = []
    for seed, (leading, time, taps, signal, filter_) in enumerate(sizes):
        taps += odd and taps % 2 == 0
        h = awkward(taps, seed=1000 + seed, dtype=DOUBLE)
        h = (5 * h).round().to(filter_) if filter_ is torch.int64 else h.to(filter_)
        found.append(Case(awkward(*leading, time, seed=seed, dtype=signal), h))
    return found


def some(random: Random, axes: int) -> tuple[int, ...]:
    """Sizes of axes in front, all different."""
    return tuple(random.sample(range(2, 6), axes))


def correlated(x: Tensor, taps: Tensor) -> Tensor:
    """The full cross-correlation in float64, by torch's own function: (..., time) -> (..., time + taps - 1)."""
    rows = x.double().reshape(-1, 1, x.shape[-1])
    return F.conv1d(rows, taps.double()[None, None], padding=len(taps) - 1).reshape(*x.shape[:-1], -1)


def convolved(x: Tensor, taps: Tensor) -> Tensor:
    """The full convolution in float64."""
    return correlated(x, taps.flip(0))
