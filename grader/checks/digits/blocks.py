"""Hidden checks of task 3: values against the reference, with weights set from outside."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from exercises.checking import (
    Expect,
    Reference,
    Student,
    StudentError,
    check,
    draw,
    load_weights,
    randomise,
    weights,
)
from exercises.digits.checks import hints
from exercises.digits.checks.alone import alone_too
from exercises.digits.checks.observe import inputs, made, numbers, propose_attested, shapes, silence
from exercises.digits.checks.own import require_own_class
from exercises.digits.checks.residual import AXES, BOTH_WAYS, ORDER, hint_of_values, kernels, residual_block
from exercises.digits.checks.slips import TWICE, same
from grader.checks.weights import give_weights_of

Kernel = tuple[int, int]  # kernel_size, dilation


def _compare_blocks(
    student: Student, solution: Reference, expect: Expect, name: str, first: tuple[Kernel, ...], drawn: bool
) -> None:
    batch, channels, *sizes = shapes(AXES[name], 8, 19)[0]
    for kernel_size, dilation in (*first, *(kernels() if drawn else ())):
        with expect.case(f"{name}({channels}, {kernel_size}, dilation={dilation})", hint=ORDER):
            reference, block = (
                residual_block(one, name, channels, kernel_size, dilation) for one in (solution, student)
            )
            randomise(reference, seed=kernel_size)
            give_weights_of(reference, student, block, expect)
            # Shifted: scaling alone would not show a missing norm.
            x = inputs(batch, channels, *sizes, seed=kernel_size) * 2 + 1
            network = student.probe.network(block, x)
            for mode in ("eval", "train"):
                due = getattr(reference, mode)()(x)
                got = getattr(block, mode)()(x.clone())
                hint = hint_of_values(got, due, x, reach=dilation * (kernel_size - 1))
                # sums of at most 405 products in float32: rounding stays below 1e-4
                expect.close(got, due, atol=1e-3, rtol=1e-3, case=f"{mode} mode", hint=hint)
                _compare_gradients(getattr(network, mode)(), solution, expect, reference, x, mode)


def _compare_gradients(network: Any, solution: Reference, expect: Expect, reference: Any, x: Tensor, mode: str) -> None:
    """Of one input at least, of three: rounding opens a ReLU next to its kink in one of the blocks alone.

    What stops on the way back, as autograd does where x is changed in place, is left to the public checks of that.
    """
    for attempt in range(3):
        here, w = x + attempt, inputs(*x.shape, seed=attempt)
        due = solution.probe.input_gradient(reference, here, w)
        try:
            got = network.input_gradient(here, w)
        except StudentError:
            return
        near = 1e-3 * float(due.abs().max())  # rounding of such sums stays below a tenth of that
        if isinstance(got, Tensor) and got.shape == due.shape and torch.allclose(got, due, rtol=0, atol=near):
            propose_attested(network, expect)
            return
    case = f"gradient of sum(y * w) for the input x, {mode} mode"
    expect.close(got, due, atol=near, case=case, hint=BOTH_WAYS)


@check(
    "blocks.residual_1d",
    points=0.2,
    hints=hints.ORDER,
    idea="f = norm1, ReLU, conv1, norm2, ReLU, conv2, along time",
    topic="residual blocks along time",
)
def residual_1d_values(student: Student, solution: Reference, expect: Expect) -> None:
    _compare_blocks(student, solution, expect, "ResidualBlock1d", ((3, 1),), drawn=False)


@check(
    "blocks.residual_1d_kernels",
    points=0.15,
    hints=hints.ORDER,
    idea="The same along time with other kernels and dilations",
    topic="kernels and dilations",
)
def residual_1d_values_of_other_kernels(student: Student, solution: Reference, expect: Expect) -> None:
    _compare_blocks(student, solution, expect, "ResidualBlock1d", ((5, 2), (1, 1)), drawn=True)


@check(
    "blocks.residual_2d",
    points=0.35,
    hints=hints.ORDER,
    idea="f = norm1, ReLU, conv1, norm2, ReLU, conv2, on images",
    topic="residual blocks on images",
)
def residual_2d_values(student: Student, solution: Reference, expect: Expect) -> None:
    _compare_blocks(student, solution, expect, "ResidualBlock2d", ((3, 1),), drawn=False)


@check(
    "blocks.residual_2d_kernels",
    points=0.2,
    hints=hints.ORDER,
    idea="The same on images with other kernels and dilations",
    topic="kernels and dilations",
)
def residual_2d_values_of_other_kernels(student: Student, solution: Reference, expect: Expect) -> None:
    _compare_blocks(student, solution, expect, "ResidualBlock2d", ((5, 2), (1, 1)), drawn=True)


@check(
    "blocks.conv_block_pool",
    points=0.3,
    hints=hints.CONV_BLOCK,
    idea='A convolution block ends with pooling by 2: "max" or "avg", as it was asked for',
    topic="pooling",
)
@alone_too
def silent_conv_block_only_pools(student: Student, solution: Reference, expect: Expect) -> None:
    """With every weight at 0 and equal channels, the block is its pooling."""
    drawn = [(*some, 2 * height, 2 * width + 1) for *some, height, width in shapes(2, 3, 7)]  # one size odd
    for pool, mine in (("max", drawn[::3]), ("avg", drawn[:3])):
        for number, shape in enumerate(mine):
            with expect.case(
                f"ConvBlock2d({shape[1]}, {shape[1]}, pool={pool!r}) with all weights 0, shape {shape}",
                hint="With equal channels nothing stands before the residual block. Is `pool` looked at?",
            ):
                block = made(student, "blocks", "ConvBlock2d", shape[1], shape[1], shape=shape, pool=pool)
                silence(block)
                x = inputs(*shape, seed=number) - 2
                pooled = solution.pooling.MaxPool2d(2) if pool == "max" else solution.pooling.AvgPool2d(2)
                # a mean of four values of at most 6 in float32: rounding stays below 1e-6
                got, due = block.eval()(x.clone()), pooled(x)
                hint = TWICE if same(got, 2 * due) else ""
                expect.close(got, due, atol=1e-5, what=f"the {pool} of each 2 x 2 window", hint=hint)
    require_own_class(student, "blocks", "ConvBlock2d", expect)


@check(
    "blocks.conv_block_project",
    points=0.3,
    hints=hints.CONV_BLOCK,
    idea="A 1x1 convolution changes the channels, and is there only where they differ",
    topic="change of channels",
)
@alone_too
def one_by_one_convolution_changes_channels(student: Student, solution: Reference, expect: Expect) -> None:
    random = draw()
    before, after = random.sample(range(2, 9), 2)
    batch, _, *halves = shapes(2, 3, 6)[0]
    sizes = [2 * half for half in halves]
    residual = 2 * (after * after * 9 + after) + 2 * (2 * after)
    for in_channels, extra in ((before, before * after + after), (after, 0)):
        with expect.case(
            f"numbers in ConvBlock2d({in_channels}, {after})",
            hint="When is the 1x1 convolution needed? How many channels does the residual block have?",
        ):
            block = made(student, "blocks", "ConvBlock2d", in_channels, after, shape=(2, in_channels, *sizes))
            total = numbers(student, block, inputs(2, in_channels, *sizes), expect=expect, unused=True)
            expect.that(total == residual + extra, expected=f"{residual + extra}", got=f"{total}")
    with expect.case(
        f"ConvBlock2d({before}, {after}) with a silent residual block",
        hint="What does the residual block add to, once the channels are changed?",
    ):
        block = made(student, "blocks", "ConvBlock2d", before, after, shape=(2, before, *sizes))
        silence(block)
        weight, x = inputs(after, before), inputs(batch, before, *sizes, seed=1)
        all_of_them = weights(block).items()  # no other weight of the block has so many numbers
        load_weights(block, {n: weight.reshape(v.shape) for n, v in all_of_them if v.numel() == weight.numel()})
        due: Tensor = solution.pooling.MaxPool2d(2)(torch.einsum("oi,bihw->bohw", weight, x))
        # sums of up to eight products in float32: rounding stays below 1e-5
        expect.close(block.eval()(x.clone()), due, atol=1e-4)
