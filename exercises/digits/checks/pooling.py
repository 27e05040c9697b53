"""Public checks of task 2.  Torch's own pooling gives what is due."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from itertools import product
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from exercises.checking import Expect, MismatchError, Reference, Student, StudentError, awkward, check, draw
from exercises.checking.probe import VIEWS

from . import hints
from .mispooled import OF_MAXIMA, OF_MEANS, about_pooled, mean_by_probabilities
from .observe import each_written, inputs, propose_attested, require_input_kept, require_right_first, shapes
from .own import require_own_pooling

Window = tuple[int, int | None]  # kernel_size, stride

# Class, arguments, and axes behind the channels of what is due in this task.
DUE: tuple[tuple[str, tuple[int, ...], int], ...] = (
    ("MaxPool1d", (3, 2), 1),
    ("MaxPool2d", (3, 2), 2),
    ("GlobalAvgPool1d", (), 1),
    ("GlobalAvgPool2d", (), 2),
)
TORCH: dict[str, Callable[..., Tensor]] = {
    "MaxPool1d": F.max_pool1d,
    "MaxPool2d": F.max_pool2d,
    "GlobalAvgPool1d": lambda x: F.adaptive_avg_pool1d(x, 1).reshape(x.shape[:2]),
    "GlobalAvgPool2d": lambda x: F.adaptive_avg_pool2d(x, 1).reshape(x.shape[:2]),
}
ROUNDING = 1e-5  # a maximum is copied; a mean of up to 1000 values near 1 is rounded by less than 1e-6 in float32

WINDOWS = "Which values lie in a window? Compare the first two windows by hand. Where does the last one start?"
DIVIDED = (
    "Each value is the right one times the same number: by what do you divide the sum, and how many values has a "
    "channel of this shape?"
)
AVERAGE = "Is it the average of every position, along every axis after the channels, and does each count alike?"
WRITTEN = "The input is another one afterwards: which line writes into it, or into a slice of it, which is a view?"
NEVER_REPLACED = "Where does -inf come from? A maximum that starts there is replaced by the values of its window."
IN_MEMORY = "Which line takes the order in memory for granted? `contiguous` and `reshape` put that right."
WEIGHTED = "The probabilities weight the values themselves: which values, and what do they sum to?"
HANGS_ON_ITS_INPUT = "Does the result still hang on the input? detach, tolist and numpy copy it out of the graph."
WHICH_GRADIENT = {
    "Max": "Is it the largest value of each window that comes out, and where two windows overlap, for each of them?",
    "Global": "By how much does the average move with one of its values?",
}


def windows(sizes: tuple[int, ...]) -> list[Window]:
    """Drawn windows that fit into these sizes: steps as large as the window, smaller and larger; the largest; one."""
    random, smallest = draw(f"windows in {sizes}"), min(sizes)
    kernel, large = random.randint(2, smallest // 2), random.randint(3, smallest)
    wide = (kernel, kernel + random.randint(1, 3))
    return [(kernel, None), (large, random.randint(1, 2)), wide, (smallest, None), (1, random.randint(1, 3))]


def require_maxima(student: Any, expect: Expect, pool: Any, x: Tensor, due: Tensor, window: Window) -> None:
    """Require these values as they are: they are copied, never computed."""
    got = pool(x.clone())
    expect.close(got, due, atol=0.0, hint=partial(_about_maxima, student, pool, x, got, window))


def _about_maxima(student: Any, pool: Any, x: Tensor, got: Any, window: Window) -> str:
    """What to ask about maxima of x that are wrong."""
    if isinstance(got, Tensor) and got.is_floating_point() and bool(got.isneginf().any()):
        return NEVER_REPLACED
    if told := about_pooled(OF_MAXIMA, got, x, *window):
        return told
    try:
        require_input_kept(student, "", pool, x, Expect())
    except MismatchError:
        return WRITTEN
    except StudentError:
        return ""
    return ""


def compare_max(student: Any, expect: Expect, name: str, window: Window, x: Tensor, due: Tensor) -> None:
    """Require these maxima."""
    kernel_size, stride = window
    with expect.case(f"{name}({kernel_size}, {stride}) of shape {tuple(x.shape)}", hint=WINDOWS):
        require_maxima(student, expect, getattr(student.pooling, name)(kernel_size, stride), x, due, window)


def compare_gradient(student: Any, expect: Expect, name: str, arguments: tuple[int, ...], x: Tensor) -> None:
    """Require the gradient of a weighted sum of what comes out, as torch's own pooling has it."""
    due_x = x.clone().requires_grad_(True)
    out = TORCH[name](due_x, *arguments)
    weights = awkward(*out.shape, seed=99, dtype=torch.float32)
    (due,) = torch.autograd.grad((out * weights).sum(), due_x)
    usual = next(hint for kind, hint in WHICH_GRADIENT.items() if name.startswith(kind))
    with expect.case(f"gradient of {name}{arguments} of shape {tuple(x.shape)}", hint=HANGS_ON_ITS_INPUT):
        network = student.probe.network(getattr(student.pooling, name)(*arguments), x, modes=(True,))
        got = network.input_gradient(x, weights)
        arrived = isinstance(got, Tensor) and bool(got.any())
        expect.close(got, due, atol=ROUNDING, what="what torch's own pooling has", hint=usual if arrived else "")
    propose_attested(network, expect)


def compare_means(student: Any, expect: Expect, x: Tensor, window: Window, due: Tensor) -> None:
    """Require these means of stochastic pooling in evaluation."""
    got = student.pooling.StochasticPool2d(*window).eval()(x.clone())
    # lets a small constant in the denominator pass, put there against 0 / 0
    expect.close(got, due, atol=ROUNDING, hint=lambda: about_pooled(OF_MEANS, got, x, *window) or WEIGHTED)


@check(
    "pooling.max_1d_example",
    points=0.25,
    hints=hints.WINDOWS,
    idea="Max pooling keeps the largest value of each window",
)
def max_pooling_of_six_values(student: Student, solution: Reference | None, expect: Expect) -> None:
    x = torch.tensor([[[1.0, 3.0, -2.0, -5.0, 4.0, 0.0]]], dtype=torch.float32)
    for kernel_size, stride, expected in ((2, None, [3.0, -2.0, 4.0]), (3, 1, [3.0, 3.0, 4.0, 4.0])):
        with expect.case(
            f"kernel_size={kernel_size}, stride={stride}, of [1, 3, -2, -5, 4, 0]",
            hint="Write the windows down: which values are in the first one, and where does the second one start?",
        ):
            due = torch.tensor([[expected]], dtype=torch.float32)
            pool = student.pooling.MaxPool1d(kernel_size, stride)
            require_maxima(student, expect, pool, x, due, (kernel_size, stride))
    _compare_with_torch(student, expect, "MaxPool1d", draw().randint(9, 19))


@check(
    "pooling.max_2d_example",
    points=0.25,
    hints=hints.WINDOWS,
    idea="Max pooling of images keeps the largest pixel of each square window",
)
def max_pooling_of_eight_pixels(student: Student, solution: Reference | None, expect: Expect) -> None:
    x = torch.tensor([[[[1.0, 3.0, -2.0, -5.0], [4.0, 0.0, -1.0, -6.0]]]], dtype=torch.float32)
    with expect.case(
        "kernel_size=2 of the rows [1, 3, -2, -5] and [4, 0, -1, -6]",
        hint="Draw the two squares of 2 x 2 pixels. Which four numbers are in each?",
    ):
        due = torch.tensor([[[[4.0, -1.0]]]], dtype=torch.float32)
        require_maxima(student, expect, student.pooling.MaxPool2d(2), x, due, (2, None))
    _compare_with_torch(student, expect, "MaxPool2d", draw().randint(7, 13), draw(2).randint(7, 13))


def _compare_with_torch(student: Any, expect: Expect, name: str, *sizes: int) -> None:
    """Several examples and channels, and most values negative, as they can be after a convolution."""
    x = inputs(2, 3, *sizes) - 2
    for window in windows(sizes):
        compare_max(student, expect, name, window, x, TORCH[name](x, *window))


def _require_shortened(student: Any, expect: Expect, name: str, axes: int) -> None:
    """Windows of several sizes and steps; batches of one, one channel, and a single window that fits."""
    for shape in shapes(axes, 7, 19):
        for kernel_size, stride in ((2, None), (3, 2), (2, 3), *windows(shape[2:])):
            step = stride or kernel_size
            with expect.case(
                f"{name}(kernel_size={kernel_size}, stride={stride}) of shape {shape}",
                hint="Which axes are pooled? Where does the last window that fits start? An axis of size 1 stays too.",
            ):
                out = getattr(student.pooling, name)(kernel_size, stride)(inputs(*shape))
                expect.shape(out, (*shape[:2], *((size - kernel_size) // step + 1 for size in shape[2:])))


@check(
    "pooling.max_shape_1d",
    points=0.1,
    hints=hints.WINDOWS,
    idea="Pooling turns n values into floor((n - kernel_size) / stride) + 1",
)
def max_pooling_shortens_time(student: Student, solution: Reference | None, expect: Expect) -> None:
    _require_shortened(student, expect, "MaxPool1d", 1)


@check(
    "pooling.max_shape_2d",
    points=0.15,
    hints=hints.WINDOWS,
    idea="Pooling of images turns n pixels into floor((n - kernel_size) / stride) + 1 along each axis",
)
def max_pooling_shortens_each_axis(student: Student, solution: Reference | None, expect: Expect) -> None:
    _require_shortened(student, expect, "MaxPool2d", 2)


def _require_one_number(student: Any, expect: Expect, name: str, axes: int) -> None:
    """Constant channels: their average is the constant, whatever the size.  Then one place that is not 0 counts."""
    constants = [shapes(axes, 2, 9), [(2, 3, *(1,) * axes)]]
    for number, shape in enumerate(shape for some in constants for shape in some):
        due = inputs(*shape[:2], seed=number)
        x = due.reshape(*shape[:2], *(1,) * axes).expand(shape).contiguous()
        with expect.case(
            f"{name} of constant channels, shape {shape}",
            hint="Which axes have to disappear, and which two stay, also where they are of size 1?",
        ):
            found = getattr(student.pooling, name)()(x)
            hint = DIVIDED if _one_factor(found, due) else ""
            expect.close(found, due, atol=ROUNDING, hint=hint)
    random = draw(f"places of {name}")
    shape = shapes(axes, 3, 9)[0]
    x, due, count = torch.zeros(shape, dtype=torch.float32), inputs(*shape[:2]), math.prod(shape[2:])
    for example, channel in product(range(shape[0]), range(shape[1])):
        place = tuple(random.randrange(1, size) for size in shape[2:])
        x[(example, channel, *place)] = count * due[example, channel]
    with expect.case(f"{name} of channels with one value among {count - 1} zeros, shape {shape}", hint=AVERAGE):
        expect.close(getattr(student.pooling, name)()(x), due, atol=ROUNDING)


def _one_factor(found: Any, due: Tensor) -> bool:
    """Whether all values are what they should be times one number, which is neither 0 nor 1."""
    if not isinstance(found, Tensor) or found.shape != due.shape or due.numel() < 2:
        return False
    factors = found.detach() / due
    first = factors.flatten()[0]
    return bool(((factors - first).abs() <= 1e-3 * first.abs()).all()) and 1e-3 < abs(float(first) - 1) < 1e6


@check(
    "pooling.global_shape_1d",
    points=0.1,
    hints=hints.AVERAGES,
    idea="Global pooling leaves one number for each channel, whatever the length",
)
def global_pooling_of_time(student: Student, solution: Reference | None, expect: Expect) -> None:
    _require_one_number(student, expect, "GlobalAvgPool1d", 1)


@check(
    "pooling.global_shape_2d",
    points=0.1,
    hints=hints.AVERAGES,
    idea="Global pooling of images leaves one number for each channel, whatever the size",
)
def global_pooling_of_images(student: Student, solution: Reference | None, expect: Expect) -> None:
    _require_one_number(student, expect, "GlobalAvgPool2d", 2)


def _each_right(student: Any, judge: Callable[[str, tuple[int, ...], Any, Tensor], None]) -> None:
    """Judge each class of this task that gives the right values: name, arguments, a pool, and a drawn input."""

    def one(name: str, arguments: tuple[int, ...], axes: int) -> None:
        x = inputs(*shapes(axes, 7, 11)[0])
        pool = getattr(student.pooling, name)(*arguments)
        require_right_first(name, pool(x.clone()), TORCH[name](x, *arguments), ROUNDING)
        judge(name, arguments, pool, x)

    each_written(partial(one, *case) for case in DUE)


@check(
    "pooling.view",
    points=0.15,
    hints=hints.MEMORY,
    idea="A view is pooled like a copy of it: what counts is the order of its axes, not that in memory",
)
def views_are_pooled_alike(student: Student, solution: Reference | None, expect: Expect) -> None:
    def judge(name: str, arguments: tuple[int, ...], pool: Any, x: Tensor) -> None:
        x = x[:1].repeat(len(x), *(1 for _ in x.shape[1:]))  # one of the views repeats an example
        due = TORCH[name](x, *arguments)
        for view in VIEWS:
            with expect.case(f"{name}{arguments} of a view ({view}) of shape {tuple(x.shape)}", hint=IN_MEMORY):
                got = student.probe.output_of_view(pool, x, view)
                expect.close(got, due, atol=ROUNDING, what="the same as for a copy of it")

    _each_right(student, judge)


@check(
    "pooling.gradient",
    points=0.15,
    hints=hints.GRADIENTS,
    idea="The gradient comes back through each pooling: to the largest value of a window, to all values of an average",
)
def gradient_comes_back(student: Student, solution: Reference | None, expect: Expect) -> None:
    _each_right(student, lambda name, arguments, _, x: compare_gradient(student, expect, name, arguments, x))


@check("pooling.input_kept", points=0.1, hints=hints.INPUT_KEPT, idea="Pooling leaves its input as it is")
def inputs_stay_as_they_are(student: Student, solution: Reference | None, expect: Expect) -> None:
    _each_right(student, lambda name, _, pool, x: require_input_kept(student, name, pool, x, expect))


@check(
    "pooling.no_torch_pooling",
    points=0.15,
    hints=hints.OWN_POOLING,
    idea="The pooling is written by yourself: no pooling function or module of torch",
)
def pooling_is_written_by_hand(student: Student, solution: Reference | None, expect: Expect) -> None:
    _each_right(student, lambda *_: None)
    require_own_pooling(student, "pooling", expect)


@check(
    "pooling.stochastic_members",
    points=0.35,
    extra=True,
    hints=hints.STOCHASTIC,
    idea="Stochastic pooling gives one of the window's values in training, and 0 for a window of zeros",
)
def stochastic_pooling_draws_values_of_the_window(student: Student, solution: Reference | None, expect: Expect) -> None:
    pool = student.pooling.StochasticPool2d(2, 2).train()
    height, width = 2 * draw("height").randint(2, 6), 2 * draw("width").randint(2, 6) + 1
    x = inputs(2, 3, height, width).abs()
    x[0, 1] = 0.0
    due = (2, 3, height // 2, width // 2)
    hint = "What are the probabilities of a window in which everything is 0, and what is 0 / 0?"
    with expect.case("in training, with windows of zeros among others", hint=hint):
        out = pool(x.clone())
        expect.shape(out, due, hint="The same shape as after MaxPool2d: is a last column that fits no window left out?")
    out = out.detach().to(torch.float32)
    expect.close(
        out[0, 1], torch.zeros(due[2:]), atol=0.0, what="zeros", case="windows of zeros, in training", hint=hint
    )
    pixels = torch.stack([x[..., row::2, column : width - 1 : 2] for row in (0, 1) for column in (0, 1)])
    expect.that(
        bool((pixels == out).any(dim=0).all()),
        expected="a value of its window at every position",
        got="another value",
        hint="Training draws a value; the weighted mean is for evaluation.",
    )
    with expect.case(
        "300 windows of (0, 1, 0, 99), in training",
        hint="The larger a value is in its window, the likelier. How likely is 99 here, and how likely is 0?",
    ):
        rare = torch.tensor([0.0, 1.0, 0.0, 99.0], dtype=torch.float32).reshape(1, 1, 2, 2).repeat(1, 3, 10, 10)
        largest = int((expect.tensor(pool(rare)) == 99).sum())
        # 297 are due; so far off is a right answer once in 10^6 runs
        expect.that(largest >= 285, expected="99 in nearly all of them", got=f"99 in {largest} of 300")
    with expect.case("in evaluation, with windows of zeros among others", hint=hint):
        out = pool.train(False)(x.clone())
        expect.shape(out, due, hint="The same shape as in training.")
    expect.close(
        out[0, 1], torch.zeros(due[2:]), atol=0.0, what="zeros", case="windows of zeros, in evaluation", hint=hint
    )


@check(
    "pooling.stochastic_example",
    points=0.15,
    extra=True,
    hints=hints.STOCHASTIC,
    idea="In evaluation, stochastic pooling of (1, 2, 0, 5) gives (1 + 4 + 0 + 25) / 8",
)
def stochastic_pooling_of_four_values(student: Student, solution: Reference | None, expect: Expect) -> None:
    random = draw()
    drawn = [random.randint(0, 9) for _ in range(3)] + [random.randint(1, 9)]
    for values in ([1, 2, 0, 5], drawn):
        due = Fraction(sum(value**2 for value in values), sum(values))
        with expect.case(
            f"the window {tuple(values)}, in evaluation",
            hint="Which probability has each of the four values? The mean weights each value with its own.",
        ):
            x = torch.tensor(values, dtype=torch.float32).reshape(1, 1, 2, 2)
            got = student.pooling.StochasticPool2d(2).eval()(x)
            expect.close(got, torch.full((1, 1, 1, 1), float(due), dtype=torch.float32), atol=ROUNDING)
    x = inputs(*shapes(2, 7, 9)[0]).abs()
    for kernel_size, stride in ((2, None), (3, 2)):
        with expect.case(f"StochasticPool2d({kernel_size}, {stride}) of shape {tuple(x.shape)}, in evaluation"):
            compare_means(student, expect, x, (kernel_size, stride), mean_by_probabilities(x, kernel_size, stride))
