"""Hidden checks of task 1: more layers, values against the reference."""

from __future__ import annotations

from typing import Any

from exercises.checking import Expect, check

Settings = tuple[dict[str, int], ...]


def _layers(module: Any, settings: Settings) -> list[Any]:
    return [module.Layer(**setting) for setting in settings]


def _words(settings: Settings) -> str:
    return "[" + ", ".join(f"Layer({', '.join(f'{k}={v}' for k, v in s.items())})" for s in settings) + "]"


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
    idea="The size is rounded down after every layer; dilation widens the span of the kernel",
)
def output_size_of_stacks(student: Any, solution: Any, expect: Expect) -> None:
    for size, settings in STACKS:
        expect.equal(
            student.receptive_field.output_size(size, _layers(student.receptive_field, settings)),
            solution.receptive_field.output_size(size, _layers(solution.receptive_field, settings)),
            case=f"size {size}, {_words(settings)}",
            hint="What does a dilated kernel span? When is the size rounded down: after each layer, or once?",
        )


def _compare_fields(student: Any, solution: Any, expect: Expect, stacks: tuple[Settings, ...], hint: str) -> None:
    for settings in stacks:
        expect.equal(
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
    )
    hint = "How far apart in the input are two neighbouring samples of this layer? Whose strides decide that?"
    _compare_fields(student, solution, expect, stacks, hint)


@check("receptive_field.dilation", points=0.5, idea="A kernel of k taps with dilation d spans d (k - 1) + 1 samples")
def dilation_widens_the_field(student: Any, solution: Any, expect: Expect) -> None:
    stacks: tuple[Settings, ...] = (
        ({"kernel_size": 3, "dilation": 4},),
        ({"kernel_size": 3, "dilation": 1}, {"kernel_size": 3, "dilation": 2}, {"kernel_size": 3, "dilation": 4}),
        ({"kernel_size": 5, "dilation": 3, "padding": 6}, {"kernel_size": 3, "dilation": 2}),
    )
    _compare_fields(
        student,
        solution,
        expect,
        stacks,
        "Draw the taps of a kernel of 3 with dilation 2. How far is it from the first to the last?",
    )


@check(
    "receptive_field.parameters",
    points=0.5,
    idea="A layer has its weights, and one bias for each number or channel that comes out",
)
def parameters_with_bias(student: Any, solution: Any, expect: Expect) -> None:
    hint = "Which numbers have a bias of their own? Along how many axes does the kernel extend?"
    cases: tuple[tuple[str, dict[str, Any]], ...] = (
        ("dense_parameters", {"n_inputs": 7, "n_units": 3}),
        ("dense_parameters", {"n_inputs": 11, "n_units": 2, "bias": False}),
        ("local_parameters", {"n_positions": 30, "kernel_size": 3}),
        ("local_parameters", {"n_positions": 12, "kernel_size": 5, "bias": False}),
        ("conv_parameters", {"in_channels": 3, "out_channels": 5, "kernel_size": 7}),
        ("conv_parameters", {"in_channels": 4, "out_channels": 6, "kernel_size": 3, "ndim": 1}),
        ("conv_parameters", {"in_channels": 2, "out_channels": 3, "kernel_size": 3, "ndim": 3, "bias": False}),
    )
    for name, arguments in cases:
        expect.equal(
            getattr(student.receptive_field, name)(**arguments),
            getattr(solution.receptive_field, name)(**arguments),
            case=f"{name}({', '.join(f'{k}={v}' for k, v in arguments.items())})",
            hint=hint,
        )
