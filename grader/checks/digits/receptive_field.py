"""Hidden checks of task 1: more layers, values against the reference."""

from __future__ import annotations

from typing import Any

from exercises.checking import Expect, Reference, Student, check, draw
from exercises.digits.checks import hints
from exercises.digits.checks.miscounts import Settings
from exercises.digits.checks.receptive_field import (
    APART,
    SPAN,
    compare_counts,
    drawn_stack,
    layers_of,
    require_number,
    size_for,
    words,
)

STACKS: tuple[tuple[int, Settings], ...] = (
    (28, ()),
    (29, ({"kernel_size": 2, "stride": 2}, {"kernel_size": 2, "stride": 2}, {"kernel_size": 2, "stride": 2})),
    (40, ({"kernel_size": 3, "dilation": 4}, {"kernel_size": 5, "padding": 4, "dilation": 2})),
    (
        28,
        (
            {"kernel_size": 7, "stride": 4, "padding": 3},
            {"kernel_size": 3, "padding": 1},
            {"kernel_size": 2, "stride": 2},
        ),
    ),
    (6, ({"kernel_size": 1, "stride": 5}, {"kernel_size": 1, "stride": 3})),
)
LARGEST = {"kernel_size": 11, "stride": 4, "padding": 5, "dilation": 7}


def _stacks(**largest: int) -> list[Settings]:
    """Some of few layers and some of many."""
    counts = (1, 3, draw("layers").randint(4, 7))
    return [drawn_stack(number, count, **largest) for number, count in enumerate(counts)]


@check(
    "receptive_field.output_size_stacks",
    points=0.5,
    hints=hints.SIZES,
    idea="What comes out of a layer goes into the next one; dilation widens the span of the kernel",
    topic="stacks of layers",
)
def output_size_of_stacks(student: Student, solution: Reference, expect: Expect) -> None:
    hint = "What does a dilated kernel span, how many zeros are at both ends together, and how does each layer round?"
    drawn = [(size_for(number, stack), stack) for number, stack in enumerate(_stacks(**LARGEST))]
    for size, settings in (*STACKS, *drawn):
        with expect.case(f"size {size}, {words(settings)}", hint=hint):
            got, due = (
                one.receptive_field.output_size(size, layers_of(one.receptive_field, settings))
                for one in (student, solution)
            )
            require_number(expect, got, due)


def _compare_fields(student: Student, solution: Reference, expect: Expect, hint: str, *stacks: Settings) -> None:
    for settings in stacks:
        with expect.case(words(settings), hint=hint):
            got, due = (
                one.receptive_field.receptive_field(layers_of(one.receptive_field, settings))
                for one in (student, solution)
            )
            require_number(expect, got, due)


@check(
    "receptive_field.strides",
    points=0.5,
    hints=hints.FIELDS,
    idea="Strides multiply: after strides of 4 and 2, neighbouring samples lie 8 input samples apart",
    topic="strides",
)
def strides_multiply(student: Student, solution: Reference, expect: Expect) -> None:
    stacks: tuple[Settings, ...] = (
        (
            {"kernel_size": 7, "stride": 4, "padding": 3},
            {"kernel_size": 2, "stride": 2},
            {"kernel_size": 3, "padding": 1},
        ),
        ({"kernel_size": 3, "stride": 2}, {"kernel_size": 3, "stride": 3}, {"kernel_size": 3, "stride": 5}),
        ({"kernel_size": 1, "stride": 3}, {"kernel_size": 4}),
        ({"kernel_size": 5, "stride": 7},),
        *_stacks(kernel_size=9, stride=5, padding=3),
    )
    _compare_fields(student, solution, expect, APART, *stacks)


@check(
    "receptive_field.dilation",
    points=0.5,
    hints=hints.FIELDS,
    idea="A kernel of k taps with dilation d spans d (k - 1) + 1 samples",
    topic="dilation",
)
def dilation_widens_the_field(student: Student, solution: Reference, expect: Expect) -> None:
    stacks: tuple[Settings, ...] = (
        ({"kernel_size": 3, "dilation": 4},),
        ({"kernel_size": 3, "dilation": 1}, {"kernel_size": 3, "dilation": 2}, {"kernel_size": 3, "dilation": 4}),
        ({"kernel_size": 5, "dilation": 3, "padding": 6}, {"kernel_size": 3, "dilation": 2}),
        *_stacks(kernel_size=9, dilation=9),
    )
    _compare_fields(student, solution, expect, SPAN, *stacks)


def _compare_counts(student: Student, solution: Reference, expect: Expect, name: str, *cases: dict[str, Any]) -> None:
    hint = "Which numbers have a bias of their own? Along how many axes does the kernel extend?"
    count = getattr(solution.receptive_field, name)
    compare_counts(student, expect, name, hint, *(((), named, count(**named)) for named in cases))


@check(
    "receptive_field.dense_bias",
    points=0.1,
    hints=hints.COUNTS,
    idea="A dense layer has one bias for each number that comes out",
    topic="bias",
)
def dense_parameters_with_bias(student: Student, solution: Reference, expect: Expect) -> None:
    random = draw()
    default = dict(zip(("n_inputs", "n_units"), random.sample(range(2, 1000), 2), strict=True))
    _compare_counts(student, solution, expect, "dense_parameters", default, {**default, "bias": False})


@check(
    "receptive_field.local_bias",
    points=0.15,
    hints=hints.COUNTS,
    idea="A locally connected layer has one bias for each position",
    topic="bias",
)
def local_parameters_with_bias(student: Student, solution: Reference, expect: Expect) -> None:
    random = draw()
    default = {"n_positions": random.randint(2, 999), "kernel_size": random.randint(3, 12)}
    _compare_counts(student, solution, expect, "local_parameters", default, {**default, "bias": False})


@check(
    "receptive_field.conv_bias",
    points=0.25,
    hints=hints.COUNTS,
    idea="A convolution has one bias for each output channel, and kernels of as many axes as its input",
    topic="bias",
)
def conv_parameters_with_bias(student: Student, solution: Reference, expect: Expect) -> None:
    random = draw()

    def drawn(**others: Any) -> dict[str, Any]:
        channels = dict(zip(("in_channels", "out_channels"), random.sample(range(2, 100), 2), strict=True))
        return {**channels, "kernel_size": random.randint(3, 9), **others}

    cases = (drawn(), drawn(ndim=1), drawn(ndim=2), drawn(ndim=3, bias=False), drawn(ndim=3))
    _compare_counts(student, solution, expect, "conv_parameters", *cases)
