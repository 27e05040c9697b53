"""Public checks of task 1."""

from __future__ import annotations

from typing import Any

import torch

from exercises.checking import Expect, check


@check(
    "receptive_field.output_size",
    points=0.5,
    idea="A convolution turns n samples into floor((n + 2 padding - span) / stride) + 1",
)
def output_size_is_what_torch_computes(student: Any, solution: Any, expect: Expect) -> None:
    layer = student.receptive_field.Layer
    for size, kernel_size, stride, padding in ((28, 3, 1, 1), (28, 7, 4, 3), (9, 2, 2, 0), (30, 5, 3, 2)):
        torch_layer = torch.nn.Conv1d(1, 1, kernel_size, stride, padding)
        expect.equal(
            student.receptive_field.output_size(size, [layer(kernel_size, stride, padding)]),
            torch_layer(torch.zeros(1, 1, size)).shape[-1],
            case=f"size {size}, Layer({kernel_size}, stride={stride}, padding={padding})",
            hint="At how many places does the kernel fit? Padding is added at both ends; torch rounds down.",
        )
    expect.equal(
        student.receptive_field.output_size(28, [layer(3, padding=1), layer(2, stride=2)]),
        14,
        case="size 28, [Layer(3, padding=1), Layer(2, stride=2)]",
        hint="What goes into the second layer?",
    )


@check(
    "receptive_field.two_small_kernels",
    points=0.5,
    idea="Two convolutions of 3 see as far as one of 5, with fewer parameters",
)
def two_small_kernels_see_as_far_as_a_large_one(student: Any, solution: Any, expect: Expect) -> None:
    tasks = student.receptive_field
    layer = tasks.Layer
    for layers, field in (([], 1), ([layer(5)], 5), ([layer(3), layer(3)], 5), ([layer(3), layer(3), layer(3)], 7)):
        expect.equal(
            tasks.receptive_field(layers),
            field,
            case=f"{len(layers)} layers",
            hint="By how many samples does each further layer of 3 widen the view?",
        )
    expect.equal(
        tasks.receptive_field([layer(2, stride=2), layer(3)]),
        6,
        case="pooling by 2, then a kernel of 3",
        hint="How far apart in the input are two neighbouring samples after the pooling?",
    )
    small = tasks.conv_parameters(16, 16, 3, bias=False)
    expect.equal(
        small,
        16 * 16 * 9,
        case="conv_parameters(16, 16, 3, bias=False)",
        hint="How many weights does one kernel have, and how many kernels are there?",
    )
    expect.equal(
        tasks.conv_parameters(16, 16, 5, bias=False),
        16 * 16 * 25,
        case="conv_parameters(16, 16, 5, bias=False)",
        hint="How many weights does one kernel have, and how many kernels are there?",
    )


@check(
    "receptive_field.lecture_counts",
    points=0.5,
    idea="A 200 x 200 image needs 16e8 parameters with a dense layer, 4e6 with local kernels, 1e4 with shared ones",
)
def lecture_counts(student: Any, solution: Any, expect: Expect) -> None:
    tasks = student.receptive_field
    pixels = 200 * 200
    hint = "Which numbers have a weight of their own? Look at the lecture's three pictures."
    expect.equal(tasks.dense_parameters(pixels, pixels, bias=False), 1_600_000_000, case="dense", hint=hint)
    expect.equal(tasks.local_parameters(pixels, 10, bias=False), 4_000_000, case="local, 10 x 10 kernels", hint=hint)
    expect.equal(
        tasks.conv_parameters(1, 100, 10, bias=False), 10_000, case="shared, 100 kernels of 10 x 10", hint=hint
    )
