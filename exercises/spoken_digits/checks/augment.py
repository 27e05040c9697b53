"""Public checks of task 5."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import torch
from torch import Tensor

from exercises.checking import Expect, Reference, Student, awkward, check, draw

from . import hints
from .asked import about_counts, about_masks, about_missing_shifts, about_no_shift
from .inputs import LONG, a_seed, require_inputs_kept
from .moved import Part, away_from_their_mean, hidden_parts, near, shifts

# So many clips that every shift, and every width at either end of an axis, happens (in a right answer the rarest has 1
# chance in 44 for each clip, so one is missing in less than one of 10**38 gradings), and that it shows which shares are
# far from even.
MANY = 4000
MET = "Which shapes meet in the line that is named? Each clip has a mask along its bands and one along its frames."


@check("augment.shift_shape", points=0.25, hints=hints.SHIFT, idea="A shifted clip is as long as before")
def shift_keeps_the_size(student: Student, solution: Reference | None, expect: Expect) -> None:
    for batch, time, max_shift in ((3, 50, 7), (1, 8, 7), (2, 30, 0), (1, 1, 0), (5, 17_000, 500)):
        with expect.case(f"{batch} clips of {time} samples, max_shift={max_shift}"):
            x = awkward(batch, time, dtype=torch.float32)
            expect.shape(student.augment.time_shift(x, max_shift, student.training.generator(a_seed())), (batch, time))


@check("augment.shift_zero", points=0.25, hints=hints.SHIFT, idea="With max_shift 0 nothing moves")
def no_shift_changes_nothing(student: Student, solution: Reference | None, expect: Expect) -> None:
    x = awkward(3, 40, dtype=torch.float32)
    with expect.case("max_shift=0", hint="Is 0 among the shifts?"):
        found = student.augment.time_shift(x.clone(), 0, student.training.generator(a_seed()))
        hint = partial(about_no_shift, found, x, 0, "Is 0 among the shifts?")
        expect.close(found, x, atol=1e-6, what="the clips themselves", hint=hint)


@check(
    "augment.shift_moves",
    points=0.25,
    hints=hints.SHIFT,
    idea="Each clip moves by itself, by every shift that is allowed; zeros move in",
)
def clips_move(student: Student, solution: Reference | None, expect: Expect) -> None:
    max_shift, time = draw("shift").randint(4, 5), draw("time").randint(9, 12)
    x = awkward(MANY, time, dtype=torch.float32)
    with expect.case(f"{MANY} clips of {time} samples, max_shift={max_shift}"):
        found = student.augment.time_shift(x.clone(), max_shift, student.training.generator(a_seed()))
        expect.shape(found, x.shape)
        missing = set(range(-max_shift, max_shift + 1)) - require_shifts(expect, found.detach(), x, max_shift)
        expect.that(
            not missing,
            expected=f"every shift from -{max_shift} to {max_shift}",
            got=f"none of {sorted(missing)}",
            hint=about_missing_shifts(missing, max_shift),
        )
        moves = shifts(found.detach(), x, max_shift)
        counts = [moves.count(shift) for shift in range(-max_shift, max_shift + 1)]
        expect.that(
            evenly(counts),
            expected=f"each of the {len(counts)} shifts for about {MANY // len(counts)} of {MANY} clips",
            got=f"{counts}",
            hint=about_counts(counts),
        )


def evenly(counts: list[int]) -> bool:
    """Whether each of these happens as often as the others, but for 6.5 standard deviations, out of MANY.

    That far off is one of 11 right shares in less than one of 10**9 gradings, and none of which two are half as likely
    as the others, or one is twice as likely, in less than one of 10**6.
    """
    many = sum(counts) or 1
    due = many / len(counts)
    return all(abs(count - due) <= 6.5 * math.sqrt(due * (1 - due / many)) for count in counts)


def require_shifts(expect: Expect, moved: Tensor, original: Tensor, max_shift: int) -> set[int]:
    """Require that each clip is a shift with zeros, and that not all clips have the same: (batch, time) both.

    Returns:
        the shifts that happened.
    """
    found = shifts(moved, original, max_shift)
    expect.that(
        None not in found,
        expected=f"every clip moved by -{max_shift} to {max_shift} samples, with zeros where it has left",
        got=f"{found.count(None)} clips are something else",
        hint=about_no_shift(moved, original, max_shift) if None in found else "",
    )
    seen = {shift for shift in found if shift is not None}
    expect.that(
        len(seen) > 1,
        expected="a shift of its own for each clip",
        got=f"the same for all: {seen}",
        hint="How many random numbers are drawn?",
    )
    return seen


@check(
    "augment.shift_kept",
    points=0.25,
    hints=hints.DRAWN,
    idea="The clips stay as they are, and the generator alone decides on shifts",
)
def shift_leaves_its_input(student: Student, solution: Reference | None, expect: Expect) -> None:
    x = awkward(12, 30, dtype=torch.float32)
    _require_new_and_repeatable(student, expect, "waveform", student.augment.time_shift, x, 5)


@check("augment.spec_zero", points=0.25, hints=hints.MASKS, idea="With masks of width 0 nothing is hidden")
def no_mask_changes_nothing(student: Student, solution: Reference | None, expect: Expect) -> None:
    x = away_from_their_mean(awkward(3, 10, 20))
    with expect.case("freq_mask=0, time_mask=0", hint=MET):
        found = student.augment.spec_augment(x.clone(), 0, 0, student.training.generator(a_seed()))
        hint = "Is 0 among the widths, and is nothing hidden then?"
        if isinstance(found, Tensor) and found.shape == x.shape and None not in hidden_parts(found.detach(), x):
            hint = about_masks(found.detach(), x, 0, 0)
        expect.close(found, x, atol=1e-6, what="the clips themselves", hint=hint)


@check(
    "augment.spec_mean",
    points=0.25,
    hints=hints.MASKS,
    idea="What is hidden becomes the clip's mean, and all else stays",
)
def hidden_parts_have_the_mean(student: Student, solution: Reference | None, expect: Expect) -> None:
    for batch, n_mels, time, freq_mask, time_mask in (
        (8, 10, 20, 4, 6),
        (1, 8, 12, 8, 12),
        (3, 1, 9, 1, 4),
        (2, LONG + 4, LONG + 20, 30, 40),
        (1, 1, 7, 0, 3),
    ):
        x = away_from_their_mean(awkward(batch, n_mels, time))
        with expect.case(f"({batch}, {n_mels}, {time}), freq_mask={freq_mask}, time_mask={time_mask}", hint=MET):
            generator = student.training.generator(a_seed(n_mels))
            found = student.training.of_view(student.augment.spec_augment, x, freq_mask, time_mask, generator)
            expect.shape(found, x.shape)
            require_means(expect, found.detach(), x)


@check(
    "augment.spec_parts",
    points=0.25,
    hints=hints.MASKS,
    idea="One band and one stretch of each clip are hidden, of every width allowed",
)
def parts_of_every_width(student: Student, solution: Reference | None, expect: Expect) -> None:
    n_mels, time = draw("n_mels").randint(6, 8), draw("time").randint(9, 11)
    x = away_from_their_mean(awkward(MANY, n_mels, time))
    with expect.case(f"{MANY} clips of {n_mels} bands and {time} frames, freq_mask=2, time_mask=3"):
        found = student.augment.spec_augment(x.clone(), 2, 3, student.training.generator(a_seed()))
        expect.shape(found, x.shape)
        require_means(expect, found.detach(), x)
        fitting = require_parts(expect, found.detach(), x, 2, 3)
        bands, frames = [(p.band, p.bands) for p in fitting], [(p.frame, p.frames) for p in fitting]
        _require_every_width(expect, "bands", n_mels, 2, bands, time)
        _require_every_width(expect, "frames", time, 3, frames, n_mels)
    few = x[:60]
    for freq_mask, time_mask in ((2, 0), (0, 3)):
        with expect.case(f"{len(few)} clips of {n_mels} bands and {time} frames, {freq_mask=}, {time_mask=}"):
            generator = student.training.generator(a_seed())
            found = student.augment.spec_augment(few.clone(), freq_mask, time_mask, generator)
            expect.shape(found, few.shape)
            expect.that(
                not bool(near(found.detach(), few).all()),
                expected="something hidden",
                got="nothing",
                hint="What does one of the two masks hide where the other one is 0?",
            )
        alone = {(bool(p.bands), bool(p.frames)) for p in fitting}
        expect.that(
            {(True, False), (False, True)} <= alone,
            expected="clips of which a band alone is hidden, and clips of which a stretch of time alone is",
            got="none of one kind",
            hint="Where one mask has width 0, does the other hide something? Do both come of one random number?",
        )


def require_parts(expect: Expect, masked: Tensor, original: Tensor, freq_mask: int, time_mask: int) -> list[Part]:
    """Require that one band and one stretch of each clip are hidden, no wider than allowed, and not the same of all.

    (batch, n_mels, time) both.
    """
    parts = hidden_parts(masked, original)
    fitting = [part for part in parts if part and part.bands <= freq_mask and part.frames <= time_mask]
    expect.that(
        len(fitting) == len(parts),
        expected=f"at most {freq_mask} neighbouring bands and {time_mask} neighbouring frames at the clip's mean",
        got=f"something else in {len(parts) - len(fitting)} of {len(parts)} clips",
        hint=about_masks(masked, original, freq_mask, time_mask) if len(fitting) < len(parts) else "",
    )
    expect.that(
        len(set(fitting)) > 1,
        expected="a band and a stretch of its own for each clip",
        got="the same in all clips",
        hint="How many random numbers are drawn?",
    )
    return fitting


def _require_every_width(
    expect: Expect, name: str, size: int, widest: int, masks: list[tuple[int, int]], other: int
) -> None:
    """Of many masks, given as (first, width), on an axis of this size beside one of another."""
    widths = sorted({width for _, width in masks})
    expect.that(
        widths == list(range(widest + 1)),
        expected=f"masks of every width from 0 to {widest} {name}",
        got=f"only the widths {widths}",
        hint="Is the widest mask possible? Does your random number leave out its upper end?",
    )
    times = [sum(width == one for _, width in masks) for one in widths]
    expect.that(
        evenly(times),
        expected=f"each of the widths {widths} for about {len(masks) // len(widths)} clips",
        got=f"{times} of {len(masks)} for {name}",
        hint="What does rounding make of a random number at either end?",
    )
    farthest = max(first + width for first, width in masks if width)
    ends_alike = f"No mask comes farther than {farthest} of {size}: which axis has so many places?"
    for one in range(1, widest + 1):
        begins = {first for first, width in masks if width == one}
        missing = [
            end
            for place, end in ((0, "begins with the first"), (size - one, "ends with the last"))
            if place not in begins
        ]
        expect.that(
            not missing,
            expected=f"masks of width {one} from the first of the {size} {name} to the last",
            got=f"none that {' or '.join(missing)}",
            hint=ends_alike
            if farthest == other
            else f"Where may a mask of width {one} begin? Which place is the last, and does it depend on the width?",
        )
    ends = [sum(first == 0 for first, width in masks if width), sum(sum(mask) == size for mask in masks if mask[1])]
    expect.that(
        evenly(ends),
        expected=f"about as many masks that begin with the first of the {size} {name} as masks that end with the last",
        got=f"{ends[0]} and {ends[1]}",
        hint="Does a mask stick out at the end? How far can it begin from there?",
    )


@check(
    "augment.spec_kept",
    points=0.25,
    hints=hints.DRAWN,
    idea="The clips stay as they are, and the generator alone decides on masks",
)
def masking_leaves_its_input(student: Student, solution: Reference | None, expect: Expect) -> None:
    x = awkward(12, 8, 12, dtype=torch.float32)
    _require_new_and_repeatable(student, expect, "log_mel", student.augment.spec_augment, x, 3, 4)


def _require_new_and_repeatable(student: Any, expect: Expect, name: str, function: Any, x: Tensor, *sizes: int) -> None:
    """Require that the input is kept, that the same seed gives the same, and one of four others something else.

    Two seeds do the same to 12 clips in less than one of 10**8 gradings, since each clip has 11 ways or more.
    """
    require_inputs_kept(student, expect, (name,), function, x, *sizes, student.training.generator(a_seed()))
    with expect.case(f"{len(x)} clips"):
        first, second, *others = (
            expect.tensor(function(x.clone(), *sizes, student.training.generator(a_seed(topic)))).detach()
            for topic in ("one", "one", "two", "three", "four", "five")
        )
    expect.close(
        first, second, atol=0.0, what="the same for the same seed", case="twice", hint="Which generator draws?"
    )
    expect.that(
        not all(torch.equal(first, other) for other in others),
        expected="something else for another seed",
        got="the same",
        hint="Which random numbers are drawn, and from the generator that is given?",
    )


def require_means(expect: Expect, masked: Tensor, original: Tensor) -> None:
    """Require that every value is what it was, or its clip's mean.  (batch, n_mels, time) both."""
    mean = original.mean(dim=(1, 2), keepdim=True)
    strange = ~(near(masked, original) | near(masked, mean))
    hint = "Is the mean that of the clip as it came, before anything of it was hidden? Over which axes is it taken?"
    if bool((masked[strange] == 0).all()):
        hint = "What is hidden becomes the clip's mean, and not 0."
    elif bool(near(masked[strange], original.mean()).all()):
        hint = "Whose mean is it: the clip's, or the batch's?"
    else:
        for words, other in (
            ("smallest values", original.amin(dim=(1, 2), keepdim=True)),
            ("largest values", original.amax(dim=(1, 2), keepdim=True)),
            ("means of each band over time", original.mean(dim=2, keepdim=True)),
            ("means of each frame over the bands", original.mean(dim=1, keepdim=True)),
        ):
            if bool((~strange | near(masked, other)).all()):
                hint = f"What is hidden holds the clips' {words}: which one number is due for a whole clip?"
    expect.that(
        not bool(strange.any()),
        expected="each value as it was, or the mean of its clip",
        got=f"{int(strange.sum())} of {strange.numel()} values are something else",
        hint=hint,
    )
