"""Hidden checks of task 5: what is moved and hidden, and how often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from exercises.checking import Expect, check
from exercises.spoken_digits.checks.augment import away_from_their_mean, near, require_means
from grader.checks.private import private

DRAWS = 2000
SURE = 6.0  # standard deviations: beyond them lies one right answer in 10**8


def _shifts(moved: Tensor, original: Tensor, max_shift: int) -> list[int | None]:
    """By how many samples each clip has moved, None where it is no shift with zeros: (batch, time) both."""
    time = original.shape[1]
    found: list[int | None] = [None] * len(original)
    for shift in range(-max_shift, max_shift + 1):
        due = torch.zeros_like(original)
        due[:, max(shift, 0) : time + min(shift, 0)] = original[:, max(-shift, 0) : time - max(shift, 0)]
        for clip in near(due, moved).all(dim=1).nonzero()[:, 0].tolist():
            found[clip] = shift
    return found


def _unlikely(counts: list[int], probability: float, draws: int) -> bool:
    """Whether one of these counts of so many draws is as good as impossible, if each has this probability."""
    deviation = (draws * probability * (1 - probability)) ** 0.5
    return any(abs(count - draws * probability) > SURE * deviation for count in counts)


@check(
    "augment.time_shift",
    points=0.5,
    idea="Each clip moves by itself, and zeros move in",
)
def clips_are_shifted(student: Any, solution: Any, expect: Expect) -> None:
    for seed, (batch, time, max_shift) in enumerate(((40, 30, 4), (40, 6, 5))):
        x = private(solution, batch, time, seed=seed).float()
        case = f"{batch} clips of {time} samples, max_shift={max_shift}"
        found = expect.tensor(
            student.training.of_view(student.augment.time_shift, x, max_shift, student.training.generator(seed))
        )
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
    x = private(solution, DRAWS, 8).float()
    found = expect.tensor(student.augment.time_shift(x.clone(), 2, student.training.generator(3)))
    expect.shape(found, x.shape)
    shifts = [shift for shift in _shifts(found.detach(), x, 2) if shift is not None]
    counts = [shifts.count(shift) for shift in range(-2, 3)]
    rare = max(counts[0], counts[-1]) < 0.8 * min(counts[1:-1])
    expect.that(
        not _unlikely(counts, 1 / 5, DRAWS),
        expected="each of the shifts -2, -1, 0, 1, 2 for about a fifth of the clips",
        got=f"{counts} of {DRAWS}",
        hint="What does rounding make of a random number at either end?"
        if rare and min(counts) > 0
        else "Are both -max_shift and max_shift possible? Does your random number leave out its upper end?",
    )


@dataclass(frozen=True)
class Part:
    """What was hidden of a clip: the first band and their number, the first frame and their number; 0 for none."""

    band: int
    bands: int
    frame: int
    frames: int


def _hidden(masked: Tensor, original: Tensor) -> list[Part | None]:
    """What was hidden of each clip; None where it is no band and no stretch of time.  (batch, n_mels, time) both."""
    hidden = near(masked, original.mean(dim=(1, 2), keepdim=True))
    bands, frames = hidden.all(dim=2), hidden.all(dim=1)
    right = near(torch.where(hidden, original, masked), original).all(dim=2).all(dim=1)
    right &= (hidden == (bands[:, :, None] | frames[:, None])).all(dim=2).all(dim=1)
    columns = []
    for axis in (bands, frames):
        places = axis.long()
        first, count = places.argmax(dim=1), places.sum(dim=1)
        last = axis.shape[1] - 1 - places.flip(1).argmax(dim=1)
        right &= (count == 0) | (last - first + 1 == count)
        columns += [first.tolist(), count.tolist()]
    return [Part(*part) if fits else None for fits, *part in zip(right.tolist(), *columns, strict=True)]


@check(
    "augment.spec_augment",
    points=0.5,
    idea="One band and one stretch of time become the clip's mean",
)
def parts_are_hidden(student: Any, solution: Any, expect: Expect) -> None:
    for seed, (n_mels, time, freq_mask, time_mask) in enumerate(((12, 30, 4, 9), (9, 14, 3, 0), (8, 20, 0, 5))):
        x = away_from_their_mean(private(solution, 30, n_mels, time, seed=seed))
        case = f"({n_mels}, {time}), freq_mask={freq_mask}, time_mask={time_mask}"
        generator = student.training.generator(seed)
        found = expect.tensor(
            student.training.of_view(student.augment.spec_augment, x, freq_mask, time_mask, generator)
        )
        expect.shape(found, x.shape, case=case)
        require_means(expect, found.detach(), x, case)
        parts = _hidden(found.detach(), x)
        fitting = [part for part in parts if part and part.bands <= freq_mask and part.frames <= time_mask]
        expect.that(
            len(fitting) == len(parts),
            expected=f"at most {freq_mask} neighbouring bands and {time_mask} neighbouring frames at the clip's mean",
            got=f"{case}: something else in {len(parts) - len(fitting)} of {len(parts)} clips",
            hint="Is a mask as long as the other axis?"
            if None in parts
            else "Which of the two widths belongs to which axis?",
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
    idea="All widths, and all places, are equally likely, whatever the other mask is",
    needs=["augment.spec_augment"],
)
def masks_are_uniform(student: Any, solution: Any, expect: Expect) -> None:
    parts = _hidden_parts(student, solution, expect, 6, 7)
    _require_uniform(expect, "bands", 6, [(part.band, part.bands) for part in parts])
    _require_uniform(expect, "frames", 7, [(part.frame, part.frames) for part in parts])
    _require_independent(expect, parts, 6, 7)
    # The widest mask fills all bands, so it has one place alone, and must be as likely as the others all the same.
    widest = sum(part.bands == 3 for part in _hidden_parts(student, solution, expect, 3, 7))
    expect.that(
        not _unlikely([widest], 1 / 4, DRAWS),
        expected="all 3 bands of 3 are hidden in about a quarter of the clips",
        got=f"in {widest} of {DRAWS}",
        hint=STICKS_OUT,
    )


def _hidden_parts(student: Any, solution: Any, expect: Expect, n_mels: int, time: int) -> list[Part]:
    """What masks of at most 3 bands and 3 frames hide of many clips, those left out where it cannot be told."""
    x = away_from_their_mean(private(solution, DRAWS, n_mels, time))
    found = expect.tensor(student.augment.spec_augment(x.clone(), 3, 3, student.training.generator(5)))
    expect.shape(found, x.shape)
    return [part for part in _hidden(found.detach(), x) if part]


def _require_uniform(expect: Expect, name: str, size: int, masks: list[tuple[int, int]]) -> None:
    """Require that widths 0 to 3 and all places are equally likely, of masks given as (first, width)."""
    widths = [width for _, width in masks]
    counts = [widths.count(width) for width in range(4)]
    at_start = sum(first == 0 for first, width in masks if width)
    at_end = sum(first + width == size for first, width in masks if width)
    expect.that(
        not _unlikely(counts, 1 / 4, DRAWS),
        expected="each of the widths 0, 1, 2, 3 for about a quarter of the clips",
        got=f"{counts} of {DRAWS} for {name}",
        hint=STICKS_OUT
        if at_end > 1.3 * at_start
        else "Is the widest mask possible? Does your random number leave out its upper end?",
    )
    starts = [first for first, width in masks if width == 1]
    missing = [place for place in range(size) if starts.count(place) < 10]  # about 500 masks, so 71 or 83 are due
    expect.that(
        not missing,
        expected=f"masks of width 1 at every one of the {size} {name}",
        got=f"hardly any at {missing}",
        hint="Where can a mask begin, and where does the last one end?",
    )
    chances = [2 / (size - width + 1) for width in (1, 2, 3)]  # to touch one of the two ends
    due = sum(DRAWS / 4 * chance for chance in chances)
    deviation = sum(DRAWS / 4 * chance * (1 - chance) for chance in chances) ** 0.5
    expect.that(
        abs(at_start + at_end - due) < SURE * deviation,
        expected=f"about {due:.0f} masks at the first or the last of the {size} {name}",
        got=f"{at_start + at_end} of {DRAWS}",
        hint="Is every place equally likely? What does rounding make of a random number at either end?",
    )


def _require_independent(expect: Expect, parts: list[Part], n_mels: int, time: int) -> None:
    """Require that neither the widths nor the places of the two masks tell anything of each other."""
    pairs = [(part.bands, part.frames) for part in parts]
    odd = [(b, f) for b in range(4) for f in range(4) if _unlikely([pairs.count((b, f))], 1 / 16, DRAWS)]
    expect.that(
        not odd,
        expected="each width of the band with each width of the stretch, for about a sixteenth of the clips",
        got=f"{odd[0]} for {pairs.count(odd[0])} of {DRAWS}" if odd else "",
        hint=ONE_NUMBER,
    )
    both = [part for part in parts if part.bands and part.frames]
    places = torch.tensor([[part.band / (n_mels - part.bands), part.frame / (time - part.frames)] for part in both])
    correlation = float(torch.corrcoef(places.T)[0, 1])
    expect.that(
        abs(correlation) < SURE / len(both) ** 0.5,
        expected="places of the band that tell nothing of the places of the stretch",
        got=f"a correlation of {correlation:.2f} between them",
        hint=ONE_NUMBER,
    )


STICKS_OUT = "Does a mask stick out at the end? How far can it begin from there?"
ONE_NUMBER = "Is one random number used for both masks?"
