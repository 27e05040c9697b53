"""Public checks of task 1."""

from __future__ import annotations

from typing import Any

import torch

from exercises.checking import Expect, check


def require_number(expect: Expect, got: Any, expected: int, *, case: str, hint: str) -> None:
    """Require a whole number, and no tensor that holds one."""
    expect.that(
        not isinstance(got, torch.Tensor),
        expected="a whole number (int)",
        got=f"{case}: a tensor",
        hint="Everything in this task is counting, without torch. `.item()` gives the number in a tensor.",
    )
    expect.equal(got, expected, case=case, hint=hint)


@check(
    "receptive_field.output_size",
    points=0.5,
    idea="A convolution turns n samples into floor((n + 2 padding - span) / stride) + 1",
)
def output_size_is_what_torch_computes(student: Any, solution: Any, expect: Expect) -> None:
    layer = student.receptive_field.Layer
    for size, kernel_size, stride, padding in ((28, 3, 1, 1), (28, 7, 4, 3), (9, 2, 2, 0), (30, 5, 3, 2)):
        torch_layer = torch.nn.Conv1d(1, 1, kernel_size, stride, padding, dtype=torch.float32)
        require_number(
            expect,
            student.receptive_field.output_size(size, [layer(kernel_size, stride, padding)]),
            torch_layer(torch.zeros(1, 1, size, dtype=torch.float32)).shape[-1],
            case=f"size {size}, [Layer({kernel_size}, stride={stride}, padding={padding})]",
            hint="At how many places does the kernel fit? Padding is added at both ends; torch rounds down.",
        )
    require_number(
        expect,
        student.receptive_field.output_size(28, [layer(3, padding=1), layer(2, stride=2)]),
        14,
        case="size 28, [Layer(3, padding=1), Layer(2, stride=2)]",
        hint="What goes into the second layer?",
    )


@check("receptive_field.two_small_kernels", points=0.25, idea="Two convolutions of 3 see as far as one of 5")
def two_small_kernels_see_as_far_as_a_large_one(student: Any, solution: Any, expect: Expect) -> None:
    tasks = student.receptive_field
    layer = tasks.Layer
    for kernels, field in (([], 1), ([5], 5), ([3, 3], 5), ([3, 3, 3], 7)):
        require_number(
            expect,
            tasks.receptive_field([layer(kernel_size) for kernel_size in kernels]),
            field,
            case=f"[{', '.join(f'Layer({kernel_size})' for kernel_size in kernels)}]",
            hint="By how many samples does each further layer of 3 widen the view?",
        )
    require_number(
        expect,
        tasks.receptive_field([layer(2, stride=2), layer(3)]),
        6,
        case="[Layer(2, stride=2), Layer(3)]: pooling by 2, then a kernel of 3",
        hint="How far apart in the input are two neighbouring samples after the pooling?",
    )


@check(
    "receptive_field.conv_parameters",
    points=0.25,
    idea="Two kernels of 3 x 3 have fewer parameters than one of 5 x 5; shared by all positions, a kernel costs once",
)
def convolution_counts(student: Any, solution: Any, expect: Expect) -> None:
    for arguments, due in (((16, 16, 3), 16 * 16 * 9), ((16, 16, 5), 16 * 16 * 25), ((1, 100, 10), 10_000)):
        require_number(
            expect,
            student.receptive_field.conv_parameters(*arguments, bias=False),
            due,
            case=f"conv_parameters({', '.join(map(str, arguments))}, bias=False)",
            hint="How many weights does one kernel have, and how many kernels are there?",
        )


@check(
    "receptive_field.dense_parameters",
    points=0.25,
    idea="From an image of 200 x 200 to another one, a dense layer needs 16e8 parameters",
)
def dense_counts(student: Any, solution: Any, expect: Expect) -> None:
    pixels = 200 * 200
    require_number(
        expect,
        student.receptive_field.dense_parameters(pixels, pixels, bias=False),
        1_600_000_000,
        case=f"dense_parameters({pixels}, {pixels}, bias=False)",
        hint="Which numbers have a weight of their own? Look at the lecture's picture.",
    )


@check(
    "receptive_field.local_parameters",
    points=0.25,
    idea="With a kernel of 10 x 10 for each position of a 200 x 200 image, 4e6 parameters are left",
)
def local_counts(student: Any, solution: Any, expect: Expect) -> None:
    require_number(
        expect,
        student.receptive_field.local_parameters(200 * 200, 10, bias=False),
        4_000_000,
        case="local_parameters(40000, 10, bias=False)",
        hint="Which numbers have a weight of their own? Look at the lecture's picture.",
    )
