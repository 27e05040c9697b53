"""Public checks of task 3."""

from __future__ import annotations

from typing import Any

import torch

from exercises.checking import Expect, awkward, check

from .observe import silence


@check(
    "blocks.residual_shape",
    points=0.25,
    idea="A residual block keeps the shape, for every odd kernel and every dilation",
)
def residual_block_keeps_the_shape(student: Any, solution: Any, expect: Expect) -> None:
    hint = "How far does a dilated kernel reach to each side? That many zeros are needed there."
    for kernel_size, dilation in ((3, 1), (5, 1), (3, 2), (5, 3), (1, 1)):
        case = f"kernel_size={kernel_size}, dilation={dilation}"
        block = student.blocks.ResidualBlock1d(4, kernel_size, dilation).double()
        expect.shape(block(awkward(2, 4, 17)), (2, 4, 17), case=f"ResidualBlock1d, {case}", hint=hint)
        block = student.blocks.ResidualBlock2d(4, kernel_size=kernel_size, dilation=dilation).double()
        expect.shape(block(awkward(2, 4, 15, 13)), (2, 4, 15, 13), case=f"ResidualBlock2d, {case}", hint=hint)


@check("blocks.even_kernel", points=0.25, idea="An even kernel_size raises ValueError")
def even_kernel_raises(student: Any, solution: Any, expect: Expect) -> None:
    hint = "With an even kernel, how many zeros would each side need?"
    student.blocks.ResidualBlock1d(4, 3)  # an answer that refuses everything is none
    for kernel_size in (2, 4):
        case = f"kernel_size={kernel_size}"
        expect.raises(lambda k=kernel_size: student.blocks.ResidualBlock1d(4, k), "ValueError", case=case, hint=hint)
        expect.raises(lambda k=kernel_size: student.blocks.ResidualBlock2d(4, k), "ValueError", case=case, hint=hint)


@check("blocks.skip", points=0.5, idea="A residual block adds its input to what its branch computes")
def silent_branch_leaves_the_input(student: Any, solution: Any, expect: Expect) -> None:
    """With every weight at 0 the branch gives 0, so only the skip path is left."""
    for name, sizes, dtype in (
        ("ResidualBlock1d", (17,), torch.float64),
        ("ResidualBlock2d", (7, 9), torch.float64),
        ("ResidualBlock2d", (7, 9), torch.float32),
    ):
        block = getattr(student.blocks, name)(4)
        block = block.double() if dtype == torch.float64 else block.float()
        silence(block)
        x = awkward(2, 4, *sizes, dtype=dtype)
        expect.close(
            block.eval()(x.clone()),
            x,
            atol=1e-9,  # nothing to round: any difference is a mistake
            what="the input itself",
            case=f"{name} with all weights 0",
            hint="What is added to the output of the branch, and does anything come after the sum?",
        )


@check(
    "blocks.conv_block_shape",
    points=0.25,
    idea="A convolution block changes the channels and halves height and width, rounded down",
)
def conv_block_changes_channels_and_halves(student: Any, solution: Any, expect: Expect) -> None:
    hint = "Three parts, one after the other: which one changes the channels, and which one the size?"
    for in_channels, out_channels, pool in ((3, 5, "max"), (3, 5, "avg"), (4, 4, "max"), (4, 4, "avg")):
        block = student.blocks.ConvBlock2d(in_channels, out_channels, pool=pool).double()
        case = f"ConvBlock2d({in_channels}, {out_channels}, pool={pool!r})"
        expect.shape(block(awkward(2, in_channels, 12, 9)), (2, out_channels, 6, 4), case=case, hint=hint)


@check("blocks.pool_argument", points=0.25, idea='Any other `pool` than "max" and "avg" raises ValueError')
def unknown_pool_raises(student: Any, solution: Any, expect: Expect) -> None:
    student.blocks.ConvBlock2d(3, 5, pool="avg")  # an answer that refuses everything is none
    for pool in ("mean", "", "maximum"):
        expect.raises(
            lambda pool=pool: student.blocks.ConvBlock2d(3, 5, pool=pool),
            "ValueError",
            case=f"pool={pool!r}",
            hint='What does your block do with a `pool` that is neither "max" nor "avg"? ConvBlock1d shows one way.',
        )
