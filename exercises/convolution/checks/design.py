"""Public checks of task 2."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

import torch
from torch import Tensor

from exercises.checking import Expect, Reference, Student, awkward, check, draw

from . import hints
from .judging import each_written, judge_alone, require, require_by_hand, require_own, require_untouched
from .signals import DOUBLE

MIDDLE = "Where does the inverse transform put time 0, and where is it asked for? How many points are transformed back?"
AROUND = "Which value is that of time 0, and how many taps lie on either side of it? Is there a window?"
REFUSED = "Which numbers of taps have no middle, are none, or are more than there are values?"
SUM = "H(f) is the sum over i of taps[i] * exp(-2 pi j f i): which frequency is the last one, and how many are there?"
REST = "What passes through the taps, taken away from everything: which filter lets everything through?"
BAND = "What passes below `high`, less what passes below `low`: which of the two is taken from which?"


@lru_cache(maxsize=2)  # all band-pass filters ask for one size, and its half million cosines take 3 ms
def _cosines(n_fft: int) -> Tensor:
    """Each frequency over time, time 0 in the middle: (n_fft, n_fft // 2 + 1)."""
    times = torch.arange(n_fft, dtype=DOUBLE) - n_fft // 2
    return (2 * math.pi / n_fft * times[:, None] * torch.arange(n_fft // 2 + 1, dtype=DOUBLE)).cos()


def impulse(response: Tensor) -> Tensor:
    """The impulse response that is due: a sum of cosines, with time 0 in the middle."""
    n_fft = 2 * (len(response) - 1)
    weights = torch.full((len(response),), 2.0, dtype=DOUBLE)
    weights[0] = weights[-1] = 1.0  # the first and the last frequency stand for one point each, all others for two
    return _cosines(n_fft) @ (weights * response) / n_fft


def cut(values: Tensor, num_taps: int, window: Tensor | None) -> Tensor:
    """The taps around time 0 that are due."""
    first = len(values) // 2 - (num_taps - 1) // 2
    middle = values[first : first + num_taps]
    return middle if window is None else window * middle


def band(low: float, high: float, num_taps: int, window: Tensor | None) -> Tensor:
    """The band-pass filter that is due."""
    places = torch.arange(513, dtype=DOUBLE) / 1024
    passes = (places <= high).double() - (places <= low).double()
    return cut(impulse(passes), num_taps, window)


def spectrum(taps: Tensor, num_frequencies: int) -> Tensor:
    """The frequency response that is due."""
    frequencies = torch.linspace(0, 0.5, num_frequencies, dtype=DOUBLE)
    angles = 2 * math.pi * frequencies[:, None] * torch.arange(len(taps), dtype=DOUBLE)
    return torch.complex(angles.cos() @ taps.double(), -(angles.sin() @ taps.double()))


@check(
    "design.impulse_example",
    points=0.25,
    hints=hints.IMPULSE,
    idea="What lets everything through makes of a single 1 a single 1",
)
def response_of_ones(student: Student, solution: Reference | None, expect: Expect) -> None:
    for half in (2, draw("half").randint(3, 6)):
        response = torch.full((half + 1,), float(draw("height").randint(2, 9)), dtype=DOUBLE)
        due = torch.zeros(2 * half, dtype=DOUBLE)
        due[half] = response[0]
        with expect.case(f"a response of {half + 1} times {response[0]:g}", hint=MIDDLE):
            require(expect, student.design.impulse_response(response.clone()), due, DOUBLE)


def compare_impulses(student: Any, expect: Expect, most: int) -> None:
    """Drawn responses, of up to so many frequencies."""
    random = draw("responses")
    for seed, length in enumerate((2, 3, random.randint(4, 9), random.randint(4, 9) * 2 + 1, random.randint(20, most))):
        response = awkward(length, seed=seed)
        with expect.case(f"a response of {length} frequencies", hint=MIDDLE):
            require(expect, student.design.impulse_response(response.clone()), impulse(response), DOUBLE)


@check(
    "design.impulse_response",
    points=0.25,
    hints=hints.IMPULSE,
    idea="The inverse Fourier transform, with time 0 in the middle",
)
def impulses_of_drawn_responses(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare_impulses(student, expect, 40)


def compare_truncated(student: Any, expect: Expect, most: int) -> None:
    """Drawn numbers of taps around time 0, the smallest and the largest, with and without a window."""
    random = draw("taps")

    def judge(truncate: Any) -> None:
        for seed, (n_fft, num_taps) in enumerate(sizes):
            values = awkward(n_fft, seed=seed)
            for window in (None, awkward(num_taps, seed=100 + seed)):
                words = "no window" if window is None else "a window"
                with expect.case(f"truncate {n_fft} values to {num_taps} taps, {words}", hint=AROUND):
                    arguments = () if window is None else (window.clone(),)
                    got = truncate(values.clone(), num_taps, *arguments)
                    require(expect, got, cut(values, num_taps, window), DOUBLE)

    n_fft = 2 * random.randint(7, most)
    sizes = [(n_fft, 1), (n_fft, n_fft - 1), (n_fft + 2, 2 * random.randint(1, 5) + 1), (2, 1), (4, 3)]
    judge_alone(student, "design", "truncate", judge)


@check("design.truncate", points=0.25, hints=hints.TRUNCATE, idea="The taps around time 0, times the window")
def taps_around_the_middle(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare_truncated(student, expect, 12)


@check(
    "design.truncate_refuses",
    points=0.2,
    hints=hints.TRUNCATE,
    idea="A number of taps without a middle, or that is not there, is refused",
)
def refused_numbers_of_taps(student: Student, solution: Reference | None, expect: Expect) -> None:
    n_fft = 2 * draw("n_fft").randint(5, 12)
    values = awkward(n_fft)
    with expect.case(f"truncate {n_fft} values to 3 taps", hint=AROUND):  # what refuses everything is not right
        expect.shape(student.design.truncate(values.clone(), 3), (3,))
    for num_taps in (4, n_fft, 0, -1, -2, n_fft + 1, n_fft + 2):
        call = partial(student.design.truncate, values.clone(), num_taps)
        expect.raises(call, "ValueError", case=f"{num_taps} taps of {n_fft} values", hint=REFUSED)


def compare_responses(student: Any, expect: Expect, most: int) -> None:
    """Drawn filters: of one tap, of an even number of them, of more than there are frequencies; of float32, too."""
    random = draw("filters")
    sizes = (
        (1, random.randint(2, 5), DOUBLE),
        (random.randint(2, 9), 2, DOUBLE),
        (2 * random.randint(2, 6), random.randint(9, 30), torch.float32),
        (random.randint(20, most), random.randint(3, 7), DOUBLE),
        (random.randint(5, 9), random.randint(33, most), DOUBLE),
    )
    for seed, (num_taps, num_frequencies, dtype) in enumerate(sizes):
        taps = awkward(num_taps, seed=seed, dtype=dtype)
        words = f"{dtype}".removeprefix("torch.")
        with expect.case(f"{num_taps} taps {words} at {num_frequencies} frequencies", hint=SUM):
            got = student.design.frequency_response(taps.clone(), num_frequencies)
            require(expect, got, spectrum(taps, num_frequencies), DOUBLE)


@check(
    "design.frequency_response",
    points=0.3,
    hints=hints.RESPONSE,
    idea="From frequency 0 to half the sample rate: a sum of turned taps",
)
def responses_of_drawn_filters(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare_responses(student, expect, 50)


def compare_highpass(student: Any, expect: Expect, most: int) -> None:
    """Filters of one tap, and of drawn odd numbers of them."""
    random = draw("taps")
    for seed, num_taps in enumerate((1, 3, 2 * random.randint(2, most) + 1)):
        half = awkward(num_taps // 2 + 1, seed=seed)
        taps = torch.cat([half, half[:-1].flip(0)])  # symmetric, as a low-pass filter is
        due = -taps
        due[num_taps // 2] += 1
        with expect.case(f"highpass of {num_taps} taps", hint=REST):
            require(expect, student.design.highpass(taps.clone()), due, DOUBLE)


@check(
    "design.highpass",
    points=0.15,
    hints=hints.BANDS,
    idea="A high-pass filter lets through what the low-pass filter leaves out",
)
def rest_of_a_lowpass(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare_highpass(student, expect, 9)


def compare_bands(student: Any, expect: Expect, most: int) -> None:
    """Drawn bands, from 0 and up to half the sample rate, with and without a window."""
    random = draw("bands")

    def judge(bandpass: Any) -> None:
        for seed, (low, high, num_taps) in enumerate(sizes):
            for window in (None, awkward(num_taps, seed=seed)):
                words = "no window" if window is None else "a window"
                with expect.case(f"bandpass from {low:g} to {high:g}, {num_taps} taps, {words}", hint=BAND):
                    arguments = () if window is None else (window.clone(),)
                    got = bandpass(low, high, num_taps, *arguments)
                    require(expect, got, band(low, high, num_taps, window), DOUBLE)

    middle = [round(random.uniform(*ends), 4) for ends in ((0.03, 0.15), (0.2, 0.4))]
    sizes = [
        (middle[0], middle[1], 2 * random.randint(3, most) + 1),
        (0.0, middle[0], 2 * random.randint(3, most) + 1),
        (middle[1], 0.5, 1),
    ]
    judge_alone(student, "design", "bandpass", judge)


@check(
    "design.bandpass",
    points=0.2,
    hints=hints.BANDS,
    idea="A band-pass filter is the difference of two low-pass filters",
)
def difference_of_two_lowpass(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare_bands(student, expect, 20)


FUNCTIONS = ("impulse_response", "truncate", "frequency_response", "highpass", "bandpass")


def _arguments(name: str) -> list[tuple[Any, ...]]:
    """What each function is called with."""
    taps = awkward(5, seed=1)
    found: dict[str, list[tuple[Any, ...]]] = {
        "impulse_response": [(awkward(6),)],
        "truncate": [(awkward(10), 5), (awkward(10), 5, taps), (awkward(2), 1)],
        "frequency_response": [(taps, 4)],
        "highpass": [(taps,), (taps[:1],)],
        "bandpass": [(0.1, 0.2, 5, taps)],
    }
    return found[name]


def _each(student: Any, judge: Callable[[str, Any, tuple[Any, ...]], None]) -> None:
    """Judge each function that is written."""

    def one(name: str) -> None:
        function = student.standins.Alone(getattr(student.design, name), "design", name)
        for arguments in _arguments(name):
            function(*arguments)  # what stops tells its own checks
            judge(name, function, arguments)

    each_written(partial(one, name) for name in FUNCTIONS)


@check(
    "design.arguments_kept",
    points=0.1,
    hints=hints.INPUT_KEPT,
    idea="No function changes its arguments, nor shares memory with them",
)
def arguments_stay(student: Student, solution: Reference | None, expect: Expect) -> None:
    _each(student, lambda name, function, given: require_untouched(student, expect, name, function, *given))


@check("design.by_hand", points=0.1, hints=hints.BY_HAND, idea="Filters are designed without functions that convolve")
def design_is_written_by_hand(student: Student, solution: Reference | None, expect: Expect) -> None:
    _each(student, lambda name, _, given: require_own(student, expect, "design", name, *given))
    require_by_hand(student, expect, "design", FUNCTIONS)
