"""Public checks of task 3."""

from __future__ import annotations

from functools import partial
from typing import Any

from exercises.checking import Expect, check

from .observe import each_written, inputs, require_input_kept, silence
from .own import require_own_pooling


def _require_shape_kept(student: Any, expect: Expect, name: str, *sizes: int) -> None:
    """Every odd kernel and dilation; batches of one, and one channel."""
    cases = [
        (2, 4, kernel_size, dilation) for kernel_size, dilation in ((3, 1), (5, 1), (3, 2), (5, 3), (1, 1), (7, 2))
    ]
    cases += [(1, 4, 3, 1), (2, 1, 3, 1), (1, 1, 3, 1)]
    for batch, channels, kernel_size, dilation in cases:
        block = getattr(student.blocks, name)(channels, kernel_size=kernel_size, dilation=dilation).float()
        shape = (batch, channels, *sizes)
        expect.shape(
            block(inputs(*shape)),
            shape,
            case=f"{name}({channels}, kernel_size={kernel_size}, dilation={dilation}) of shape {shape}",
            hint="How far does a dilated kernel reach to each side? That many zeros are needed there.",
        )


@check(
    "blocks.residual_shape_1d",
    points=0.1,
    idea="A residual block keeps the length, for every odd kernel and every dilation",
)
def residual_block_keeps_the_length(student: Any, solution: Any, expect: Expect) -> None:
    _require_shape_kept(student, expect, "ResidualBlock1d", 17)


@check(
    "blocks.residual_shape_2d",
    points=0.15,
    idea="A residual block keeps height and width, for every odd kernel and every dilation",
)
def residual_block_keeps_height_and_width(student: Any, solution: Any, expect: Expect) -> None:
    _require_shape_kept(student, expect, "ResidualBlock2d", 15, 13)


def _require_odd(student: Any, expect: Expect, name: str) -> None:
    build = getattr(student.blocks, name)
    build(4, 3)  # an answer that refuses everything is none
    for kernel_size in (2, 4):
        expect.raises(
            partial(build, 4, kernel_size),
            "ValueError",
            case=f"{name}(4, kernel_size={kernel_size})",
            hint="With an even kernel, how many zeros would each side need?",
        )


@check("blocks.even_kernel_1d", points=0.1, idea="ResidualBlock1d raises ValueError for an even kernel_size")
def even_kernel_raises_1d(student: Any, solution: Any, expect: Expect) -> None:
    _require_odd(student, expect, "ResidualBlock1d")


@check("blocks.even_kernel_2d", points=0.15, idea="ResidualBlock2d raises ValueError for an even kernel_size")
def even_kernel_raises_2d(student: Any, solution: Any, expect: Expect) -> None:
    _require_odd(student, expect, "ResidualBlock2d")


def _require_skip(student: Any, expect: Expect, name: str, *sizes: int) -> None:
    """With every weight at 0 the branch gives 0, so only the skip path is left."""
    block = getattr(student.blocks, name)(4).float()
    silence(block)
    x = inputs(2, 4, *sizes)
    expect.close(
        block.eval()(x.clone()),
        x,
        atol=1e-6,  # x + 0 is exact
        what="the input itself",
        case=f"{name} with all weights 0",
        hint="What is added to the output of the branch, and does anything come after the sum?",
    )


@check("blocks.skip_1d", points=0.2, idea="ResidualBlock1d adds its input to what its branch computes")
def silent_branch_leaves_the_input_1d(student: Any, solution: Any, expect: Expect) -> None:
    _require_skip(student, expect, "ResidualBlock1d", 17)


@check("blocks.skip_2d", points=0.2, idea="ResidualBlock2d adds its input to what its branch computes")
def silent_branch_leaves_the_input_2d(student: Any, solution: Any, expect: Expect) -> None:
    _require_skip(student, expect, "ResidualBlock2d", 7, 9)


@check(
    "blocks.conv_block_shape",
    points=0.2,
    idea="A convolution block changes the channels and halves height and width, rounded down",
)
def conv_block_changes_channels_and_halves(student: Any, solution: Any, expect: Expect) -> None:
    cases = [(2, channels, pool) for channels in ((3, 5), (4, 4)) for pool in ("max", "avg")]
    cases += [(1, (3, 5), "max"), (1, (1, 1), "avg"), (2, (3, 1), "max")]
    for batch, (in_channels, out_channels), pool in cases:
        block = student.blocks.ConvBlock2d(in_channels, out_channels, pool=pool).float()
        expect.shape(
            block(inputs(batch, in_channels, 12, 9)),
            (batch, out_channels, 6, 4),
            case=f"ConvBlock2d({in_channels}, {out_channels}, pool={pool!r}), batch of {batch}",
            hint="Three parts, one after the other: which one changes the channels, and which one the size?",
        )


@check("blocks.pool_argument", points=0.15, idea='Any other `pool` than "max" and "avg" raises ValueError')
def unknown_pool_raises(student: Any, solution: Any, expect: Expect) -> None:
    student.blocks.ConvBlock2d(3, 5, pool="avg")  # an answer that refuses everything is none
    for pool in ("mean", "", "maximum"):
        expect.raises(
            lambda pool=pool: student.blocks.ConvBlock2d(3, 5, pool=pool),  # type: ignore[misc]  # of a default's type
            "ValueError",
            case=f"pool={pool!r}",
            hint='What does your block do with a `pool` that is neither "max" nor "avg"? ConvBlock1d shows one way.',
        )


@check("blocks.input_kept", points=0.1, idea="The blocks leave their input as it is")
def inputs_stay_as_they_are(student: Any, solution: Any, expect: Expect) -> None:
    def judge(name: str, arguments: tuple[int, ...], *sizes: int) -> None:
        block = getattr(student.blocks, name)(*arguments).float()
        require_input_kept(student, name, block, inputs(2, 4, *sizes), expect)

    cases: tuple[tuple[Any, ...], ...] = (("ResidualBlock1d", (4,), 9), ("ResidualBlock2d", (4,), 6, 5))
    cases += (("ConvBlock2d", (4, 4), 6, 5), ("ConvBlock2d", (4, 3), 6, 5))
    each_written(partial(judge, *case) for case in cases)


@check(
    "blocks.no_torch_pooling",
    points=0.15,
    idea="The blocks use your own pooling: no pooling function or module of torch",
)
def blocks_use_own_pooling(student: Any, solution: Any, expect: Expect) -> None:
    require_own_pooling(student, "blocks", expect)
