"""Public checks of task 3."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from exercises.checking import Expect, Reference, Student, check, draw

from . import hints
from .alone import alone_too
from .observe import (
    count,
    each_written,
    inputs,
    made,
    numbers,
    reached,
    require_gradients,
    require_input_kept,
    shapes,
    silence,
)
from .own import require_own_pooling
from .residual import (
    AXES,
    PARTS,
    require_both_ways,
    require_nonlinear,
    require_odd,
    require_order,
    require_reach,
    require_shape_kept,
    require_skip,
    require_usual_momentum,
    residual_block,
)
from .slips import TWICE, about_unknown_pool, same

POOLS: dict[str, Callable[..., Tensor]] = {"max": F.max_pool2d, "avg": F.avg_pool2d}
MOMENTUM = "Which of its arguments have your norms been given, other than torch's defaults?"
WHICH_POOL = "which word asks for which pooling?"
RELU_MORE = (
    "These are the windows of the input with 0 for what is negative: where does the docstring have a ReLU? Or does "
    "your maximum begin at 0?"
)
WHICH_CHANNELS = "How many channels does the residual block get: as many as come in, or as many as go out?"


@check(
    "blocks.residual_shape_1d",
    points=0.1,
    hints=hints.LENGTHS,
    idea="A residual block keeps the length, for every odd kernel and every dilation",
)
def residual_block_keeps_the_length(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_shape_kept(student, expect, "ResidualBlock1d")


@check(
    "blocks.residual_shape_2d",
    points=0.15,
    hints=hints.LENGTHS,
    idea="A residual block keeps height and width, for every odd kernel and every dilation",
)
def residual_block_keeps_height_and_width(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_shape_kept(student, expect, "ResidualBlock2d")


@check(
    "blocks.even_kernel_1d",
    points=0.1,
    hints=hints.EVEN_KERNEL,
    idea="ResidualBlock1d raises ValueError for an even kernel_size",
)
def even_kernel_raises_1d(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_odd(student, expect, "ResidualBlock1d")


@check(
    "blocks.even_kernel_2d",
    points=0.15,
    hints=hints.EVEN_KERNEL,
    idea="ResidualBlock2d raises ValueError for an even kernel_size",
)
def even_kernel_raises_2d(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_odd(student, expect, "ResidualBlock2d")


@check(
    "blocks.skip_1d", points=0.2, hints=hints.SKIP, idea="ResidualBlock1d adds its input to what its branch computes"
)
def silent_branch_leaves_the_input_1d(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_skip(student, expect, "ResidualBlock1d")


@check(
    "blocks.skip_2d", points=0.2, hints=hints.SKIP, idea="ResidualBlock2d adds its input to what its branch computes"
)
def silent_branch_leaves_the_input_2d(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_skip(student, expect, "ResidualBlock2d")


@check(
    "blocks.order_1d",
    points=0.1,
    hints=hints.ORDER,
    idea="f = norm1, ReLU, conv1, norm2, ReLU, conv2: each once, in this order, on time",
)
def parts_follow_each_other_1d(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_order(student, expect, "ResidualBlock1d")


@check(
    "blocks.order_2d",
    points=0.15,
    hints=hints.ORDER,
    idea="f = norm1, ReLU, conv1, norm2, ReLU, conv2, on images as on time",
)
def parts_follow_each_other_2d(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_order(student, expect, "ResidualBlock2d")


@check(
    "blocks.receptive_field_1d",
    points=0.2,
    hints=hints.REACH,
    idea="Both convolutions are dilated: the block reaches dilation (kernel_size - 1) samples to each side",
)
def both_convolutions_are_dilated_1d(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_reach(student, expect, "ResidualBlock1d")


@check(
    "blocks.receptive_field_2d",
    points=0.3,
    hints=hints.REACH,
    idea="Both convolutions are dilated: the block reaches dilation (kernel_size - 1) pixels to each side",
)
def both_convolutions_are_dilated_2d(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_reach(student, expect, "ResidualBlock2d")


@check(
    "blocks.nonlinear_1d",
    points=0.1,
    hints=hints.ORDER,
    idea="Without a ReLU, f of ResidualBlock1d would only be a sum of weights",
)
def branch_is_not_linear_1d(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_nonlinear(student, expect, "ResidualBlock1d")


@check(
    "blocks.nonlinear_2d",
    points=0.15,
    hints=hints.ORDER,
    idea="Without a ReLU, f of ResidualBlock2d would only be a sum of weights",
)
def branch_is_not_linear_2d(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_nonlinear(student, expect, "ResidualBlock2d")


def _require_parameters(student: Any, expect: Expect, name: str) -> None:
    channels, kernel_size = draw("channels").randint(2, 9), draw("kernel").choice((3, 5, 7))
    convolution, norm = channels * channels * kernel_size ** AXES[name] + channels, 2 * channels
    with expect.case(f"{name}({channels}, {kernel_size})", hint="Are weights and biases there, with torch's defaults?"):
        block = residual_block(student, name, channels, kernel_size)
        for part, due in zip(PARTS, (norm, convolution, norm, convolution), strict=True):
            expect.equal(count(student.probe.parameter_shapes(getattr(block, part))), due, case=f"numbers in {part}")
        total = numbers(student, block, inputs(2, channels, *(9,) * AXES[name]), expect=expect)
        expect.that(
            total == 2 * convolution + 2 * norm,
            expected=f"{2 * convolution + 2 * norm} numbers in all that forward uses",
            got=f"{total}",
            hint="Are all four parts attributes of the module, each of them used once?",
        )
    with expect.case(f"{name}({channels}) in training, the same batch twice", hint=MOMENTUM):
        require_usual_momentum(student, expect, residual_block(student, name, channels).train(), AXES[name], channels)


@check(
    "blocks.parameters_1d",
    points=0.1,
    hints=hints.PARAMETERS,
    idea="ResidualBlock1d has two convolutions and two norms of its own",
)
def residual_block_has_all_parameters_1d(student: Student, solution: Reference | None, expect: Expect) -> None:
    _require_parameters(student, expect, "ResidualBlock1d")


@check(
    "blocks.parameters_2d",
    points=0.15,
    hints=hints.PARAMETERS,
    idea="ResidualBlock2d has two convolutions and two norms of its own",
)
def residual_block_has_all_parameters_2d(student: Student, solution: Reference | None, expect: Expect) -> None:
    _require_parameters(student, expect, "ResidualBlock2d")


def _require_gradients(student: Any, expect: Expect, name: str, *sizes: int) -> None:
    x = inputs(3, 4, *sizes)
    require_gradients(student, residual_block(student, name, 4), x, name, expect)
    require_both_ways(student, residual_block(student, name, 4), x, name, expect)


@check(
    "blocks.gradient_1d",
    points=0.1,
    hints=hints.REACHED,
    idea="The gradient reaches every parameter of ResidualBlock1d, and its input through x and through f",
)
def gradient_reaches_everything_1d(student: Student, solution: Reference | None, expect: Expect) -> None:
    _require_gradients(student, expect, "ResidualBlock1d", 17)


@check(
    "blocks.gradient_2d",
    points=0.1,
    hints=hints.REACHED,
    idea="The gradient reaches every parameter of ResidualBlock2d, and its input through x and through f",
)
def gradient_reaches_everything_2d(student: Student, solution: Reference | None, expect: Expect) -> None:
    _require_gradients(student, expect, "ResidualBlock2d", 8, 9)


def _conv_block(student: Any, in_channels: int, *arguments: Any, **named: Any) -> Any:
    return made(student, "blocks", "ConvBlock2d", in_channels, *arguments, shape=(2, in_channels, 8, 8), **named)


@check(
    "blocks.conv_block_shape",
    points=0.2,
    hints=hints.CONV_BLOCK,
    idea="A convolution block changes the channels and halves height and width, rounded down",
)
@alone_too
def conv_block_changes_channels_and_halves(student: Student, solution: Reference | None, expect: Expect) -> None:
    random = draw("channels")
    pairs = [(3, 5, "max"), (4, 4, "avg"), (random.randint(2, 9), 1, "max"), (1, random.randint(2, 9), "avg")]
    for (batch, _, *sizes), (in_channels, out_channels, pool) in zip(shapes(2, 6, 15), pairs, strict=True):
        shape = (batch, in_channels, *sizes)
        with expect.case(
            f"ConvBlock2d({in_channels}, {out_channels}, pool={pool!r}) of shape {shape}",
            hint="Three parts, one after the other: which one changes the channels, to more or to fewer, and which one "
            "the size?",
        ):
            block = student.blocks.ConvBlock2d(in_channels, out_channels, pool=pool).float()
            expect.shape(block(inputs(*shape)), (batch, out_channels, *(size // 2 for size in sizes)))


@check(
    "blocks.conv_block_example",
    points=0.15,
    hints=hints.CONV_BLOCK,
    idea="With all weights 0 and equal channels a convolution block only pools; other channels need a 1x1 convolution",
)
@alone_too
def silent_block_of_equal_channels(student: Student, solution: Reference | None, expect: Expect) -> None:
    batch, channels, *halves = shapes(2, 3, 7)[0]
    x = inputs(batch, channels, *(2 * half for half in halves)) - 2
    for pool, by_torch in POOLS.items():
        with expect.case(
            f"ConvBlock2d({channels}, {channels}, pool={pool!r}) with all weights 0, shape {tuple(x.shape)}",
            hint="With equal channels nothing stands before the residual block. Is `pool` looked at?",
        ):
            block = _conv_block(student, channels, channels, pool=pool)
            silence(block)
            got, due = block.eval()(x.clone()), by_torch(x, 2)
            other = next(one for word, one in POOLS.items() if word != pool)(x, 2)
            swapped = isinstance(got, Tensor) and got.shape == other.shape and torch.allclose(got, other, atol=1e-5)
            hint = TWICE if same(got, 2 * due) else ""
            hint = f"These are the {'averages' if pool == 'max' else 'maxima'}: {WHICH_POOL}" if swapped else hint
            hint = RELU_MORE if same(got, by_torch(x.clamp(min=0), 2)) else hint
            what = f"the {pool} of each 2 x 2 window"
            expect.close(got, due, atol=1e-5, what=what, hint=hint)  # rounding
    fewer = channels - 1
    with expect.case(
        f"numbers in ConvBlock2d({fewer}, {channels}) beyond those in ConvBlock2d({channels}, {channels})",
        hint="How many weights does a 1x1 convolution have, and how many biases?",
    ):
        totals = [
            numbers(student, _conv_block(student, one, channels), inputs(2, one, 8, 8), expect=expect, unused=True)
            for one in (fewer, channels)
        ]
        more, projection = totals[0] - totals[1], fewer * channels + channels
        expect.equal(more, projection, hint="" if 0 < more <= 2 * projection else WHICH_CHANNELS)


def _require_residual_behind(student: Any, expect: Expect, block: Any, sizes: tuple[int, int, int]) -> None:
    """Require that the numbers are not those of a residual block on the channels that come in, before the 1x1.

    Stand-ins have as many; so a mistake in the residual block is none here.

    Args:
        sizes: in_channels, out_channels, kernel_size.
    """
    fewer, more, kernel_size = sizes
    before = 2 * fewer * (fewer * kernel_size**2 + 3) + fewer * more + more  # two convolutions and two norms, and 1x1
    expect.that(
        fewer == more or count(student.probe.parameter_shapes(block)) != before,
        expected=f"a residual block of {more} channels, behind the 1x1 convolution",
        got=f"{before} numbers, as with one of {fewer} channels before it",
        hint=WHICH_CHANNELS,
    )


@check(
    "blocks.conv_block_gradient",
    points=0.1,
    hints=hints.REACHED,
    idea="The gradient reaches every parameter of ConvBlock2d",
)
@alone_too
def gradient_reaches_every_parameter_of_a_conv_block(
    student: Student, solution: Reference | None, expect: Expect
) -> None:
    require_gradients(student, _conv_block(student, 4, 6), inputs(3, 4, 8, 9), "ConvBlock2d", expect)


@check(
    "blocks.conv_block_order",
    points=0.3,
    hints=hints.CONV_BLOCK,
    idea="First the 1x1 convolution, then the residual block at full size, then the pooling",
)
@alone_too
def pooling_comes_last(student: Student, solution: Reference | None, expect: Expect) -> None:
    """One input pixel reaches kernel_size - 1 pixels to each side before the pooling halves that."""
    drawn = (draw("in").randint(2, 5), draw("out").randint(2, 5), draw("kernel").choice((5, 7)))
    for in_channels, out_channels, kernel_size in ((3, 5, 3), (4, 4, 5), drawn):
        half = kernel_size + draw("size").randint(2, 4)
        pixel = kernel_size + draw("pixel").choice((1, 3))  # even, and so far inside that more than is due would show
        shape, out_shape = (2, in_channels, 2 * half, 2 * half + 2), (2, out_channels, half, half + 1)
        goal = list(range((pixel - (kernel_size - 1)) // 2, (pixel + kernel_size - 1) // 2 + 1))
        with expect.case(
            f'ConvBlock2d({in_channels}, {out_channels}, {kernel_size}, pool="avg")',
            hint="How far does one pixel spread if the pooling comes first? Which kernel has `kernel_size`?",
        ):
            # An average shows every pixel that reaches it; a maximum hides most.
            block = _conv_block(student, in_channels, out_channels, kernel_size, pool="avg")
            _require_residual_behind(student, expect, block, (in_channels, out_channels, kernel_size))
            for positions in reached(block, shape, (pixel, pixel), out_shape, [goal, goal], expect):
                expect.that(
                    positions == goal,
                    expected=f"{len(goal)} outputs along each axis that depend on one pixel",
                    got=f"{len(positions)}",
                )


@check(
    "blocks.pool_argument",
    points=0.15,
    hints=hints.REFUSED,
    idea='Any other `pool` than "max" and "avg" raises ValueError',
)
@alone_too
def unknown_pool_raises(student: Student, solution: Reference | None, expect: Expect) -> None:
    with expect.case('pool="avg"'):  # an answer that refuses everything is none
        student.blocks.ConvBlock2d(3, 5, pool="avg")
    drawn = "".join(draw().choices("adegimnorstvwx", k=5))
    for pool in ("mean", "", "maximum", drawn):
        expect.raises(
            partial(student.blocks.ConvBlock2d, 3, 5, pool=pool),
            "ValueError",
            case=f"pool={pool!r}",
            hint=partial(about_unknown_pool, student, pool),
        )


@check("blocks.input_kept", points=0.1, hints=hints.INPUT_KEPT, idea="The blocks leave their input as it is")
def inputs_stay_as_they_are(student: Student, solution: Reference | None, expect: Expect) -> None:
    def judge(name: str, axes: int, *outputs: int) -> None:
        batch, channels, *sizes = shapes(axes, 6, 9)[0]
        block = getattr(student.blocks, name)(channels, *(channels + more for more in outputs)).float()
        require_input_kept(student, name, block, inputs(batch, channels, *sizes), expect)

    cases = (("ResidualBlock1d", 1), ("ResidualBlock2d", 2), ("ConvBlock2d", 2, 0), ("ConvBlock2d", 2, 1))
    each_written(partial(judge, *case) for case in cases)


@check(
    "blocks.no_torch_pooling",
    points=0.15,
    hints=hints.OWN_POOLING,
    idea="The blocks use your own pooling: no pooling function or module of torch",
)
@alone_too
def blocks_use_own_pooling(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_own_pooling(student, "blocks", expect)
