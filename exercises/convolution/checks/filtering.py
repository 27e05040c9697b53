"""Public checks of task 1.  Torch's own convolution gives what is due."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import product
from typing import Any

import torch
from torch import Tensor

from exercises.checking import Expect, Reference, Student, awkward, check, draw, generator

from . import hints
from .judging import each_written, judge_alone, require, require_by_hand, require_own, require_untouched
from .signals import DOUBLE, SINGLE, Case, cases, convolved, correlated, some

FULL = "How long is the result, from the first sample that a tap meets to the last one? What lies outside of x?"
TURNED = "Which tap weighs the present sample, and which the one before? Try x = 1, 0, 0."
LAG = "Which lag has the first entry: where does taps[0] lie then? Try x = 0, 0, 1 and taps = 0, 1."
TRANSFORMS = "Two spectra are multiplied, and one product comes back: how many transforms are that, of how many points?"
PRODUCT = "Does the result come from the inverse transform of the product of both spectra, and from nothing else?"
INSIDE = "At which lags does all of the template lie inside the signal, and which of them is the first?"
DELAY = "How many of the first values are cut off? The full convolution has P values more than x; where do they go?"
SQUARED = "What is smoothed: x, or its square? Which of the two comes first?"

Judge = Callable[[Any], None]
DUE: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "convolve": convolved,
    "cross_correlate": correlated,
    "fft_convolve": convolved,
    "fft_cross_correlate": correlated,
}


def compare(student: Any, expect: Expect, name: str, drawn: list[Case], hint: str) -> None:
    """Require the values of one of these functions for each of these signals."""

    def judge(function: Any) -> None:
        for case in drawn:
            with expect.case(f"{name}: {case}", hint=hint):
                got = function(case.x.clone(), case.taps.clone())
                expect.shape(got, (*case.x.shape[:-1], case.x.shape[-1] + len(case.taps) - 1), hint=FULL)
                require(expect, got, DUE[name](case.x, case.used), case.x.dtype)

    judge_alone(student, "filtering", name, judge)


def _example(student: Any, expect: Expect, name: str, hint: str, x: list[float], taps: list[float]) -> None:
    """Few whole numbers, whose result can be done by hand."""
    signal, filter_ = (torch.tensor(values, dtype=SINGLE) for values in (x, taps))

    def judge(function: Any) -> None:
        words = ", ".join(f"{value:g}" for value in x), ", ".join(f"{value:g}" for value in taps)
        with expect.case(f"x = [{words[0]}], taps = [{words[1]}]", hint=hint):
            got = function(signal.clone(), filter_.clone())
            expect.close(got, DUE[name](signal, filter_).round().to(SINGLE), atol=1e-4)

    judge_alone(student, "filtering", name, judge)


def _whole(topic: str, count: int) -> list[float]:
    """Drawn digits, of which neither end is 0 and no two neighbours are alike."""
    random = draw(topic)
    found = [random.randint(1, 9)]
    while len(found) < count:
        found.append(random.choice([digit for digit in range(-9, 10) if digit not in (0, found[-1])]))
    return [float(value) for value in found]


def _examples(student: Any, expect: Expect, name: str, hint: str) -> None:
    """Drawn whole numbers: of other sizes than in the first example, and of the same."""
    for time, taps in ((4, 3), (3, 2)):
        _example(student, expect, name, hint, _whole(f"x {time}", time), _whole(f"taps {taps}", taps))


@check(
    "filtering.convolve_example",
    points=0.25,
    hints=hints.CONVOLVE,
    idea="A filter weighs the present sample and those before it",
)
def convolution_of_few_numbers(student: Student, solution: Reference | None, expect: Expect) -> None:
    _example(student, expect, "convolve", TURNED, [1, 0, 0], [2, 1])
    _examples(student, expect, "convolve", TURNED)


@check(
    "filtering.convolve",
    points=0.3,
    hints=hints.CONVOLVE,
    idea="Every signal of a batch is convolved, in its own dtype",
)
def convolution_of_drawn_signals(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare(student, expect, "convolve", cases(), TURNED)


@check(
    "filtering.cross_correlate_example",
    points=0.2,
    hints=hints.CORRELATE,
    idea="Cross-correlation does not turn the filter round",
)
def correlation_of_few_numbers(student: Student, solution: Reference | None, expect: Expect) -> None:
    _example(student, expect, "cross_correlate", LAG, [0, 0, 1], [0, 1])
    _examples(student, expect, "cross_correlate", LAG)


@check(
    "filtering.cross_correlate",
    points=0.25,
    hints=hints.CORRELATE,
    idea="Entry m of a cross-correlation belongs to lag m - P",
)
def correlation_of_drawn_signals(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare(student, expect, "cross_correlate", cases(), LAG)


def require_transforms(student: Any, expect: Expect, name: str, case: Case) -> None:
    """Require two forward transforms and one inverse, of enough points, out of which the result comes."""

    def judge(function: Any) -> None:
        least = case.x.shape[-1] + len(case.taps) - 1
        with expect.case(f"{name}: {case}", hint=TRANSFORMS):
            found = student.listening.transforms(function, case.x.clone(), case.taps.clone())
            kinds = [kind for kind, _ in found]
            expect.that(
                sorted(kinds) == ["forward", "forward", "inverse"],
                expected="two forward transforms and one inverse",
                got=f"{kinds.count('forward')} forward, {kinds.count('inverse')} inverse",
            )
            points = {count for _, count in found}
            expect.that(
                len(points) == 1 and min(points) >= least,
                expected=f"all of one number of points, at least {least}",
                got=f"transforms of {', '.join(map(str, sorted(points)))} points",
            )
        with expect.case(f"{name}: {case}, with transforms that give 2, 2 and 3 times as much", hint=PRODUCT):
            got = student.listening.tampered(function, case.x.clone(), case.taps.clone())
            require(expect, got, 12 * DUE[name](case.x, case.used), case.x.dtype)

    judge_alone(student, "filtering", name, judge)


@check(
    "filtering.fft_convolve",
    points=0.3,
    hints=hints.SPECTRA,
    idea="Multiplying padded spectra gives the values of a convolution",
)
def product_of_spectra(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare(student, expect, "fft_convolve", cases(), FULL)


@check(
    "filtering.transforms",
    points=0.2,
    hints=hints.SPECTRA,
    idea="Two forward transforms and one inverse, all as long as the result",
)
def three_transforms(student: Student, solution: Reference | None, expect: Expect) -> None:
    for case in cases()[:3]:
        require_transforms(student, expect, "fft_convolve", case)


@check(
    "filtering.fft_cross_correlate",
    points=0.25,
    extra=True,
    hints=hints.CORRELATE_BY_SPECTRA,
    idea="With one spectrum conjugated it is a cross-correlation",
)
def product_with_a_conjugate(student: Student, solution: Reference | None, expect: Expect) -> None:
    drawn = cases()
    compare(student, expect, "fft_cross_correlate", drawn, LAG)
    for case in drawn[:3]:
        require_transforms(student, expect, "fft_cross_correlate", case)


def searches(topic: str = "", longest: int = 60) -> list[Case]:
    """Signals with a template in them, which a largest value inside the signal finds without doubt.

    The template's own negative is there too, and at either end something so loud that a lag at which the template
    hangs over the end would win.
    """
    random = draw(f"searches {topic}")
    sizes = (
        ((), random.randint(20, 30), random.randint(3, 6), SINGLE, SINGLE),
        (some(random, 1), random.randint(25, longest), random.randint(4, 9), DOUBLE, SINGLE),
        (some(random, 2), random.randint(21, 30), random.randint(2, 5), SINGLE, DOUBLE),
        ((1,), random.randint(9, 14), 1, DOUBLE, DOUBLE),
    )
    found = [_search(seed, *size) for seed, size in enumerate(sizes)]
    alone = random.randint(4, 9)
    return [*found, Case(awkward(2, alone, seed=900, dtype=SINGLE), awkward(alone, seed=901, dtype=SINGLE))]


def _search(
    seed: int, leading: tuple[int, ...], time: int, taps: int, signal: torch.dtype, filter_: torch.dtype
) -> Case:
    for attempt in range(200):
        number = 1000 * seed + attempt
        template = awkward(taps, seed=500_000 + number)
        x = 0.3 * awkward(*leading, time, seed=number)
        at = torch.randint(1, time - taps, leading, generator=generator(700_000 + number))
        for place in product(*map(range, leading)):
            row, begin = x[place], int(at[place])
            row[begin : begin + taps] += 2 * template
            away = (begin + time // 2) % (time - taps + 1)
            row[away : away + taps] -= 4 * template
        if taps > 1:
            x[..., 0] += 9 * template[-1].sign()
            x[..., -1] += 9 * template[0].sign()
        case = Case(x.to(signal), template.to(filter_))
        best = correlated(case.x, case.used)
        inside = best[..., taps - 1 : time].sort(dim=-1, descending=True).values
        clear = bool((inside[..., 0] > 1.05 * inside[..., 1].abs() + 0.05).all())
        outside = taps == 1 or bool((best.amax(dim=-1) > inside[..., 0] + 0.05).any())
        absolute = best[..., taps - 1 : time].abs().argmax(dim=-1)
        if clear and outside and bool((absolute != _found(case)).any()):
            return case
    raise ValueError("no such signal in 200 attempts")


def _found(case: Case) -> Tensor:
    """Where the template begins."""
    return correlated(case.x, case.used)[..., len(case.taps) - 1 : case.x.shape[-1]].argmax(dim=-1)


def compare_found(student: Any, expect: Expect, drawn: list[Case]) -> None:
    """Require the places of these templates."""

    def judge(function: Any) -> None:
        for case in drawn:
            with expect.case(f"find: {case}", hint=INSIDE):
                got = function(case.x.clone(), case.taps.clone())
                expect.close(got, _found(case), atol=0.0)
                came = expect.tensor(got).dtype
                expect.that(came is torch.int64, expected="int64", got=f"{came}".removeprefix("torch."))

    judge_alone(student, "filtering", "find", judge)


@check(
    "filtering.find",
    points=0.35,
    hints=hints.FIND,
    idea="A template begins at the lag of the largest cross-correlation inside",
)
def template_is_found(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare_found(student, expect, searches())


def compare_energy(student: Any, expect: Expect, drawn: list[Case]) -> None:
    """Require the smoothed squares of these signals."""

    def judge(function: Any) -> None:
        for case in drawn:
            with expect.case(f"energy: {case}", hint=SQUARED):
                got = function(case.x.clone(), case.taps.clone())
                expect.shape(got, case.x.shape, hint=DELAY)
                delay, time = len(case.taps) // 2, case.x.shape[-1]
                due = convolved(case.x.double().square(), case.used)[..., delay : delay + time]
                require(expect, got, due, case.x.dtype)

    judge_alone(student, "filtering", "energy", judge)


@check(
    "filtering.energy", points=0.3, hints=hints.ENERGY, idea="Energy is the square, smoothed, and as late as the signal"
)
def energy_of_drawn_signals(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare_energy(student, expect, cases(odd=True))


ARGUMENTS: tuple[tuple[str, int, int], ...] = (  # samples, taps
    ("convolve", 9, 1),
    ("cross_correlate", 9, 1),
    ("fft_convolve", 9, 1),
    ("fft_cross_correlate", 9, 1),
    ("find", 9, 3),
    ("energy", 9, 1),
)


def _each(student: Any, judge: Callable[[str, Any, Tensor, Tensor], None]) -> None:
    """Judge each function that is written."""

    def one(name: str, time: int, taps: int) -> None:
        x, h = awkward(2, time, dtype=SINGLE), awkward(taps, seed=1, dtype=SINGLE)
        function = student.standins.Alone(getattr(student.filtering, name), "filtering", name)
        function(x.clone(), h.clone())  # what stops tells its own checks
        judge(name, function, x, h)

    each_written(partial(one, *arguments) for arguments in ARGUMENTS)


@check(
    "filtering.arguments_kept",
    points=0.15,
    hints=hints.INPUT_KEPT,
    idea="No function changes its arguments, nor shares memory with them",
)
def arguments_stay(student: Student, solution: Reference | None, expect: Expect) -> None:
    _each(student, lambda name, function, x, h: require_untouched(student, expect, name, function, x, h))


@check(
    "filtering.by_hand",
    points=0.2,
    hints=hints.BY_HAND,
    idea="The filtering is written by yourself, without functions that convolve",
)
def filtering_is_written_by_hand(student: Student, solution: Reference | None, expect: Expect) -> None:
    _each(student, lambda name, _, x, h: require_own(student, expect, "filtering", name, x, h))
    require_by_hand(student, expect, "filtering", [name for name, *_ in ARGUMENTS])
