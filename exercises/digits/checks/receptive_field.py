"""Public checks of task 1.  Torch itself gives what is due: its layers are run, and what they show is counted."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import torch
import torch.nn.functional as F

from exercises.checking import Expect, Hint, Reference, Student, check, draw

from . import hints
from .miscounts import Settings, about_field, about_size

PLACES = "At how many places does the kernel fit? Padding is added at both ends; torch rounds down."
SPAN = "Draw the taps of a kernel of 3 with dilation 2. How far is it from the first to the last?"
APART = "How far apart in the input are two neighbouring samples of this layer? Whose strides decide that?"


def require_number(expect: Expect, got: Any, expected: int, hint: Hint = "") -> None:
    """Require a whole number, and no tensor that holds one."""
    expect.that(
        not isinstance(got, torch.Tensor),
        expected="a whole number (int)",
        got="a tensor",
        hint="Everything in this task is counting, without torch. `.item()` gives the number in a tensor.",
    )
    expect.equal(got, expected, hint=hint)


def layers_of(module: Any, settings: Settings) -> list[Any]:
    """The layers of a student's module with these settings."""
    return [module.Layer(**setting) for setting in settings]


def words(settings: Settings) -> str:
    """`[Layer(3, stride=2), Layer(2)]`, as a student would write it."""

    def one(setting: dict[str, int]) -> str:
        others = [f"{name}={value}" for name, value in setting.items() if name != "kernel_size"]
        return f"Layer({', '.join([str(setting['kernel_size']), *others])})"

    return f"[{', '.join(map(one, settings))}]"


def drawn_stack(topic: object, count: int, **most: int) -> Settings:
    """Layers with drawn numbers, from 1 (the padding from 0) to those of `most`; the first kernel is larger than 1."""
    random = draw(topic)
    found = tuple(
        {name: random.randint(0 if name == "padding" else 1, largest) for name, largest in most.items()}
        for _ in range(count)
    )
    found[0]["kernel_size"] = random.randint(2, most["kernel_size"])
    return found


def size_for(topic: object, settings: Settings) -> int:
    """A size of the input that leaves some samples after each of these layers, and most often a remainder."""
    random = draw(f"size for {topic}")
    size = random.randint(2, 6)
    for setting in reversed(settings):
        stride, padding = setting.get("stride", 1), setting.get("padding", 0)
        span = setting.get("dilation", 1) * (setting["kernel_size"] - 1) + 1
        size = max(1, (size - 1) * stride + span - 2 * padding + random.randrange(stride))
    return size


def size_by_torch(size: int, settings: Settings) -> int:
    """How many samples torch's convolutions leave."""
    x = torch.zeros(1, 1, size, dtype=torch.float32)
    for setting in settings:
        x = torch.nn.Conv1d(1, 1, **setting, dtype=torch.float32)(x)  # type: ignore[arg-type]  # they are numbers
    return x.shape[-1]


def field_by_torch(settings: Settings) -> int:
    """From the first to the last input sample that one output sample of torch's convolutions depends on."""
    without_zeros = tuple({**setting, "padding": 0} for setting in settings)
    x = torch.zeros(1, 1, size_for("the field", without_zeros), dtype=torch.float32, requires_grad=True)
    out = x
    for setting in without_zeros:
        kernel = torch.ones(1, 1, setting["kernel_size"], dtype=torch.float32)
        out = F.conv1d(out, kernel, stride=setting.get("stride", 1), dilation=setting.get("dilation", 1))
    (gradient,) = torch.autograd.grad(out[0, 0, out.shape[-1] // 2], x)
    (places,) = gradient[0, 0].nonzero(as_tuple=True)
    return int(places[-1] - places[0]) + 1


def _compare_sizes(student: Any, expect: Expect, hint: str, *cases: tuple[int, Settings]) -> None:
    module = student.receptive_field

    def ask(size: int, settings: Settings) -> Any:
        return module.output_size(size, layers_of(module, settings))

    for size, settings in cases:
        with expect.case(f"size {size}, {words(settings)}", hint=hint):
            require_number(
                expect, ask(size, settings), size_by_torch(size, settings), hint=partial(about_size, ask, hint)
            )


def _compare_fields(student: Any, expect: Expect, hint: str, *cases: tuple[Settings, int]) -> None:
    module = student.receptive_field

    def ask(settings: Settings) -> Any:
        return module.receptive_field(layers_of(module, settings))

    for settings, due in cases:
        with expect.case(words(settings), hint=hint):
            require_number(expect, ask(settings), due, hint=partial(about_field, ask, hint))


def compare_counts(
    student: Any, expect: Expect, name: str, hint: str, *cases: tuple[Sequence[int], dict[str, Any], int]
) -> None:
    """Require numbers of parameters: arguments, those by name, and what is due, in each case."""
    for arguments, named, due in cases:
        values = [*map(str, arguments), *(f"{word}={value}" for word, value in named.items())]
        with expect.case(f"{name}({', '.join(values)})", hint=hint):
            require_number(expect, getattr(student.receptive_field, name)(*arguments, **named), due)


@check(
    "receptive_field.output_size",
    points=0.4,
    hints=hints.SIZES,
    idea="A convolution turns n samples into floor((n + 2 padding - span) / stride) + 1",
)
def output_size_is_what_torch_computes(student: Student, solution: Reference | None, expect: Expect) -> None:
    known = ((28, 3, 1, 1), (28, 7, 4, 3), (9, 2, 2, 0), (30, 5, 3, 2))
    single: list[tuple[int, Settings]] = [
        (size, ({"kernel_size": k, "stride": s, "padding": p},)) for size, k, s, p in known
    ]
    for number in range(3):
        settings = drawn_stack(number, 1, kernel_size=9, stride=5, padding=4)
        single.append((size_for(number, settings), settings))
    _compare_sizes(student, expect, PLACES, *single)
    two: Settings = ({"kernel_size": 3, "padding": 1}, {"kernel_size": 2, "stride": 2})
    drawn = drawn_stack("stack", 2, kernel_size=7, stride=3, padding=3)
    hint = "What goes into the second layer? And what comes out where there is none?"
    sizes = draw("no layer").randint(5, 99)
    _compare_sizes(student, expect, hint, (28, two), (size_for("stack", drawn), drawn), (sizes, ()))


@check(
    "receptive_field.output_size_dilated",
    points=0.1,
    hints=hints.SIZES,
    idea="A dilated kernel spans more samples than it has taps",
)
def output_size_of_dilated_layers(student: Student, solution: Reference | None, expect: Expect) -> None:
    drawn = drawn_stack("layer", 1, kernel_size=7, padding=3, dilation=5)
    drawn[0]["dilation"] += 1
    _compare_sizes(
        student,
        expect,
        SPAN,
        (20, ({"kernel_size": 3, "dilation": 2},)),
        (28, ({"kernel_size": 5, "padding": 2, "dilation": 3},)),
        (size_for("layer", drawn), drawn),
    )


@check(
    "receptive_field.two_small_kernels",
    points=0.25,
    hints=hints.FIELDS,
    idea="Two convolutions of 3 see as far as one of 5",
)
def two_small_kernels_see_as_far_as_a_large_one(student: Student, solution: Reference | None, expect: Expect) -> None:
    hint = "By how many samples does each further layer of 3 widen the view?"
    drawn = drawn_stack("kernels", 4, kernel_size=9)
    known: list[tuple[list[int], int]] = [([], 1), ([5], 5), ([3, 3], 5), ([3, 3, 3], 7)]
    cases = [(tuple({"kernel_size": one} for one in many), field) for many, field in known]
    _compare_fields(student, expect, hint, *cases, (drawn, field_by_torch(drawn)))


@check(
    "receptive_field.field_strides",
    points=0.25,
    hints=hints.FIELDS,
    idea="After pooling by 2, neighbouring samples lie 2 input samples apart, and after another one 4",
)
def strides_widen_the_view(student: Student, solution: Reference | None, expect: Expect) -> None:
    drawn = drawn_stack("strides", 3, kernel_size=5, stride=4)
    cases: tuple[tuple[Settings, int], ...] = (
        (({"kernel_size": 2, "stride": 2}, {"kernel_size": 2, "stride": 2}, {"kernel_size": 3}), 12),
        (({"kernel_size": 2, "stride": 2}, {"kernel_size": 3}), 6),
        (({"kernel_size": 3, "padding": 1}, {"kernel_size": 2, "stride": 2}, {"kernel_size": 3, "padding": 1}), 8),
        (drawn, field_by_torch(drawn)),
    )
    _compare_fields(student, expect, APART, *cases)


@check(
    "receptive_field.field_dilated",
    points=0.25,
    hints=hints.FIELDS,
    idea="One layer sees the span of its kernel, dilated or not",
)
def dilation_widens_the_view(student: Student, solution: Reference | None, expect: Expect) -> None:
    drawn = drawn_stack("dilation", 2, kernel_size=6, dilation=5)
    drawn[0]["dilation"] += 1
    one = ({"kernel_size": 3, "dilation": 2},)
    two = (*one, {"kernel_size": 3})
    _compare_fields(student, expect, SPAN, (one, 5), (two, 7), (drawn, field_by_torch(drawn)))


@check(
    "receptive_field.conv_parameters",
    points=0.25,
    hints=hints.COUNTS,
    idea="Two kernels of 3 x 3 have fewer parameters than one of 5 x 5; shared by all positions, a kernel costs once",
)
def convolution_counts(student: Student, solution: Reference | None, expect: Expect) -> None:
    hint = "How many weights does one kernel have, and how many kernels are there?"
    random = draw()
    (fewer, more), size = random.sample(range(2, 31), 2), random.randint(3, 6)
    drawn = (fewer, more, size)
    layers = {
        1: torch.nn.Conv1d(fewer, more, size, dtype=torch.float32),
        2: torch.nn.Conv2d(fewer, more, size, dtype=torch.float32),
    }
    by_torch = {ndim: sum(p.numel() for p in layer.parameters()) for ndim, layer in layers.items()}
    compare_counts(
        student,
        expect,
        "conv_parameters",
        hint,
        ((16, 16, 3), {"bias": False}, 16 * 16 * 9),
        ((16, 16, 5), {"bias": False}, 16 * 16 * 25),
        ((1, 100, 10), {"bias": False}, 10_000),
        ((*drawn, 2), {"bias": False}, by_torch[2] - more),
    )
    hint = "Which numbers have a bias of their own? Along how many axes does the kernel extend?"
    compare_counts(
        student,
        expect,
        "conv_parameters",
        hint,
        (drawn, {"ndim": 2, "bias": True}, by_torch[2]),
        (drawn, {"ndim": 1}, by_torch[1]),
    )


@check(
    "receptive_field.dense_parameters",
    points=0.25,
    hints=hints.COUNTS,
    idea="From an image of 200 x 200 to another one, a dense layer needs 16e8 parameters",
)
def dense_counts(student: Student, solution: Reference | None, expect: Expect) -> None:
    pixels = 200 * 200
    random = draw()
    n_inputs, n_units = random.sample(range(2, 100), 2)
    layer = torch.nn.Linear(n_inputs, n_units, dtype=torch.float32)
    compare_counts(
        student,
        expect,
        "dense_parameters",
        "How many units are there, and which weights, and which bias, does each of them have for itself?",
        ((pixels, pixels), {"bias": False}, 1_600_000_000),
        ((n_inputs, n_units), {}, sum(p.numel() for p in layer.parameters())),
    )


@check(
    "receptive_field.local_parameters",
    points=0.25,
    hints=hints.COUNTS,
    idea="With a kernel of 10 x 10 for each position of a 200 x 200 image, 4e6 parameters are left",
)
def local_counts(student: Student, solution: Reference | None, expect: Expect) -> None:
    random = draw()
    positions, kernel_size = random.randint(2, 99), random.randint(3, 9)
    kernels = sum(torch.zeros(kernel_size, kernel_size).numel() for _ in range(positions))
    compare_counts(
        student,
        expect,
        "local_parameters",
        "How many units are there, and which weights, and which bias, does each of them have for itself?",
        ((200 * 200, 10), {"bias": False}, 4_000_000),
        ((positions, kernel_size), {"bias": False}, kernels),
        ((positions, kernel_size), {"bias": True}, kernels + positions),
    )
