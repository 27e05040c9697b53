"""Hidden checks of task 5: what is moved and hidden, and how often."""

from __future__ import annotations

from collections import Counter
from typing import Any

import torch

from exercises.checking import Expect, Reference, Student, awkward, check, draw
from exercises.spoken_digits.checks import hints
from exercises.spoken_digits.checks.asked import ROUNDED, about_counts
from exercises.spoken_digits.checks.augment import require_means, require_parts, require_shifts
from exercises.spoken_digits.checks.inputs import VIEWS, a_seed
from exercises.spoken_digits.checks.moved import Part, away_from_their_mean, hidden_parts, shifts
from grader.checks.chance import Table, dependence, unlikely

# So many clips that a right answer fails in one of 10**7 gradings, with 20 tests of 6 standard deviations, and that
# each mistake of the gallery passes in fewer than one of 10**6: see tests/grader/checks/test_augment.py.
DRAWS = 4000


@check(
    "augment.time_shift",
    points=0.25,
    hints=hints.SHIFT,
    idea="Each clip moves by itself, and zeros move in",
    topic="shifts in time",
)
def clips_are_shifted(student: Student, solution: Reference, expect: Expect) -> None:
    random = draw("sizes")
    sizes = ((400, random.randint(20, 40), random.randint(4, 5)), (400, 6, 5))
    for view, (batch, time, max_shift) in zip(VIEWS[:2], sizes, strict=True):
        x = awkward(batch, time, seed=time, dtype=torch.float32)
        with expect.case(f"{batch} clips of {time} samples, max_shift={max_shift}"):
            generator = student.training.generator(a_seed(time))
            shift = student.augment.time_shift
            found = expect.tensor(student.training.of_view(shift, x, max_shift, generator, view=view))
            expect.shape(found, (batch, time))
            require_shifts(expect, found.detach(), x, max_shift)


@check(
    "augment.shift_uniform",
    points=0.25,
    hints=hints.SHIFT,
    idea="All shifts are equally likely, both ends included, whatever those of other clips are",
    needs=["augment.time_shift"],
    topic="probabilities of shifts",
)
def shifts_are_uniform(student: Student, solution: Reference, expect: Expect) -> None:
    max_shift = draw("shift").randint(2, 3)
    x = awkward(DRAWS, 8, dtype=torch.float32)
    with expect.case(f"max_shift={max_shift}"):
        found = expect.tensor(student.augment.time_shift(x.clone(), max_shift, student.training.generator(a_seed())))
        expect.shape(found, x.shape)
        moves = [shift for shift in shifts(found.detach(), x, max_shift) if shift is not None]
        counts = [moves.count(shift) for shift in range(-max_shift, max_shift + 1)]
        expect.that(
            not unlikely(Table.of(counts)),
            expected=f"each of the {len(counts)} shifts for about {DRAWS // len(counts)} of {DRAWS} clips",
            got=f"{counts}",
            hint=about_counts(counts),
        )
        expect.that(
            not dependence(moves[:-1], moves[1:]),
            expected="shifts that tell nothing of those of the next clips",
            got="shifts that follow from each other",
            hint="Is a random number drawn for each clip?",
        )


def _ends_are_rare(counts: list[int]) -> bool:
    """Whether the first and the last happen, but less often than the others."""
    return min(counts) > 0 and max(counts[0], counts[-1]) < 0.8 * min(counts[1:-1])


@check(
    "augment.spec_augment",
    points=0.25,
    hints=hints.MASKS,
    idea="One band and one stretch of time become the clip's mean",
    topic="masks",
)
def parts_are_hidden(student: Student, solution: Reference, expect: Expect) -> None:
    random = draw("sizes")
    drawn = (random.randint(9, 14), random.randint(25, 35), random.randint(3, 5), random.randint(7, 9))
    for seed, (n_mels, time, freq_mask, time_mask) in enumerate((drawn, (9, 14, 3, 0), (8, 20, 0, 5))):
        x = away_from_their_mean(awkward(60, n_mels, time, seed=seed))
        with expect.case(f"({n_mels}, {time}), freq_mask={freq_mask}, time_mask={time_mask}"):
            generator = student.training.generator(a_seed(seed))
            hide, view = student.augment.spec_augment, VIEWS[seed]
            found = expect.tensor(student.training.of_view(hide, x, freq_mask, time_mask, generator, view=view))
            expect.shape(found, x.shape)
            require_means(expect, found.detach(), x)
            require_parts(expect, found.detach(), x, freq_mask, time_mask)


@check(
    "augment.spec_uniform",
    points=0.25,
    hints=hints.MASKS,
    idea="All widths, and all places, are equally likely, whatever the other mask is",
    needs=["augment.spec_augment"],
    topic="probabilities of masks",
)
def masks_are_uniform(student: Student, solution: Reference, expect: Expect) -> None:
    n_mels, time = draw("n_mels").randint(6, 7), draw("time").randint(7, 9)
    parts = _hidden_parts(student, expect, n_mels, time)
    _require_uniform(expect, "bands", n_mels, [(part.band, part.bands) for part in parts])
    _require_uniform(expect, "frames", time, [(part.frame, part.frames) for part in parts])
    _require_independent(expect, parts, n_mels, time)
    # The widest mask fills all bands, so it has one place alone, and must be as likely as the others all the same.
    widths = [part.bands for part in _hidden_parts(student, expect, 3, time)]
    expect.that(
        not unlikely(Table.of([widths.count(width) for width in range(4)])),
        expected="all 3 bands of 3 are hidden in about a quarter of the clips",
        got=f"in {widths.count(3)} of {DRAWS}",
        hint=STICKS_OUT,
    )


def _hidden_parts(student: Any, expect: Expect, n_mels: int, time: int) -> list[Part]:
    """What masks of at most 3 bands and 3 frames hide of many clips, those left out where it cannot be told."""
    x = away_from_their_mean(awkward(DRAWS, n_mels, time))
    with expect.case(f"{DRAWS} clips of {n_mels} bands and {time} frames, freq_mask=3, time_mask=3"):
        generator = student.training.generator(a_seed(n_mels))
        found = expect.tensor(student.augment.spec_augment(x.clone(), 3, 3, generator))
        expect.shape(found, x.shape)
        return [part for part in hidden_parts(found.detach(), x) if part]


def _require_uniform(expect: Expect, name: str, size: int, masks: list[tuple[int, int]]) -> None:
    """Require that widths 0 to 3 and all places are equally likely, of masks given as (first, width)."""
    widths = [width for _, width in masks]
    counts = [widths.count(width) for width in range(4)]
    at_start = sum(first == 0 for first, width in masks if width)
    at_end = sum(first + width == size for first, width in masks if width)
    expect.that(
        not unlikely(Table.of(counts)),
        expected="each of the widths 0, 1, 2, 3 for about a quarter of the clips",
        got=f"{counts} of {DRAWS} for {name}",
        hint=STICKS_OUT
        if at_end > 1.3 * at_start
        else "Is the widest mask possible? Does your random number leave out its upper end?",
    )
    times = Counter(masks)
    places = [[times[first, width] for first in range(size - width + 1)] for width in (1, 2, 3)]
    expect.that(
        not unlikely(*map(Table.of, places)),
        expected=f"masks at all places of the {size} {name} alike",
        got=f"{places[0]} masks of width 1, {places[2]} of width 3",
        hint=ROUNDED
        if _ends_are_rare(places[0])
        else "Is every place equally likely, whatever the mask's width is? Where does the last one end?",
    )


def _require_independent(expect: Expect, parts: list[Part], n_mels: int, time: int) -> None:
    """Require that neither widths nor places tell anything of those of the other mask, or of the next clip's masks."""
    widths = {"bands": [part.bands for part in parts], "frames": [part.frames for part in parts]}
    both = [part for part in parts if part.bands and part.frames]
    where = {
        "bands": [3 * part.band // (n_mels - part.bands + 1) for part in both],  # in thirds of what is possible
        "frames": [3 * part.frame // (time - part.frames + 1) for part in both],
    }
    of_both = {"bands": [part.bands for part in both], "frames": [part.frames for part in both]}
    for what, first, second in (
        ("the widths of the two masks", widths["bands"], widths["frames"]),
        ("the places of the two masks", where["bands"], where["frames"]),
        ("the width of the band and the place of the stretch", of_both["bands"], where["frames"]),
        ("the place of the band and the width of the stretch", where["bands"], of_both["frames"]),
    ):
        expect.that(
            not dependence(first, second),
            expected=f"{what} tell nothing of each other",
            got="one follows from the other, or nearly",
            hint=ONE_NUMBER,
        )
    for name, values in widths.items():
        expect.that(
            not dependence(values[:-1], values[1:]),
            expected=f"numbers of hidden {name} that tell nothing of those of the next clips",
            got="numbers that follow from each other",
            hint="Is a random number drawn for each clip?",
        )


STICKS_OUT = "Does a mask stick out at the end? How far can it begin from there?"
ONE_NUMBER = "Is one random number used for both masks?"
