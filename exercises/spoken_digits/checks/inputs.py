"""What several checks do with the inputs of a function: draw lengths, keep an eye on inputs, fill the padding."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from exercises.checking import Expect, awkward, draw, generator

LONG = 80  # frames or samples, beyond which no answer may stop reading; as many as `pack` keeps of a word
LOUD = 1e4  # of values in the padding, beside clips of the size of 1
CLIPS = 5
VIEWS = ("transposed back", "every second value of a larger tensor", "the middle of a larger tensor")  # of `probe`
RUNS = "Does it run on such inputs? The checks of its shape and values say more."
REPEATED = "one example repeated by expand"
PADDING, LENGTHS = 100_000, 200_000  # tell their draws from those of values, whose seeds are small


def a_seed(topic: object = "") -> int:
    """A seed for a generator that is handed to the student's code."""
    return draw(f"seed {topic}").randrange(1 << 31)


def padded(x: Tensor, lengths: tuple[int, ...], seed: int = 0) -> Tensor:
    """The same clips, (batch, channels, time), with large values of either sign past each clip's length."""
    outside = (torch.arange(x.shape[2]) >= torch.tensor(lengths)[:, None])[:, None]
    return torch.where(outside, LOUD * awkward(*x.shape, seed=PADDING + seed).to(x.dtype), x)


def require_inputs_kept(student: Any, expect: Expect, names: tuple[str, ...], function: Any, *arguments: Any) -> None:
    """Require that a function leaves its inputs as they are.

    Args:
        names:     of the tensors among the arguments, in their order; as few as the check looks at.
        arguments: of the function.  Tensors travel by value, so none of the check's own is ever changed.
    """
    shown = [argument for argument in arguments if isinstance(argument, Tensor)]
    case = ", ".join(f"{name} of shape {tuple(one.shape)}" for name, one in zip(names, shown, strict=False))
    with expect.case(case, hint=RUNS):
        before, after = student.training.inputs_before_and_after(function, *arguments)
    for name, due, found in zip(names, before, after, strict=False):
        expect.close(
            found, due, atol=0.0, what=f"{name} as before the call", case=name, hint="Is anything changed in place?"
        )


def batches(shortest: int = 1, seed: int = 0) -> list[tuple[int, tuple[int, ...]]]:
    """Sizes of several batches, as (time, lengths of the clips): unsorted, odd and even ones.

    All clips are shorter than an odd and than an even number of frames, by at least the shortest clip, so that they
    stay shorter after poolings; one clip of the third batch fills its tensor, and it is not the first.  The longest
    clip of the first batch has more than LONG frames, so that what reads a fixed number of them is never right.

    Args:
        shortest: frames, which one clip has in each of the first two batches.
        seed:     tells the batches of one check apart.
    """
    random = generator(LENGTHS + seed)

    def frames() -> int:
        return 2 * int(torch.randint(shortest // 2 + 8, shortest + 13, (), generator=random))

    odd, even, full = LONG + 2 * shortest + frames() + 1, frames(), frames() + 1
    return [
        (odd, _unsorted(shortest, odd - shortest, (shortest, odd - shortest), random)),
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
