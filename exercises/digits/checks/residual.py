"""What is asked of both residual blocks: the order of their parts, how far they reach, that they are not linear."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from exercises.checking import Expect, draw, load_weights, random_state, weights
from exercises.checking.parts import give_parts

from .observe import inputs, made, reached, shapes

AXES = {"ResidualBlock1d": 1, "ResidualBlock2d": 2}
PARTS = ("norm1", "conv1", "norm2", "conv2")
EPS = 1e-5  # of torch's batch norms
FARTHEST = {1: 54, 2: 16}  # samples to each side that are looked at, by the number of axes: images get large

ORDER = "In which order does f apply norm, ReLU and convolution? Count the norms and the ReLUs."
SUM = "Is f(x) added to x, as it is? Compare x, your f(x) and your result at one place."


def residual_block(student: Any, name: str, channels: int, *arguments: int) -> Any:
    """A residual block of the student's, ready to be looked at."""
    return made(student, "blocks", name, channels, *arguments, shape=(2, channels, *(9,) * AXES[name]))


def kernels(farthest: int = 54) -> list[tuple[int, int]]:
    """Two drawn kernel sizes, odd, with dilations, that reach no farther than this to each side.

    One kernel is larger than 5 or has a dilation of more than 3.
    """
    random = draw("kernels")
    wide = [(size, step) for size in (3, 5, 7, 9) for step in range(1, 8) if size > 5 or step > 3]
    usual = [(3, 2), (3, 3), (5, 1), (5, 2)]
    return [random.choice([(size, step) for size, step in wide if step * (size - 1) <= farthest]), random.choice(usual)]


def hint_of_sum(got: Any, due: Tensor, x: Tensor) -> str:
    """Where it is f(x) that is right, and not how it is put together with x, another hint than for f."""
    if isinstance(got, Tensor) and got.shape == due.shape:
        others = (2 * x - due, due - x)  # x - f(x), f(x)
        if any(torch.allclose(got.detach().to(due.dtype), other, rtol=1e-3, atol=1e-3) for other in others):
            return SUM
    return ORDER


def _along(values: Tensor, x: Tensor) -> Tensor:
    """One number for each channel, so that it goes with x."""
    return values.reshape(1, -1, *(1 for _ in x.shape[2:]))


def _norm(channels: int, seed: int) -> dict[str, Tensor]:
    """Drawn numbers of a batch norm; all of them matter."""
    names = ("weight", "bias", "running_mean", "running_var")
    state = {name: inputs(channels, seed=seed + place) for place, name in enumerate(names)}
    return {**state, "running_var": state["running_var"].abs() + 0.5}


def _normed(x: Tensor, state: dict[str, Tensor], training: bool) -> Tensor:
    """A batch norm with these numbers, as torch documents it."""
    mean, variance = state["running_mean"], state["running_var"]
    if training:
        axes = [axis for axis in range(x.dim()) if axis != 1]
        mean, variance = x.mean(dim=axes), x.var(dim=axes, correction=0)
    scale = state["weight"] / (variance + EPS).sqrt()
    return (x - _along(mean, x)) * _along(scale, x) + _along(state["bias"], x)


def require_order(student: Any, expect: Expect, name: str) -> None:
    """With kernels that hand each channel on by itself, one step to the right, f can be followed by hand."""
    axes, channels = AXES[name], draw("channels").randint(2, 4)
    x = inputs(4, channels, *(draw(axis).randint(5, 9) for axis in range(axes)), seed=9) + 1
    norms = {number: _norm(channels, seed=10 * number) for number in (1, 2)}
    factors = {number: inputs(channels, seed=100 + number) for number in (1, 2)}
    biases = {number: inputs(channels, seed=200 + number) for number in (1, 2)}

    def convolution(number: int) -> dict[str, Tensor]:
        weight = torch.zeros(channels, channels, *(3,) * axes, dtype=torch.float32)
        middle = (1,) * (axes - 1)
        for channel in range(channels):
            weight[(channel, channel, *middle, 0)] = factors[number][channel]  # the first tap is one sample to the left
        return {"weight": weight, "bias": biases[number]}

    parts = {f"norm{n}": norms[n] for n in (1, 2)} | {f"conv{n}": convolution(n) for n in (1, 2)}
    with expect.case(f"{name}({channels}), each convolution handing its channels on by one step", hint=ORDER):
        block = residual_block(student, name, channels)
        give_parts(student, block, parts, expect)
        for mode in ("eval", "train"):
            branch = x
            for number in (1, 2):
                opened = _normed(branch, norms[number], mode == "train").relu()
                moved = F.pad(opened, (1, 0))[..., :-1]
                branch = moved * _along(factors[number], x) + _along(biases[number], x)
            got, due = getattr(block, mode)()(x.clone()), x + branch
            expect.close(got, due, atol=1e-4, rtol=1e-4, case=f"{mode} mode", hint=hint_of_sum(got, due, x))


def require_reach(student: Any, expect: Expect, name: str) -> None:
    """Change one input sample and see which outputs change."""
    axes = AXES[name]
    for kernel_size, dilation in ((3, 1), (3, 3), *kernels(FARTHEST[axes])):
        centre = dilation * (kernel_size - 1) + 2  # two more, to see that the block does not go further
        shape = (2, 4, *(2 * centre + 1,) * axes)
        reach = range(-(kernel_size - 1), kernel_size)  # in steps of the dilation
        goal = [centre + step * dilation for step in reach]
        with expect.case(
            f"{name}(4, {kernel_size}, dilation={dilation})",
            hint="Which of the two convolutions know the kernel size and the dilation?",
        ):
            block = residual_block(student, name, 4, kernel_size, dilation)
            for positions in reached(block, shape, (centre,) * axes, shape, [goal] * axes, expect):
                offsets = [position - centre for position in positions]
                expect.that(
                    positions == goal,
                    expected=f"{len(reach)} outputs that depend on one sample, up to {reach[-1] * dilation} away",
                    got=f"{len(offsets)} outputs, up to {max((abs(offset) for offset in offsets), default=0)} away",
                )


def require_nonlinear(student: Any, expect: Expect, name: str) -> None:
    """For a linear (or affine) map, f(a + b) - f(a) - f(b) + f(0) is 0."""
    shape = shapes(AXES[name], 7, 17)[0]
    with expect.case(f"{name}({shape[1]})", hint="What lies between the two convolutions?"):
        block = residual_block(student, name, shape[1]).eval()
        state, largest = weights(block), 0.0
        for seed in range(6):  # with some weights, every ReLU is open or every one is shut
            load_weights(block, random_state(state, seed))
            a, b = inputs(*shape, seed=seed), inputs(*shape, seed=seed + 10)
            outputs = []
            for x in (a + b, a, b, torch.zeros_like(a)):
                expect.shape(output := block(x), a.shape)
                outputs.append(output.detach())
            size = max(1.0, *(float(output.abs().max()) for output in outputs))
            largest = max(largest, float((outputs[0] - outputs[1] - outputs[2] + outputs[3]).abs().max()) / size)
            if largest > 1e-2:  # of the largest output; rounding leaves 1e-6
                break
        expect.that(largest > 1e-2, expected="f(a + b) different from f(a) + f(b)", got="the same up to rounding")
