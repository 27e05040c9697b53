"""What comes of usual slips in a residual block, made of its own weights, so that wrong numbers can be told apart."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from exercises.checking import StudentError

Weights = Mapping[str, Mapping[str, Tensor]]  # of norm1, conv1, norm2 and conv2, by torch's names
RELU, MASK_1, MASK_2 = "relu", "mask 1", "mask 2"
BRANCH = ("norm1", RELU, "conv1", "norm2", RELU, "conv2")
IN_WORDS = {RELU: "ReLU"}
ORDERS = {
    ("conv1", "norm1", RELU, "conv2", "norm2", RELU): "convolution, norm, ReLU, twice",
    ("conv1", "norm1", RELU, "conv2", "norm2"): "convolution, norm, ReLU, convolution, norm",
    (RELU, "norm1", "conv1", RELU, "norm2", "conv2"): "a ReLU before each norm",
    ("norm1", "conv1", "norm2", "conv2"): "norms and convolutions alone",
    (RELU, "conv1", RELU, "conv2"): "ReLUs and convolutions alone",
    ("norm1", RELU, "conv2", "norm2", RELU, "conv1"): "conv2 in the place of conv1, and conv1 in that of conv2",
    ("norm2", RELU, "conv2", "norm1", RELU, "conv1"): "the second norm and convolution before the first ones",
    ("norm1", "conv1", RELU, "norm2", "conv2", RELU): "a ReLU behind each convolution",
    ("norm2", RELU, "conv1", "norm1", RELU, "conv2"): "norm2 in the place of norm1, and norm1 in that of norm2",
}
TWICE = "This is twice what is due: how often is the input added? The residual block adds it by itself."


def run(steps: tuple[str, ...], parts: Weights, x: Tensor, inside: Tensor | None = None, eps: float = 1e-5) -> Tensor:
    """What these steps make of x, (batch, channels, *sizes), in evaluation mode, with zeros beyond the borders.

    Args:
        inside: 1 where a mask keeps what stands there, in a shape that goes with x.
        eps:    of the norms.

    Raises:
        KeyError: a part has none of torch's names.
    """
    for step in steps:
        if step == RELU:
            x = x.clamp(min=0)
        elif step in (MASK_1, MASK_2):
            x = x if inside is None else x * inside
        else:
            part = {name: value.to(x.dtype) for name, value in parts[step].items() if value.is_floating_point()}
            if step.startswith("norm"):
                x = F.batch_norm(x, part["running_mean"], part["running_var"], part["weight"], part["bias"], eps=eps)
            else:
                convolve = F.conv1d if x.dim() == 3 else F.conv2d
                x = convolve(x, part["weight"], part.get("bias"), padding=part["weight"].shape[-1] // 2)
    return x


def about_order(got: Any, x: Tensor, parts: Weights, usual: str) -> str:
    """What to ask about a residual block's wrong result in evaluation mode: got and x (batch, channels, *sizes)."""
    f = run(BRANCH, parts, x)
    for sum_of, question in (
        (f, "These are the numbers of f(x) alone: what is added to it, and is it still the input at that line?"),
        (
            f + run(("norm1", RELU), parts, x),
            "These are the numbers of f(x) and of what norm1 and the ReLU leave of the input: which x is added in the "
            "end? Has a line on the way written something else into it?",
        ),
        (f + x.clamp(min=0), "These are the numbers of f(x) and relu(x): which x is added in the end?"),
        (
            (f + x).clamp(min=0),
            "These are the right numbers with 0 for what is negative: what follows the sum?",
        ),
        (f + 2 * x, TWICE),
        (
            f + x + run(BRANCH[:3], parts, x),
            "These are the right numbers and those of conv1 once more: to what is the result of conv2 added?",
        ),
        (
            (half := x + run(BRANCH[:3], parts, x)) + run(BRANCH[3:], parts, half),
            "These are the numbers of a sum behind each of the two convolutions: what goes round both of them at once?",
        ),
        (
            x + run(BRANCH, parts, x, eps=0.1),
            "These are the numbers of norms with eps=0.1: which argument of a batch norm comes second?",
        ),
    ):
        if same(sum_of, got):
            return question
    for steps, words in (ORDERS | _nearly_right()).items():
        if same(x + run(steps, parts, x), got):
            return f"These are the numbers of {words}: what is the order in f, and how many of each are there?"
    return usual


def about_unknown_pool(student: Any, pool: str) -> str:
    """What to ask where ConvBlock2d takes a word that it has to refuse."""
    with suppress(StudentError):
        block = student.blocks.ConvBlock2d(3, 5, pool=pool).float()
        try:
            block(torch.zeros(2, 3, 8, 8))
        except StudentError as error:
            if "ValueError" in error.kinds:
                return "The ValueError comes when the block is used: at which line is the wrong word known already?"
    return 'What does your block do with a `pool` that is neither "max" nor "avg"? ConvBlock1d shows one way.'


def _nearly_right() -> dict[tuple[str, ...], str]:
    """Orders that one slip makes of the right one, in words: a step left out, more, another one, or two exchanged."""
    found = [tuple(one for place, one in enumerate(BRANCH) if place != left_out) for left_out in range(len(BRANCH))]
    for place in range(len(BRANCH)):
        if place:
            found.append((*BRANCH[: place - 1], BRANCH[place], BRANCH[place - 1], *BRANCH[place + 1 :]))
        found += [(*BRANCH[:place], other, *BRANCH[place + 1 :]) for other in dict.fromkeys(BRANCH)]
    found += [
        (*BRANCH[:place], more, *BRANCH[place:]) for place in range(len(BRANCH) + 1) for more in dict.fromkeys(BRANCH)
    ]
    return {steps: ", ".join(IN_WORDS.get(step, step) for step in steps) for steps in found if steps != BRANCH}


def same(one: Any, other: Any) -> bool:
    """Whether two results are the same finite numbers, but for float32's rounding."""
    if not isinstance(one, Tensor) or not isinstance(other, Tensor) or one.shape != other.shape:
        return False
    one, other = one.detach().double(), other.detach().double()
    if not bool((one.isfinite() & other.isfinite()).all()) or not one.numel():
        return False
    return torch.allclose(one, other, rtol=1e-3, atol=1e-3 * float(one.abs().max()))
