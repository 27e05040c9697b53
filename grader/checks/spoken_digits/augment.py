"""Hidden checks of task 5: what is moved and hidden, how often, and that the inputs stay as they are."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from exercises.checking import Expect, check
from grader.checks.private import private

DRAWS = 1200


def _shifts(moved: Tensor, original: Tensor, max_shift: int) -> list[int | None]:
    """By how many samples each clip has moved, None where it is no shift with zeros: (batch, time) both."""
    time = original.shape[1]
    found: list[int | None] = [None] * len(original)
    for shift in range(-max_shift, max_shift + 1):
        due = torch.zeros_like(original)
        due[:, max(shift, 0) : time + min(shift, 0)] = original[:, max(-shift, 0) : time - max(shift, 0)]
        for clip in (due == moved).all(dim=1).nonzero()[:, 0].tolist():
            found[clip] = shift
    return found


@check(
    "augment.time_shift",
    points=0.75,
    idea="Each clip moves by itself, and zeros move in",
    needs=["augment.shift_shape"],
)
def clips_are_shifted(student: Any, solution: Any, expect: Expect) -> None:
    for seed, (batch, time, max_shift) in enumerate(((40, 30, 4), (40, 6, 5))):
        x = private(solution, batch, time, seed=seed)
        case = f"{batch} clips of {time} samples, max_shift={max_shift}"
        found = expect.tensor(student.augment.time_shift(x.clone(), max_shift, student.training.generator(seed)))
        expect.shape(found, (batch, time), case=case)
        shifts = _shifts(found.detach(), x, max_shift)
        expect.that(
            None not in shifts,
            expected=f"every clip moved by -{max_shift} to {max_shift} samples, with zeros where it has left",
            got=f"{case}: {shifts.count(None)} clips are something else",
            hint="Do samples that leave at one end come back at the other? Which samples become zero?",
        )
        expect.that(
            len(set(shifts)) > 2,
            expected="a shift of its own for each clip",
            got=f"{case}: only the shifts {sorted({shift for shift in shifts if shift is not None})}",
            hint="How many random numbers are drawn?",
        )


@check(
    "augment.shift_uniform",
    points=0.25,
    idea="All shifts are equally likely, both ends included",
    needs=["augment.time_shift"],
)
def shifts_are_uniform(student: Any, solution: Any, expect: Expect) -> None:
    x = private(solution, DRAWS, 8)
    found = expect.tensor(student.augment.time_shift(x.clone(), 2, student.training.generator(3)))
    expect.shape(found, x.shape)
    shifts = [shift for shift in _shifts(found.detach(), x, 2) if shift is not None]
    counts = [shifts.count(shift) for shift in range(-2, 3)]
    # 240 of each are due, with a standard deviation of 14: beyond 6 of them lies one right answer in 10**8.
    expect.that(
        all(abs(count - DRAWS / 5) < 85 for count in counts),
        expected="each of the shifts -2, -1, 0, 1, 2 for about a fifth of the clips",
        got=f"{counts} of {DRAWS}",
        hint="Are both -max_shift and max_shift possible? Does your random number leave out its upper end?",
    )


Part = tuple[int, int, int, int]


def _hidden(masked: Tensor, original: Tensor) -> list[Part | None]:
    """Of each clip: first band, bands, first frame, frames that were hidden; None where it is not one of each.

    Where a clip is unchanged, all numbers are 0.  (batch, n_mels, time) both.
    """
    mean = original.mean(dim=(1, 2), keepdim=True)
    hidden = (masked - mean).abs() <= 1e-9 * (1 + mean.abs())
    bands, frames = hidden.all(dim=2), hidden.all(dim=1)
    right = (torch.where(hidden, original, masked) == original).all(dim=2).all(dim=1)
    right &= (hidden == (bands[:, :, None] | frames[:, None])).all(dim=2).all(dim=1)
    columns = []
    for axis in (bands, frames):
        places = axis.long()
        first, count = places.argmax(dim=1), places.sum(dim=1)
        last = axis.shape[1] - 1 - places.flip(1).argmax(dim=1)
        right &= (count == 0) | (last - first + 1 == count)
        columns += [first.tolist(), count.tolist()]
    return [part if fits else None for fits, part in zip(right.tolist(), zip(*columns, strict=True), strict=True)]


@check(
    "augment.spec_augment",
    points=0.75,
    idea="One band and one stretch of time become the clip's mean",
    needs=["augment.spec_zero"],
)
def parts_are_hidden(student: Any, solution: Any, expect: Expect) -> None:
    for seed, (n_mels, time, freq_mask, time_mask) in enumerate(((12, 30, 4, 9), (9, 14, 3, 0), (8, 20, 0, 5))):
        x = private(solution, 30, n_mels, time, seed=seed)
        case = f"({n_mels}, {time}), freq_mask={freq_mask}, time_mask={time_mask}"
        generator = student.training.generator(seed)
        found = expect.tensor(student.augment.spec_augment(x.clone(), freq_mask, time_mask, generator))
        expect.shape(found, x.shape, case=case)
        parts = _hidden(found.detach(), x)
        fitting = [part for part in parts if part and part[1] <= freq_mask and part[3] <= time_mask]
        expect.that(
            len(fitting) == len(parts),
            expected=f"at most {freq_mask} neighbouring bands and {time_mask} neighbouring frames at the clip's mean, "
            "everything else as it was",
            got=f"{case}: something else in {len(parts) - len(fitting)} of {len(parts)} clips",
            hint="Whose mean is it: the clip's, or the batch's? Is the mask as long as the other axis?",
        )
        expect.that(
            len(set(fitting)) > 3,
            expected="a band and a stretch of its own for each clip",
            got=f"{case}: the same in all clips",
            hint="How many random numbers are drawn?",
        )


@check(
    "augment.spec_uniform",
    points=0.25,
    idea="All widths, and all places, are equally likely",
    needs=["augment.spec_augment"],
)
def widths_are_uniform(student: Any, solution: Any, expect: Expect) -> None:
    parts = _hidden_parts(student, solution, expect, 6, 7)
    for name, size, first in (("bands", 6, 0), ("frames", 7, 2)):
        widths = [part[first + 1] for part in parts]
        counts = [widths.count(width) for width in range(4)]
        # 300 of each are due, with a standard deviation of 15: beyond 6 of them lies one right answer in 10**8.
        expect.that(
            all(abs(count - DRAWS / 4) < 90 for count in counts),
            expected="each of the widths 0, 1, 2, 3 for about a quarter of the clips",
            got=f"{counts} of {DRAWS} for {name}",
            hint="Is the widest mask possible? Does your random number leave out its upper end?",
        )
        starts = [part[first] for part in parts if part[first + 1] == 1]
        # About 300 masks of width 1: 43 or 50 for each place, with a standard deviation of 6 or 7.
        missing = [place for place in range(size) if starts.count(place) < 5]
        expect.that(
            not missing,
            expected=f"masks of width 1 at every one of the {size} {name}",
            got=f"hardly any at {missing}",
            hint="Where can a mask begin, and where does the last one end?",
        )
    # The widest mask fills all bands, so it has one place alone, and must be as likely as the others all the same.
    widest = sum(part[1] == 3 for part in _hidden_parts(student, solution, expect, 3, 7))
    expect.that(
        abs(widest - DRAWS / 4) < 90,
        expected="all 3 bands of 3 are hidden in about a quarter of the clips",
        got=f"in {widest} of {DRAWS}",
        hint="Does a mask stick out at the end?",
    )


def _hidden_parts(student: Any, solution: Any, expect: Expect, n_mels: int, time: int) -> list[Part]:
    """What masks of at most 3 bands and 3 frames hide of many clips, those left out where it cannot be told."""
    x = private(solution, DRAWS, n_mels, time)
    found = expect.tensor(student.augment.spec_augment(x.clone(), 3, 3, student.training.generator(5)))
    expect.shape(found, x.shape)
    return [part for part in _hidden(found.detach(), x) if part]


@check(
    "augment.input_kept",
    points=0.25,
    idea="The input stays as it is, and the generator decides",
    needs=["augment.shift_shape"],
)
def input_is_kept_and_draws_can_be_repeated(student: Any, solution: Any, expect: Expect) -> None:
    waveform, log_mel = private(solution, 6, 30), private(solution, 6, 8, 12)
    for name, x, sizes in (("time_shift", waveform, (5,)), ("spec_augment", log_mel, (3, 4))):
        function = getattr(student.augment, name)
        before, after = student.training.input_before_and_after(function, x, *sizes, student.training.generator(1))
        expect.close(after, before, atol=0.0, what="the input as it was", case=name, hint="Is it changed in place?")
        first, second = (
            expect.tensor(function(x.clone(), *sizes, student.training.generator(2))).detach() for _ in range(2)
        )
        expect.close(
            first, second, atol=0.0, what="the same for the same seed", case=name, hint="Which generator draws?"
        )
