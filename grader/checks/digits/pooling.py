"""Hidden checks of task 2: more windows, values against the reference, gradients, and the extra task."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from exercises.checking import Expect, awkward, check
from grader.checks.private import private

WINDOWS = ((2, None), (3, None), (3, 1), (2, 3), (4, 3), (1, 2), (5, 2))  # (kernel_size, stride)


def _compare(student: Any, solution: Any, expect: Expect, name: str, *sizes: int) -> None:
    for kernel_size, stride in WINDOWS:
        # The shift makes most values negative, as they can be after a convolution: a zero put in would be the maximum.
        x = private(solution, 2, 3, *sizes, seed=kernel_size) - 2
        expected = getattr(solution.pooling, name)(kernel_size, stride)(x)
        expect.close(
            getattr(student.pooling, name)(kernel_size, stride)(x.clone()),
            expected,
            atol=0.0,  # values are copied, never computed
            case=f"{name}({kernel_size}, {stride}) of {sizes}",
            hint="Which values lie in a window? Compare the first two windows by hand. Where does the last one start?",
        )


@check("pooling.max_1d", points=0.5, idea="Max pooling along time", needs=["pooling.no_torch_pooling"])
def max_pooling_1d(student: Any, solution: Any, expect: Expect) -> None:
    _compare(student, solution, expect, "MaxPool1d", 17)
    _compare(student, solution, expect, "MaxPool1d", 5)


@check("pooling.max_2d", points=0.75, idea="Max pooling of images", needs=["pooling.no_torch_pooling"])
def max_pooling_2d(student: Any, solution: Any, expect: Expect) -> None:
    _compare(student, solution, expect, "MaxPool2d", 11, 8)
    _compare(student, solution, expect, "MaxPool2d", 5, 13)


@check(
    "pooling.global_average",
    points=0.5,
    idea="Global average pooling averages each channel over all positions",
    needs=["pooling.no_torch_pooling"],
)
def global_average(student: Any, solution: Any, expect: Expect) -> None:
    for name, sizes in (
        ("GlobalAvgPool1d", (17,)),
        ("GlobalAvgPool1d", (1,)),
        ("GlobalAvgPool2d", (5, 7)),
        ("GlobalAvgPool2d", (9, 2)),
    ):
        x = private(solution, 2, 3, *sizes) + 1
        expected = getattr(solution.pooling, name)()(x)
        # A mean of up to 35 values near 1 in float64: the order of summation changes less than 1e-14.
        expect.close(
            getattr(student.pooling, name)()(x.clone()),
            expected,
            atol=1e-12,
            case=f"{name} of {sizes}",
            hint="Is it the average of every position, along every axis after the channels?",
        )


@check(
    "pooling.gradient",
    points=0.25,
    idea="The gradient goes back to the largest value of each window, and to no other",
    needs=["pooling.no_torch_pooling"],
)
def gradient_goes_to_the_maximum(student: Any, solution: Any, expect: Expect) -> None:
    for name, stride, sizes, out_sizes in (("MaxPool1d", 2, (17,), (8,)), ("MaxPool2d", 3, (9, 12), (3, 4))):
        x, weights = private(solution, 2, 3, *sizes), private(solution, 2, 3, *out_sizes, seed=1)
        reference = getattr(solution.pooling, name)(3, stride)
        expect.close(
            student.probe.input_gradient(getattr(student.pooling, name)(3, stride), x, weights),
            solution.probe.input_gradient(reference, x, weights),
            atol=1e-12,  # sums of at most two weights in float64
            case=f"gradient of {name}(3, {stride})",
            hint="Does the result still hang on the input, or was it copied out of the graph (detach, tolist, numpy)?",
        )


@check(
    "pooling.stochastic_mean",
    points=0.25,
    extra=True,
    idea="In evaluation, stochastic pooling gives the probability-weighted mean",
)
def stochastic_evaluation(student: Any, solution: Any, expect: Expect) -> None:
    for kernel_size, stride in ((2, None), (3, 2)):
        x = awkward(2, 3, 9, 12).clamp(min=0)
        expected = solution.pooling.StochasticPool2d(kernel_size, stride).eval()(x)
        expect.close(
            student.pooling.StochasticPool2d(kernel_size, stride).eval()(x.clone()),
            expected,
            atol=1e-6,  # lets a small constant in the denominator pass, put there against 0 / 0
            case=f"kernel_size={kernel_size}, stride={stride}, in evaluation",
            hint="The probabilities weight the values themselves: which values, and what do they sum to?",
        )


DRAWS = 12_000


def _windows(values: Tensor) -> Tensor:
    """An image of one row of DRAWS windows 2 x 2, each with these four values."""
    return values.reshape(1, 1, 2, 2).repeat(1, 1, 1, DRAWS)


@check(
    "pooling.stochastic_frequencies",
    points=0.25,
    extra=True,
    idea="In training, a value is drawn with a probability proportional to it",
    needs=["pooling.stochastic_members"],
)
def stochastic_frequencies(student: Any, solution: Any, expect: Expect) -> None:
    values = torch.tensor([1.0, 2.0, 0.0, 5.0], dtype=torch.float64)
    drawn = student.pooling.StochasticPool2d(2, 2).train()(_windows(values))
    expect.shape(drawn, (1, 1, 1, DRAWS))
    for value in values.tolist():
        probability = value / 8
        share = float((drawn.detach() == value).double().mean())
        # Six standard deviations of a share of DRAWS independent draws: a right answer misses once in 10^8 runs.
        band = 6 * (probability * (1 - probability) / DRAWS) ** 0.5
        expect.that(
            abs(share - probability) <= band,
            expected=f"{value:g} of the window (1, 2, 0, 5) drawn in {probability:.1%} of {DRAWS} windows",
            got=f"{share:.1%}",
            hint="What do the four probabilities have to sum to, and which is the largest?",
        )


@check(
    "pooling.stochastic_fresh",
    points=0.25,
    extra=True,
    idea="In training, every window and every call draws anew",
    needs=["pooling.stochastic_members"],
)
def stochastic_draws_are_fresh(student: Any, solution: Any, expect: Expect) -> None:
    pool = student.pooling.StochasticPool2d(2, 2).train()
    x = awkward(2, 3, 40, 40).abs()
    first, second = (expect.tensor(pool(x.clone())).detach() for _ in range(2))
    expect.shape(first, (2, 3, 20, 20))
    expect.shape(second, (2, 3, 20, 20))
    expect.that(
        not torch.equal(first, second),
        expected="another draw in the second call",
        got="the same 2400 values twice",
        hint="Is a random seed set in your forward?",
    )
    same = torch.ones(1, 1, 2, 2, dtype=torch.float64) + torch.arange(4, dtype=torch.float64).reshape(1, 1, 2, 2)
    drawn = expect.tensor(pool(same.repeat(4, 5, 20, 20))).detach()  # 2000 x 4 windows with the same values
    for axes, words in (((2, 3), "all windows of an image"), ((0,), "all examples"), ((1,), "all channels")):
        spread = drawn.amax(dim=axes) - drawn.amin(dim=axes)
        expect.that(
            bool((spread > 0).any()),
            expected=f"draws of their own for {words}",
            got="the same draw in each",
            hint="How many random numbers does one call need?",
        )
