"""Hidden checks of task 2: more windows, values against the reference, gradients, and the extra task."""

from __future__ import annotations

from functools import partial
from typing import Any

import torch
from torch import Tensor

from exercises.checking import Expect, MismatchError, StudentError, check
from exercises.digits.checks.observe import each_written, inputs
from exercises.digits.checks.own import require_own_class
from grader.checks.private import numbers, private

Window = tuple[int, int | None]  # kernel_size, stride
WINDOWS: tuple[Window, ...] = ((2, None), (3, None), (3, 1), (2, 3), (4, 3), (1, 2), (5, 2))


def _windows(solution: Any, smallest: int) -> tuple[Window, ...]:
    """Those of the list, and three that are drawn from the private seed."""
    draw = numbers(solution, seed=1)
    drawn = tuple((draw.randint(2, smallest), draw.randint(1, 6)) for _ in range(3))
    return (*WINDOWS, *drawn)


def _values(solution: Any, *shape: int, seed: int = 0) -> Tensor:
    """Most of them negative, as they can be after a convolution: a zero put in would be the maximum."""
    return private(solution, *shape, seed=seed, dtype=torch.float32) - 2


def _compare(student: Any, solution: Any, expect: Expect, name: str, *sizes: int) -> None:
    for kernel_size, stride in _windows(solution, min(sizes)):
        x = _values(solution, 2, 3, *sizes, seed=kernel_size)
        expected = getattr(solution.pooling, name)(kernel_size, stride)(x)
        expect.close(
            getattr(student.pooling, name)(kernel_size, stride)(x.clone()),
            expected,
            atol=0.0,  # values are copied, never computed
            case=f"{name}({kernel_size}, {stride}) of {sizes}",
            hint="Which values lie in a window? Compare the first two windows by hand. Where does the last one start?",
        )


@check("pooling.max_1d", points=0.5, idea="Max pooling along time")
def max_pooling_1d(student: Any, solution: Any, expect: Expect) -> None:
    _compare(student, solution, expect, "MaxPool1d", 17)
    _compare(student, solution, expect, "MaxPool1d", 5)
    require_own_class(student, "pooling", "MaxPool1d", expect)


@check("pooling.max_2d", points=0.65, idea="Max pooling of images")
def max_pooling_2d(student: Any, solution: Any, expect: Expect) -> None:
    _compare(student, solution, expect, "MaxPool2d", 11, 8)
    _compare(student, solution, expect, "MaxPool2d", 5, 13)
    require_own_class(student, "pooling", "MaxPool2d", expect)


@check("pooling.view_values", points=0.1, idea="Max pooling of a view, whatever its order in memory")
def max_pooling_of_views(student: Any, solution: Any, expect: Expect) -> None:
    hint = "Which line takes the order in memory for granted? `contiguous` and `reshape` put that right."

    def judge(name: str, *sizes: int) -> None:
        x = _values(solution, 2, 3, *sizes)
        pool, reference = getattr(student.pooling, name)(3, 2), getattr(solution.pooling, name)(3, 2)
        pool(x.clone())
        case = f"{name}(3, 2) of a transposed view"
        try:
            got = student.probe.output_of_view(pool, x)
        except StudentError as error:
            raise MismatchError("the right values", f"{case}: {error.got}", hint) from error
        expect.close(got, reference(x), atol=0.0, case=case, hint=hint)  # values are copied, never computed

    each_written([partial(judge, "MaxPool1d", 17), partial(judge, "MaxPool2d", 11, 8)])


def _compare_averages(student: Any, solution: Any, expect: Expect, name: str, *shapes: tuple[int, ...]) -> None:
    for shape in shapes:
        x = private(solution, *shape, dtype=torch.float32) + 1
        expect.close(
            getattr(student.pooling, name)()(x.clone()),
            getattr(solution.pooling, name)()(x.double()),
            atol=1e-5,  # a mean of up to 300 values near 1 in float32: rounding stays below 1e-6
            case=f"{name} of {tuple(shape)}",
            hint="Is it the average of every position, along every axis after the channels?",
        )
    require_own_class(student, "pooling", name, expect)


@check("pooling.global_average_1d", points=0.2, idea="Global average pooling averages each channel over all of time")
def global_average_of_time(student: Any, solution: Any, expect: Expect) -> None:
    length = numbers(solution).randint(20, 60)
    _compare_averages(student, solution, expect, "GlobalAvgPool1d", (2, 3, 17), (2, 3, 1), (1, 2, length))


@check("pooling.global_average_2d", points=0.3, idea="Global average pooling averages each channel over all pixels")
def global_average_of_images(student: Any, solution: Any, expect: Expect) -> None:
    draw = numbers(solution)
    size = (draw.randint(9, 17), draw.randint(9, 17))
    _compare_averages(student, solution, expect, "GlobalAvgPool2d", (2, 3, 5, 7), (2, 3, 9, 2), (1, 2, *size))


def _compare_gradients(
    student: Any, solution: Any, expect: Expect, name: str, stride: int, sizes: tuple[int, ...], out: tuple[int, ...]
) -> None:
    x = private(solution, 2, 3, *sizes, dtype=torch.float32)
    weights = private(solution, 2, 3, *out, seed=1, dtype=torch.float32)
    expect.close(
        student.probe.input_gradient(getattr(student.pooling, name)(3, stride), x, weights),
        solution.probe.input_gradient(getattr(solution.pooling, name)(3, stride), x, weights),
        atol=1e-5,  # sums of at most two weights in float32
        case=f"gradient of {name}(3, {stride})",
        hint="Is it the largest value of each window that comes out, and does it still hang on the input? detach, "
        "tolist and numpy copy it out of the graph.",
    )
    require_own_class(student, "pooling", name, expect)


@check(
    "pooling.gradient_1d",
    points=0.1,
    idea="The gradient goes back to the largest value of each window, and to no other",
)
def gradient_goes_to_the_maximum_of_time(student: Any, solution: Any, expect: Expect) -> None:
    _compare_gradients(student, solution, expect, "MaxPool1d", 2, (17,), (8,))


@check(
    "pooling.gradient_2d",
    points=0.15,
    idea="The gradient goes back to the largest pixel of each window, and to no other",
)
def gradient_goes_to_the_maximum_of_images(student: Any, solution: Any, expect: Expect) -> None:
    _compare_gradients(student, solution, expect, "MaxPool2d", 3, (9, 12), (3, 4))


@check(
    "pooling.stochastic_mean",
    points=0.25,
    extra=True,
    idea="In evaluation, stochastic pooling gives the probability-weighted mean",
)
def stochastic_evaluation(student: Any, solution: Any, expect: Expect) -> None:
    for kernel_size, stride in ((2, None), (3, 2)):
        x = inputs(2, 3, 9, 12).clamp(min=0)
        expected = solution.pooling.StochasticPool2d(kernel_size, stride).eval()(x)
        expect.close(
            student.pooling.StochasticPool2d(kernel_size, stride).eval()(x.clone()),
            expected,
            atol=1e-6,  # lets a small constant in the denominator pass, put there against 0 / 0
            case=f"kernel_size={kernel_size}, stride={stride}, in evaluation",
            hint="The probabilities weight the values themselves: which values, and what do they sum to?",
        )


DRAWS = 12_000


def _image_of(values: Tensor) -> Tensor:
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
    values = torch.tensor([1.0, 2.0, 0.0, 5.0], dtype=torch.float32)
    drawn = student.pooling.StochasticPool2d(2, 2).train()(_image_of(values))
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
    x = inputs(2, 3, 40, 40).abs()
    first, second = (expect.tensor(pool(x.clone())).detach() for _ in range(2))
    expect.shape(first, (2, 3, 20, 20))
    expect.shape(second, (2, 3, 20, 20))
    expect.that(
        not torch.equal(first, second),
        expected="another draw in the second call",
        got="the same 2400 values twice",
        hint="Is a random seed set in your forward?",
    )
    same = 1 + torch.arange(4, dtype=torch.float32).reshape(1, 1, 2, 2)
    drawn = expect.tensor(pool(same.repeat(4, 5, 20, 20))).detach()  # 2000 x 4 windows with the same values
    for axes, words in (((2, 3), "all windows of an image"), ((0,), "all examples"), ((1,), "all channels")):
        spread = drawn.amax(dim=axes) - drawn.amin(dim=axes)
        expect.that(
            bool((spread > 0).any()),
            expected=f"draws of their own for {words}",
            got="the same draw in each",
            hint="How many random numbers does one call need?",
        )
