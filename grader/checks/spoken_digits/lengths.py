"""Lengths that no student code can know: unsorted, odd and even, in tensors that are longer than their longest clip."""

from __future__ import annotations

from typing import Any

import torch

from exercises.checking import generator

CLIPS = 5


def batches(solution: Any, shortest: int = 1, seed: int = 0) -> list[tuple[int, tuple[int, ...]]]:
    """Sizes of several batches, as (time, lengths of the clips), drawn from the course's private seed.

    All clips are shorter than an odd and than an even number of frames, by at least the shortest clip, so that they
    stay shorter after poolings; one clip of the third batch fills its tensor, and it is not the first.

    Args:
        shortest: frames, which one clip has in each of the first two batches.
        seed:     tells the batches of one check apart.
    """
    random = generator((solution.hidden.seed + 104729 * (seed + 1)) % (1 << 63))

    def frames() -> int:
        return 2 * int(torch.randint(shortest // 2 + 8, shortest + 13, (), generator=random))

    odd, even, full = frames() + 1, frames(), frames() + 1
    return [
        (odd, _unsorted(shortest, odd - shortest, (shortest,), random)),
        (even, _unsorted(shortest, even - shortest, (shortest,), random)),
        (full, _unsorted(shortest, full, (full,), random)),
    ]


def _unsorted(shortest: int, longest: int, among: tuple[int, ...], random: torch.Generator) -> tuple[int, ...]:
    """Different lengths of CLIPS clips, some of them given; neither the first nor the last clip is the longest.

    Of the odd ones, one is rounded up and one is rounded down where half of it is rounded to the nearest even number.
    """
    while True:
        drawn = (shortest + torch.randperm(longest - shortest + 1, generator=random)[: CLIPS - len(among)]).tolist()
        order = torch.randperm(CLIPS, generator=random).tolist()
        lengths = tuple([*among, *drawn][place] for place in order)
        halves = {length % 4 for length in lengths}
        if len(set(lengths)) == CLIPS and halves >= {1, 3} and max(lengths) not in (lengths[0], lengths[-1]):
            return lengths
