"""Hidden checks of task 2: more windows, values against the reference, gradients, and the extra task."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor

from exercises.checking import Expect, Reference, Student, awkward, check, draw
from exercises.checking.probe import VIEWS
from exercises.digits.checks import hints
from exercises.digits.checks.observe import RUNS, each_written, inputs, propose_attested, require_right_first, shapes
from exercises.digits.checks.own import require_own_class
from exercises.digits.checks.pooling import (
    AVERAGE,
    HANGS_ON_ITS_INPUT,
    IN_MEMORY,
    ROUNDING,
    WHICH_GRADIENT,
    Window,
    compare_max,
    compare_means,
    windows,
)

WINDOWS: tuple[Window, ...] = ((2, None), (3, None), (3, 1), (2, 3), (4, 3), (1, 2), (5, 2))


def _values(*shape: int, seed: int = 0) -> Tensor:
    """Most of them negative, as they can be after a convolution: a zero put in would be the maximum."""
    return inputs(*shape, seed=seed) - 2


def _compare(student: Student, solution: Reference, expect: Expect, name: str, axes: int) -> None:
    """Windows of up to the whole input, and larger than any that the course uses."""
    for number, shape in enumerate(shapes(axes, 6, 23)):
        x = _values(*shape, seed=number)
        for kernel_size, stride in (*WINDOWS, *windows(shape[2:])):
            due = getattr(solution.pooling, name)(kernel_size, stride)(x)
            compare_max(student, expect, name, (kernel_size, stride), x, due)


@check(
    "pooling.max_1d", points=0.35, hints=hints.WINDOWS, idea="Max pooling along time", topic="max pooling along time"
)
def max_pooling_1d(student: Student, solution: Reference, expect: Expect) -> None:
    _compare(student, solution, expect, "MaxPool1d", 1)
    require_own_class(student, "pooling", "MaxPool1d", expect)


@check("pooling.max_2d", points=0.45, hints=hints.WINDOWS, idea="Max pooling of images", topic="max pooling of images")
def max_pooling_2d(student: Student, solution: Reference, expect: Expect) -> None:
    _compare(student, solution, expect, "MaxPool2d", 2)
    require_own_class(student, "pooling", "MaxPool2d", expect)


@check(
    "pooling.view_values",
    points=0.1,
    hints=hints.MEMORY,
    idea="Max pooling of a view, whatever its order in memory",
    topic="views",
)
def max_pooling_of_views(student: Student, solution: Reference, expect: Expect) -> None:
    def judge(name: str, axes: int) -> None:
        shape = shapes(axes, 9, 15)[0]
        x = _values(1, *shape[1:]).repeat(shape[0], *(1 for _ in shape[1:]))  # one of the views repeats an example
        for window in windows(shape[2:]):
            pool, due = getattr(student.pooling, name)(*window), getattr(solution.pooling, name)(*window)(x)
            require_right_first(name, pool(x.clone()), due, ROUNDING)
            for view in VIEWS:
                with expect.case(f"{name}{window} of a view ({view}) of shape {shape}", hint=IN_MEMORY):
                    expect.close(student.probe.output_of_view(pool, x, view), due, atol=0.0)  # copied, never computed

    each_written([partial(judge, "MaxPool1d", 1), partial(judge, "MaxPool2d", 2)])


def _compare_averages(student: Student, solution: Reference, expect: Expect, name: str, axes: int) -> None:
    ones = (2, 3, *(1,) * axes)
    for number, shape in enumerate([*shapes(axes, 2, 31), ones]):
        x = inputs(*shape, seed=number) + 1
        with expect.case(f"{name} of {shape}", hint=AVERAGE):
            due = getattr(solution.pooling, name)()(x.double())
            expect.close(getattr(student.pooling, name)()(x.clone()), due, atol=ROUNDING)
    require_own_class(student, "pooling", name, expect)


@check(
    "pooling.global_average_1d",
    points=0.15,
    hints=hints.AVERAGES,
    idea="Global average pooling averages each channel over all of time",
    topic="global averages",
)
def global_average_of_time(student: Student, solution: Reference, expect: Expect) -> None:
    _compare_averages(student, solution, expect, "GlobalAvgPool1d", 1)


@check(
    "pooling.global_average_2d",
    points=0.2,
    hints=hints.AVERAGES,
    idea="Global average pooling averages each channel over all pixels",
    topic="global averages",
)
def global_average_of_images(student: Student, solution: Reference, expect: Expect) -> None:
    _compare_averages(student, solution, expect, "GlobalAvgPool2d", 2)


def _compare_gradients(
    student: Student,
    solution: Reference,
    expect: Expect,
    name: str,
    arguments: tuple[int | None, ...],
    shape: tuple[int, ...],
) -> None:
    x = inputs(*shape)
    with expect.case(f"{name}{arguments} of shape {shape}", hint=RUNS):
        pools = [getattr(one.pooling, name)(*arguments) for one in (student, solution)]
        weights = awkward(*pools[1](x).shape, seed=1, dtype=torch.float32)
        require_right_first(name, pools[0](x.clone()), pools[1](x), ROUNDING)
    usual = next(hint for kind, hint in WHICH_GRADIENT.items() if name.startswith(kind))
    with expect.case(f"gradient of {name}{arguments} of shape {shape}", hint=HANGS_ON_ITS_INPUT):
        network = student.probe.network(pools[0], x, modes=(True,))
        got, due = network.input_gradient(x, weights), solution.probe.input_gradient(pools[1], x, weights)
        arrived = isinstance(got, Tensor) and bool(got.any())
        expect.close(got, due, atol=ROUNDING, hint=usual if arrived else "")  # sums of some weights in float32
    propose_attested(network, expect)


def _compare_gradients_of_maxima(student: Student, solution: Reference, expect: Expect, name: str, axes: int) -> None:
    shape = shapes(axes, 8, 14)[0]
    for window in windows(shape[2:]):
        _compare_gradients(student, solution, expect, name, window, shape)
    require_own_class(student, "pooling", name, expect)


@check(
    "pooling.gradient_1d",
    points=0.1,
    hints=hints.GRADIENTS,
    idea="The gradient goes back to the largest value of each window, and to no other",
    topic="gradients",
)
def gradient_goes_to_the_maximum_of_time(student: Student, solution: Reference, expect: Expect) -> None:
    _compare_gradients_of_maxima(student, solution, expect, "MaxPool1d", 1)


@check(
    "pooling.gradient_2d",
    points=0.1,
    hints=hints.GRADIENTS,
    idea="The gradient goes back to the largest pixel of each window, and to no other",
    topic="gradients",
)
def gradient_goes_to_the_maximum_of_images(student: Student, solution: Reference, expect: Expect) -> None:
    _compare_gradients_of_maxima(student, solution, expect, "MaxPool2d", 2)


@check(
    "pooling.gradient_average",
    points=0.05,
    hints=hints.GRADIENTS,
    idea="The gradient of an average goes back to all values alike",
    topic="gradients",
)
def gradient_goes_to_all_values(student: Student, solution: Reference, expect: Expect) -> None:
    each_written(
        partial(_compare_gradients, student, solution, expect, name, (), shapes(axes, 3, 9)[0])
        for name, axes in (("GlobalAvgPool1d", 1), ("GlobalAvgPool2d", 2))
    )


@check(
    "pooling.stochastic_mean",
    points=0.1,
    extra=True,
    hints=hints.STOCHASTIC,
    idea="In evaluation, stochastic pooling gives the probability-weighted mean",
    topic="the mean in evaluation",
)
def stochastic_evaluation(student: Student, solution: Reference, expect: Expect) -> None:
    for number, shape in enumerate(shapes(2, 6, 13)):
        x = inputs(*shape, seed=number).clamp(min=0)
        for kernel_size, stride in ((2, None), (3, 2), *windows(shape[2:])):
            with expect.case(f"StochasticPool2d({kernel_size}, {stride}) of {shape}, in evaluation"):
                due = solution.pooling.StochasticPool2d(kernel_size, stride).eval()(x)
                compare_means(student, expect, x, (kernel_size, stride), due)


DRAWS = 12_000


def _image_of(values: Tensor) -> Tensor:
    """An image of one row of DRAWS windows 2 x 2, each with these four values."""
    return values.reshape(1, 1, 2, 2).repeat(1, 1, 1, DRAWS)


@check(
    "pooling.stochastic_frequencies",
    points=0.2,
    extra=True,
    hints=hints.STOCHASTIC,
    idea="In training, a value is drawn with a probability proportional to it",
    needs=["pooling.stochastic_members"],
    topic="probabilities in training",
)
def stochastic_frequencies(student: Student, solution: Reference, expect: Expect) -> None:
    values = torch.tensor([*draw().sample(range(1, 7), 3), 0], dtype=torch.float32)
    window = ", ".join(f"{value:g}" for value in values.tolist())
    with expect.case(f"the window ({window}), {DRAWS} times"):
        drawn = expect.tensor(student.pooling.StochasticPool2d(2, 2).train()(_image_of(values)))
        expect.shape(drawn, (1, 1, 1, DRAWS))
    for value in values.tolist():
        probability = value / float(values.sum())
        share = float((drawn.detach() == value).double().mean())
        # Six standard deviations of a share of DRAWS independent draws: a right answer misses once in 10^8 runs.
        band = 6 * (probability * (1 - probability) / DRAWS) ** 0.5
        expect.that(
            abs(share - probability) <= band,
            expected=f"{value:g} of the window ({window}) drawn in {probability:.1%} of {DRAWS} windows",
            got=f"{share:.1%}",
            hint="What do the four probabilities have to sum to, and which is the largest?",
        )


@check(
    "pooling.stochastic_fresh",
    points=0.2,
    extra=True,
    hints=hints.STOCHASTIC,
    idea="In training, every window and every call draws anew",
    needs=["pooling.stochastic_members"],
    topic="fresh draws",
)
def stochastic_draws_are_fresh(student: Student, solution: Reference, expect: Expect) -> None:
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
    for axes, what in (((2, 3), "all windows of an image"), ((0,), "all examples"), ((1,), "all channels")):
        spread = drawn.amax(dim=axes) - drawn.amin(dim=axes)
        expect.that(
            bool((spread > 0).any()),
            expected=f"draws of their own for {what}",
            got="the same draw in each",
            hint="How many random numbers does one call need?",
        )
