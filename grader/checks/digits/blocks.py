"""Hidden checks of task 3: values against the reference with weights set from outside, and what reaches what."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from exercises.checking import Expect, check, load_weights, random_state, randomise, weights
from exercises.digits.checks.observe import count, inputs, reached, require_gradients, silence
from exercises.digits.checks.own import require_own_class
from grader.checks.private import numbers, private
from grader.checks.weights import PARTS, give_weights_of

Kernel = tuple[int, int]  # kernel_size, dilation
WIDE: tuple[Kernel, ...] = ((3, 4), (5, 3), (7, 2), (7, 1))


def _values(solution: Any, *shape: int, seed: int = 0) -> Tensor:
    return private(solution, *shape, seed=seed, dtype=torch.float32)


def _compare_blocks(
    student: Any, solution: Any, expect: Expect, name: str, kernels: tuple[Kernel, ...], *sizes: int
) -> None:
    for kernel_size, dilation in kernels:
        reference, block = (
            getattr(blocks, name)(channels=3, kernel_size=kernel_size, dilation=dilation).float()
            for blocks in (solution.blocks, student.blocks)
        )
        randomise(reference, seed=kernel_size)
        give_weights_of(reference, student, block, expect)
        # Shifted: scaling alone would not show a missing norm.
        x = _values(solution, 4, 3, *sizes, seed=kernel_size) * 2 + 1
        for mode in ("eval", "train"):
            expect.close(
                getattr(block, mode)()(x.clone()),
                getattr(reference, mode)()(x),
                atol=1e-3,  # sums of at most 147 products in float32: rounding stays below 1e-4
                rtol=1e-3,
                case=f"{name}(3, {kernel_size}, dilation={dilation}) in {mode} mode",
                hint="In which order does f apply norm, ReLU and convolution? Count the norms and the ReLUs.",
            )


def _other_kernels(solution: Any) -> tuple[Kernel, ...]:
    return ((5, 2), (1, 1), numbers(solution).choice(WIDE))


@check("blocks.residual_1d", points=0.35, idea="f = norm1, ReLU, conv1, norm2, ReLU, conv2, along time")
def residual_1d_values(student: Any, solution: Any, expect: Expect) -> None:
    _compare_blocks(student, solution, expect, "ResidualBlock1d", ((3, 1),), 19)


@check("blocks.residual_1d_kernels", points=0.15, idea="The same along time with other kernels and dilations")
def residual_1d_values_of_other_kernels(student: Any, solution: Any, expect: Expect) -> None:
    _compare_blocks(student, solution, expect, "ResidualBlock1d", _other_kernels(solution), 19)


@check("blocks.residual_2d", points=0.5, idea="f = norm1, ReLU, conv1, norm2, ReLU, conv2, on images")
def residual_2d_values(student: Any, solution: Any, expect: Expect) -> None:
    _compare_blocks(student, solution, expect, "ResidualBlock2d", ((3, 1),), 11, 8)


@check("blocks.residual_2d_kernels", points=0.25, idea="The same on images with other kernels and dilations")
def residual_2d_values_of_other_kernels(student: Any, solution: Any, expect: Expect) -> None:
    _compare_blocks(student, solution, expect, "ResidualBlock2d", _other_kernels(solution), 11, 8)


def _require_reach(student: Any, solution: Any, expect: Expect, name: str, axes: int) -> None:
    """Change one input sample and see which outputs change."""
    for kernel_size, dilation in ((3, 1), (3, 3), (5, 2), numbers(solution, seed=axes).choice(WIDE)):
        centre = dilation * (kernel_size - 1) + 2  # two more, to see that the block does not go further
        block = getattr(student.blocks, name)(4, kernel_size, dilation).float()
        shape = (2, 4, *(2 * centre + 1,) * axes)
        reach = range(-(kernel_size - 1), kernel_size)  # in steps of the dilation
        goal = [centre + step * dilation for step in reach]
        for positions in reached(block, shape, (centre,) * axes, shape, [goal] * axes, expect):
            offsets = [position - centre for position in positions]
            expect.that(
                positions == goal,
                expected=f"{len(reach)} outputs that depend on one sample, up to {reach[-1] * dilation} away",
                got=f"{name}(4, {kernel_size}, dilation={dilation}): {len(offsets)} outputs, "
                f"up to {max((abs(offset) for offset in offsets), default=0)} away",
                hint="Which of the two convolutions know the kernel size and the dilation?",
            )


@check(
    "blocks.receptive_field_1d",
    points=0.2,
    idea="Both convolutions are dilated: the block reaches dilation (kernel_size - 1) samples to each side",
)
def both_convolutions_are_dilated_1d(student: Any, solution: Any, expect: Expect) -> None:
    _require_reach(student, solution, expect, "ResidualBlock1d", 1)


@check(
    "blocks.receptive_field_2d",
    points=0.3,
    idea="Both convolutions are dilated: the block reaches dilation (kernel_size - 1) pixels to each side",
)
def both_convolutions_are_dilated_2d(student: Any, solution: Any, expect: Expect) -> None:
    _require_reach(student, solution, expect, "ResidualBlock2d", 2)


def _require_nonlinear(student: Any, expect: Expect, name: str, *sizes: int) -> None:
    """For a linear (or affine) map, f(a + b) - f(a) - f(b) + f(0) is 0."""
    block = getattr(student.blocks, name)(4).float().eval()
    state, largest = weights(block), 0.0
    for seed in range(4):  # with some weights, every ReLU is open or every one is shut
        load_weights(block, random_state(state, seed))
        a, b = inputs(2, 4, *sizes, seed=seed), inputs(2, 4, *sizes, seed=seed + 10)
        outputs = []
        for x in (a + b, a, b, torch.zeros_like(a)):
            expect.shape(output := block(x), a.shape, case=name)
            outputs.append(output.detach())
        size = max(1.0, *(float(output.abs().max()) for output in outputs))
        largest = max(largest, float((outputs[0] - outputs[1] - outputs[2] + outputs[3]).abs().max()) / size)
        if largest > 1e-2:  # of the largest output; rounding leaves 1e-6
            break
    expect.that(
        largest > 1e-2,
        expected="f(a + b) different from f(a) + f(b)",
        got=f"{name}: the same up to rounding",
        hint="What lies between the two convolutions?",
    )


@check("blocks.nonlinear_1d", points=0.1, idea="Without a ReLU, f of ResidualBlock1d would only be a sum of weights")
def branch_is_not_linear_1d(student: Any, solution: Any, expect: Expect) -> None:
    _require_nonlinear(student, expect, "ResidualBlock1d", 17)


@check("blocks.nonlinear_2d", points=0.15, idea="Without a ReLU, f of ResidualBlock2d would only be a sum of weights")
def branch_is_not_linear_2d(student: Any, solution: Any, expect: Expect) -> None:
    _require_nonlinear(student, expect, "ResidualBlock2d", 7, 9)


def _require_parameters(student: Any, expect: Expect, name: str, axes: int) -> None:
    block = getattr(student.blocks, name)(4, kernel_size=5)
    convolution, norm = 4 * 4 * 5**axes + 4, 2 * 4
    for part, expected in zip(PARTS, (norm, convolution, norm, convolution), strict=True):
        expect.equal(
            count(student.probe.parameter_shapes(getattr(block, part))),
            expected,
            case=f"numbers in {name}.{part}",
            hint="Are weights and biases there, with torch's defaults?",
        )
    total = count(student.probe.parameter_shapes(block))
    expect.that(
        total == 2 * convolution + 2 * norm,
        expected=f"{2 * convolution + 2 * norm} numbers in {name}(4, 5)",
        got=f"{total}",
        hint="Are all four parts attributes of the module, each of them used once?",
    )


@check("blocks.parameters_1d", points=0.1, idea="ResidualBlock1d has two convolutions and two norms of its own")
def residual_block_has_all_parameters_1d(student: Any, solution: Any, expect: Expect) -> None:
    _require_parameters(student, expect, "ResidualBlock1d", 1)


@check("blocks.parameters_2d", points=0.15, idea="ResidualBlock2d has two convolutions and two norms of its own")
def residual_block_has_all_parameters_2d(student: Any, solution: Any, expect: Expect) -> None:
    _require_parameters(student, expect, "ResidualBlock2d", 2)


@check("blocks.gradient_1d", points=0.1, idea="The gradient reaches every parameter of ResidualBlock1d")
def gradient_reaches_every_parameter_1d(student: Any, solution: Any, expect: Expect) -> None:
    block = student.blocks.ResidualBlock1d(4).float()
    require_gradients(student, block, inputs(3, 4, 17), "ResidualBlock1d", expect)


@check("blocks.gradient_2d", points=0.1, idea="The gradient reaches every parameter of ResidualBlock2d")
def gradient_reaches_every_parameter_2d(student: Any, solution: Any, expect: Expect) -> None:
    block = student.blocks.ResidualBlock2d(4).float()
    require_gradients(student, block, inputs(3, 4, 8, 9), "ResidualBlock2d", expect)


@check("blocks.conv_block_gradient", points=0.1, idea="The gradient reaches every parameter of ConvBlock2d")
def gradient_reaches_every_parameter_of_a_conv_block(student: Any, solution: Any, expect: Expect) -> None:
    block = student.blocks.ConvBlock2d(4, 6).float()
    require_gradients(student, block, inputs(3, 4, 8, 9), "ConvBlock2d", expect)


@check(
    "blocks.conv_block_pool",
    points=0.35,
    idea='A convolution block ends with pooling by 2: "max" or "avg", as it was asked for',
)
def silent_conv_block_only_pools(student: Any, solution: Any, expect: Expect) -> None:
    """With every weight at 0 and equal channels, the block is its pooling."""
    for pool in ("max", "avg"):
        block = student.blocks.ConvBlock2d(3, 3, pool=pool).float()
        silence(block)
        for sizes in ((8, 6), (9, 7)):
            x = _values(solution, 2, 3, *sizes) - 2
            pooled = solution.pooling.MaxPool2d(2) if pool == "max" else solution.pooling.AvgPool2d(2)
            expect.close(
                block.eval()(x.clone()),
                pooled(x),
                atol=1e-5,  # a mean of four values of at most 6 in float32: rounding stays below 1e-6
                what=f"the {pool} of each 2 x 2 window of the input",
                case=f"ConvBlock2d(3, 3, pool={pool!r}) with all weights 0, {sizes[0]} x {sizes[1]} pixels",
                hint="With equal channels nothing stands before the residual block. Is `pool` looked at?",
            )
    require_own_class(student, "blocks", "ConvBlock2d", expect)


@check(
    "blocks.conv_block_project",
    points=0.3,
    idea="A 1x1 convolution changes the channels, and is there only where they differ",
)
def one_by_one_convolution_changes_channels(student: Any, solution: Any, expect: Expect) -> None:
    residual = 2 * (5 * 5 * 9 + 5) + 2 * (2 * 5)
    for in_channels, extra in ((3, 3 * 5 + 5), (5, 0)):
        total = count(student.probe.parameter_shapes(student.blocks.ConvBlock2d(in_channels, 5)))
        expect.that(
            total == residual + extra,
            expected=f"{residual + extra} numbers in ConvBlock2d({in_channels}, 5)",
            got=f"{total}",
            hint="When is the 1x1 convolution needed? How many channels does the residual block have?",
        )
    block = student.blocks.ConvBlock2d(3, 5).float()
    silence(block)
    weight = _values(solution, 5, 3)
    load_weights(
        block, {name: weight.reshape(value.shape) for name, value in weights(block).items() if value.numel() == 15}
    )
    x = _values(solution, 2, 3, 8, 6, seed=1)
    expected: Tensor = solution.pooling.MaxPool2d(2)(torch.einsum("oi,bihw->bohw", weight, x))
    expect.close(
        block.eval()(x.clone()),
        expected,
        atol=1e-4,  # sums of three products in float32: rounding stays below 1e-5
        case="ConvBlock2d(3, 5) with a silent residual block",
        hint="What does the residual block add to, once the channels are changed?",
    )


@check(
    "blocks.conv_block_order",
    points=0.3,
    idea="First the 1x1 convolution, then the residual block at full size, then the pooling",
)
def pooling_comes_last(student: Any, solution: Any, expect: Expect) -> None:
    """One input pixel reaches kernel_size - 1 pixels to each side before the pooling halves that."""
    for in_channels, out_channels, kernel_size, last in ((3, 5, 3, 6), (4, 4, 5, 7)):
        block = student.blocks.ConvBlock2d(in_channels, out_channels, kernel_size).float()
        shape, out_shape = (2, in_channels, 20, 22), (2, out_channels, 10, 11)
        first = (10 - (kernel_size - 1)) // 2
        goal = list(range(first, last + 1))
        for positions in reached(block, shape, (10, 10), out_shape, [goal, goal], expect):
            expect.that(
                positions == goal,
                expected=f"{len(goal)} outputs along each axis that depend on one pixel",
                got=f"ConvBlock2d({in_channels}, {out_channels}, {kernel_size}): {len(positions)}",
                hint="How far does one pixel spread if the pooling comes first? Which kernel has `kernel_size`?",
            )
