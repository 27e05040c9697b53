"""Hidden checks of task 3: values against the reference with weights set from outside, and what reaches what."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from exercises.checking import Expect, awkward, check, random_state, randomise
from exercises.digits.checks.observe import count, reached, require_gradients, silence
from exercises.digits.checks.source import torch_pooling_in
from grader.checks.private import private
from grader.checks.weights import PARTS, give_weights_of


def _compare_blocks(student: Any, solution: Any, expect: Expect, name: str, *sizes: int) -> None:
    for kernel_size, dilation, dtype in (
        (3, 1, torch.float64),
        (5, 2, torch.float64),
        (1, 1, torch.float64),
        (3, 1, torch.float32),
    ):
        reference, block = (
            _of_type(getattr(blocks, name)(channels=3, kernel_size=kernel_size, dilation=dilation), dtype)
            for blocks in (solution.blocks, student.blocks)
        )
        randomise(reference, seed=kernel_size)
        give_weights_of(reference, student, block, expect)
        # Shifted: scaling alone would not show a missing norm.
        x = (private(solution, 4, 3, *sizes, seed=kernel_size) * 2 + 1).to(dtype)
        # Sums of at most 75 products: in float64 rounding stays below 1e-12, in float32 below 1e-4.
        tolerance = 1e-9 if dtype == torch.float64 else 1e-3
        for mode in ("eval", "train"):
            expected = getattr(reference, mode)()(x)
            expect.close(
                getattr(block, mode)()(x.clone()),
                expected,
                atol=tolerance,
                rtol=tolerance,
                case=f"{name}(3, {kernel_size}, dilation={dilation}) in {mode} mode, {dtype}",
                hint="In which order does f apply norm, ReLU and convolution? Count the norms and the ReLUs.",
            )


def _of_type(module: Any, dtype: torch.dtype) -> Any:
    return module.double() if dtype == torch.float64 else module.float()


@check(
    "blocks.residual_1d",
    points=0.5,
    idea="f = norm1, ReLU, conv1, norm2, ReLU, conv2, along time",
    needs=["blocks.residual_shape"],
)
def residual_1d_values(student: Any, solution: Any, expect: Expect) -> None:
    _compare_blocks(student, solution, expect, "ResidualBlock1d", 19)


@check(
    "blocks.residual_2d",
    points=0.75,
    idea="f = norm1, ReLU, conv1, norm2, ReLU, conv2, on images",
    needs=["blocks.residual_shape"],
)
def residual_2d_values(student: Any, solution: Any, expect: Expect) -> None:
    _compare_blocks(student, solution, expect, "ResidualBlock2d", 11, 8)


@check(
    "blocks.receptive_field",
    points=0.5,
    idea="Both convolutions are dilated: the block reaches dilation (kernel_size - 1) samples to each side",
    needs=["blocks.residual_shape"],
)
def both_convolutions_are_dilated(student: Any, solution: Any, expect: Expect) -> None:
    """Change one input sample and see which outputs change."""
    centre = 10  # the block with the widest reach, 8 to each side, leaves two more to see that it does not go further
    for kernel_size, dilation in ((3, 1), (3, 3), (5, 2)):
        for name, axes in (("ResidualBlock1d", 1), ("ResidualBlock2d", 2)):
            block = getattr(student.blocks, name)(4, kernel_size, dilation).double()
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


@check("blocks.nonlinear", points=0.25, idea="Without a ReLU, f would only be a sum of weights")
def branch_is_not_linear(student: Any, solution: Any, expect: Expect) -> None:
    """For a linear (or affine) map, f(a + b) - f(a) - f(b) + f(0) is 0."""
    for name, sizes in (("ResidualBlock1d", (17,)), ("ResidualBlock2d", (7, 9))):
        block = getattr(student.blocks, name)(4).double().eval()
        state, largest = block.state_dict(), 0.0
        for seed in range(4):  # with some weights, every ReLU is open or every one is shut
            block.load_state_dict(random_state(state, seed))
            a, b = awkward(2, 4, *sizes, seed=seed), awkward(2, 4, *sizes, seed=seed + 10)
            outputs = []
            for x in (a + b, a, b, torch.zeros_like(a)):
                expect.shape(output := block(x), a.shape, case=name)
                outputs.append(output.detach())
            largest = max(largest, float((outputs[0] - outputs[1] - outputs[2] + outputs[3]).abs().max()))
            if largest > 1e-6:  # rounding leaves 1e-14
                break
        expect.that(
            largest > 1e-6,
            expected="f(a + b) different from f(a) + f(b)",
            got=f"{name}: the same up to rounding",
            hint="What lies between the two convolutions?",
        )


@check("blocks.parameters", points=0.25, idea="A residual block has two convolutions and two norms of its own")
def residual_block_has_all_parameters(student: Any, solution: Any, expect: Expect) -> None:
    for name, axes in (("ResidualBlock1d", 1), ("ResidualBlock2d", 2)):
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


@check("blocks.gradient", points=0.25, idea="The gradient reaches every parameter")
def gradient_reaches_every_parameter(student: Any, solution: Any, expect: Expect) -> None:
    for name, arguments, sizes in (
        ("ResidualBlock1d", (4,), (17,)),
        ("ResidualBlock2d", (4,), (8, 9)),
        ("ConvBlock2d", (4, 6), (8, 9)),
    ):
        block = getattr(student.blocks, name)(*arguments).double()
        require_gradients(student, block, awkward(3, 4, *sizes), name, expect)


@check(
    "blocks.no_torch_pooling",
    points=0.25,
    idea="The blocks use your own pooling: no pooling function or module of torch",
)
def blocks_use_own_pooling(student: Any, solution: Any, expect: Expect) -> None:
    student.blocks.ConvBlock2d(3, 5)  # an answer that is not written yet cannot keep the rule
    findings = torch_pooling_in(student.sources("blocks"))
    expect.that(
        not findings,
        expected="no pooling of torch in blocks.py",
        got="; ".join(findings[:3]),
        hint="What have you written in task 2?",
    )


@check(
    "blocks.conv_block_pool",
    points=0.25,
    idea='A convolution block ends with pooling by 2: "max" or "avg", as it was asked for',
    needs=["blocks.conv_block_shape", "blocks.no_torch_pooling"],
)
def silent_conv_block_only_pools(student: Any, solution: Any, expect: Expect) -> None:
    """With every weight at 0 and equal channels, the block is its pooling."""
    for pool, dtype in (("max", torch.float64), ("avg", torch.float64), ("max", torch.float32)):
        block = _of_type(student.blocks.ConvBlock2d(3, 3, pool=pool), dtype)
        silence(block)
        for sizes in ((8, 6), (9, 7)):
            x = (private(solution, 2, 3, *sizes) - 2).to(dtype)
            pooled = solution.pooling.MaxPool2d(2) if pool == "max" else solution.pooling.AvgPool2d(2)
            expected = pooled(x)
            expect.close(
                block.eval()(x.clone()),
                expected,
                atol=1e-9,  # a mean of four values in float64
                what=f"the {pool} of each 2 x 2 window of the input",
                case=f"ConvBlock2d(3, 3, pool={pool!r}) with all weights 0, {sizes[0]} x {sizes[1]} pixels",
                hint="With equal channels nothing stands before the residual block. Is `pool` looked at?",
            )


@check(
    "blocks.conv_block_project",
    points=0.25,
    idea="A 1x1 convolution changes the channels, and is there only where they differ",
    needs=["blocks.conv_block_shape"],
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
    for dtype in (torch.float64, torch.float32):
        block = _of_type(student.blocks.ConvBlock2d(3, 5), dtype)
        silence(block)
        weight = private(solution, 5, 3).to(dtype)
        state = {
            name: weight.reshape(value.shape) if value.numel() == 15 else value
            for name, value in block.state_dict().items()
        }
        block.load_state_dict(state)
        x = private(solution, 2, 3, 8, 6, seed=1).to(dtype)
        expected: Tensor = solution.pooling.MaxPool2d(2)(torch.einsum("oi,bihw->bohw", weight, x))
        expect.close(
            block.eval()(x.clone()),
            expected,
            atol=1e-9 if dtype == torch.float64 else 1e-4,  # sums of three products
            case=f"ConvBlock2d(3, 5) with a silent residual block, {dtype}",
            hint="What does the residual block add to, once the channels are changed?",
        )


@check(
    "blocks.conv_block_order",
    points=0.25,
    idea="First the 1x1 convolution, then the residual block at full size, then the pooling",
    needs=["blocks.conv_block_shape"],
)
def pooling_comes_last(student: Any, solution: Any, expect: Expect) -> None:
    """One input pixel reaches kernel_size - 1 pixels to each side before the pooling halves that."""
    for in_channels, out_channels, kernel_size, last in ((3, 5, 3, 6), (4, 4, 5, 7)):
        block = student.blocks.ConvBlock2d(in_channels, out_channels, kernel_size).double()
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
