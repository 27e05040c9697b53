"""Hidden checks of task 1: more layers, values against the reference."""

from __future__ import annotations

from typing import Any

from exercises.checking import Expect, check
from exercises.digits.checks.receptive_field import require_number
from grader.checks.private import numbers

Settings = tuple[dict[str, int], ...]


def _layers(module: Any, settings: Settings) -> list[Any]:
    return [module.Layer(**setting) for setting in settings]


def _words(settings: Settings) -> str:
    return "[" + ", ".join(f"Layer({', '.join(f'{k}={v}' for k, v in s.items())})" for s in settings) + "]"


def _drawn(solution: Any, seed: int, **most: int) -> Settings:
    """Three layers from the private seed; `most` gives the largest value of each of their numbers but the padding."""
    draw = numbers(solution, seed)
    return tuple({name: draw.randint(1, largest) for name, largest in most.items()} for _ in range(3))


STACKS: tuple[tuple[int, Settings], ...] = (
    (28, ()),
    (29, ({"kernel_size": 2, "stride": 2}, {"kernel_size": 2, "stride": 2}, {"kernel_size": 2, "stride": 2})),
    (40, ({"kernel_size": 3, "dilation": 4}, {"kernel_size": 5, "padding": 4, "dilation": 2})),
    (31, ({"kernel_size": 4, "stride": 3, "padding": 1}, {"kernel_size": 3, "stride": 2, "padding": 2, "dilation": 2})),
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


@check(
    "receptive_field.output_size_stacks",
    points=0.75,
    idea="What comes out of a layer goes into the next one; dilation widens the span of the kernel",
)
def output_size_of_stacks(student: Any, solution: Any, expect: Expect) -> None:
    # Of 200 samples, three layers that span 13 and step by 3 leave two.
    drawn = (numbers(solution).randint(200, 400), _drawn(solution, 1, kernel_size=5, stride=3, padding=2, dilation=3))
    for size, settings in (*STACKS, drawn):
        require_number(
            expect,
            student.receptive_field.output_size(size, _layers(student.receptive_field, settings)),
            solution.receptive_field.output_size(size, _layers(solution.receptive_field, settings)),
            case=f"size {size}, {_words(settings)}",
            hint="What does a dilated kernel span, and how many zeros are there at both ends together?",
        )


def _compare_fields(student: Any, solution: Any, expect: Expect, stacks: tuple[Settings, ...], hint: str) -> None:
    for settings in stacks:
        require_number(
            expect,
            student.receptive_field.receptive_field(_layers(student.receptive_field, settings)),
            solution.receptive_field.receptive_field(_layers(solution.receptive_field, settings)),
            case=_words(settings),
            hint=hint,
        )


@check(
    "receptive_field.strides",
    points=0.75,
    idea="Strides multiply: after strides of 4 and 2, neighbouring samples lie 8 input samples apart",
)
def strides_multiply(student: Any, solution: Any, expect: Expect) -> None:
    stacks: tuple[Settings, ...] = (
        (
            {"kernel_size": 7, "stride": 4, "padding": 3},
            {"kernel_size": 2, "stride": 2},
            {"kernel_size": 3, "padding": 1},
        ),
        ({"kernel_size": 3, "stride": 2}, {"kernel_size": 3, "stride": 3}, {"kernel_size": 3, "stride": 5}),
        ({"kernel_size": 1, "stride": 3}, {"kernel_size": 4}),
        ({"kernel_size": 5, "stride": 7},),
        _drawn(solution, 2, kernel_size=5, stride=4),
    )
    hint = "How far apart in the input are two neighbouring samples of this layer? Whose strides decide that?"
    _compare_fields(student, solution, expect, stacks, hint)


@check("receptive_field.dilation", points=0.5, idea="A kernel of k taps with dilation d spans d (k - 1) + 1 samples")
def dilation_widens_the_field(student: Any, solution: Any, expect: Expect) -> None:
    stacks: tuple[Settings, ...] = (
        ({"kernel_size": 3, "dilation": 4},),
        ({"kernel_size": 3, "dilation": 1}, {"kernel_size": 3, "dilation": 2}, {"kernel_size": 3, "dilation": 4}),
        ({"kernel_size": 5, "dilation": 3, "padding": 6}, {"kernel_size": 3, "dilation": 2}),
        _drawn(solution, 3, kernel_size=5, dilation=4),
    )
    _compare_fields(
        student,
        solution,
        expect,
        stacks,
        "Draw the taps of a kernel of 3 with dilation 2. How far is it from the first to the last?",
    )


def _compare_counts(student: Any, solution: Any, expect: Expect, name: str, *cases: dict[str, Any]) -> None:
    for arguments in cases:
        require_number(
            expect,
            getattr(student.receptive_field, name)(**arguments),
            getattr(solution.receptive_field, name)(**arguments),
            case=f"{name}({', '.join(f'{k}={v}' for k, v in arguments.items())})",
            hint="Which numbers have a bias of their own? Along how many axes does the kernel extend?",
        )


@check("receptive_field.dense_bias", points=0.1, idea="A dense layer has one bias for each number that comes out")
def dense_parameters_with_bias(student: Any, solution: Any, expect: Expect) -> None:
    drawn = numbers(solution).randint(2, 99)
    cases = ({"n_inputs": 7, "n_units": 3}, {"n_inputs": 11, "n_units": 2, "bias": False})
    _compare_counts(student, solution, expect, "dense_parameters", *cases, {"n_inputs": drawn, "n_units": 5})


@check("receptive_field.local_bias", points=0.15, idea="A locally connected layer has one bias for each position")
def local_parameters_with_bias(student: Any, solution: Any, expect: Expect) -> None:
    drawn = numbers(solution).randint(2, 99)
    cases = ({"n_positions": 30, "kernel_size": 3}, {"n_positions": 12, "kernel_size": 5, "bias": False})
    _compare_counts(student, solution, expect, "local_parameters", *cases, {"n_positions": drawn, "kernel_size": 4})


@check(
    "receptive_field.conv_bias",
    points=0.25,
    idea="A convolution has one bias for each output channel, and kernels of as many axes as its input",
)
def conv_parameters_with_bias(student: Any, solution: Any, expect: Expect) -> None:
    cases: tuple[dict[str, Any], ...] = (
        {"in_channels": 3, "out_channels": 5, "kernel_size": 7},
        {"in_channels": 4, "out_channels": 6, "kernel_size": 3, "ndim": 1},
        {"in_channels": 2, "out_channels": 3, "kernel_size": 3, "ndim": 3, "bias": False},
        {"in_channels": numbers(solution).randint(2, 99), "out_channels": 7, "kernel_size": 2},
    )
    _compare_counts(student, solution, expect, "conv_parameters", *cases)
