"""Public checks of task 2."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
import torch.nn.functional as F

from exercises.checking import Expect, MismatchError, StudentError, check

from .observe import each_written, inputs, require_input_kept
from .own import require_own_pooling

# Class, arguments, and axes behind the channels of what is due in this task.
DUE: tuple[tuple[str, tuple[int, ...], int], ...] = (
    ("MaxPool1d", (3, 2), 1),
    ("MaxPool2d", (3, 2), 2),
    ("GlobalAvgPool1d", (), 1),
    ("GlobalAvgPool2d", (), 2),
)
TORCH: dict[str, Callable[..., torch.Tensor]] = {
    "MaxPool1d": F.max_pool1d,
    "MaxPool2d": F.max_pool2d,
    "GlobalAvgPool1d": lambda x: F.adaptive_avg_pool1d(x, 1).reshape(x.shape[:2]),
    "GlobalAvgPool2d": lambda x: F.adaptive_avg_pool2d(x, 1).reshape(x.shape[:2]),
}


@check(
    "pooling.max_1d_example",
    points=0.25,
    idea="Max pooling keeps the largest value of each window",
)
def max_pooling_of_six_values(student: Any, solution: Any, expect: Expect) -> None:
    x = torch.tensor([[[1.0, 3.0, -2.0, -5.0, 4.0, 0.0]]])
    for kernel_size, stride, expected in ((2, None, [3.0, -2.0, 4.0]), (3, 1, [3.0, 3.0, 4.0, 4.0])):
        pool = student.pooling.MaxPool1d(kernel_size, stride)
        expect.close(
            pool(x.clone()),
            torch.tensor([[expected]]),
            atol=0.0,  # values are copied, never computed
            case=f"kernel_size={kernel_size}, stride={stride}, of [1, 3, -2, -5, 4, 0]",
            hint="Write the windows down: which values are in the first one, and where does the second one start?",
        )


def _require_shortened(student: Any, expect: Expect, name: str, *sizes: int) -> None:
    """Windows of several sizes and steps; batches of one, one channel, and a single window that fits."""
    cases = [(2, 3, kernel_size, stride) for kernel_size, stride in ((2, None), (3, 2), (2, 3), (min(sizes), None))]
    cases += [(1, 3, 2, None), (2, 1, 3, 2), (1, 1, min(sizes), None)]
    for batch, channels, kernel_size, stride in cases:
        step = stride or kernel_size
        x = inputs(batch, channels, *sizes)
        expect.shape(
            getattr(student.pooling, name)(kernel_size, stride)(x),
            (batch, channels, *((size - kernel_size) // step + 1 for size in sizes)),
            case=f"{name}(kernel_size={kernel_size}, stride={stride}) of shape {tuple(x.shape)}",
            hint="Which axes are pooled? Where does the last window that fits start? An axis of size 1 stays too.",
        )


@check(
    "pooling.max_shape_1d",
    points=0.1,
    idea="Pooling turns n values into floor((n - kernel_size) / stride) + 1",
)
def max_pooling_shortens_time(student: Any, solution: Any, expect: Expect) -> None:
    _require_shortened(student, expect, "MaxPool1d", 17)


@check(
    "pooling.max_shape_2d",
    points=0.15,
    idea="Pooling of images turns n pixels into floor((n - kernel_size) / stride) + 1 along each axis",
)
def max_pooling_shortens_each_axis(student: Any, solution: Any, expect: Expect) -> None:
    _require_shortened(student, expect, "MaxPool2d", 11, 8)


def _require_one_number(student: Any, expect: Expect, name: str, shapes: tuple[tuple[int, ...], ...]) -> None:
    values = torch.tensor([[1.0, -2.0, 0.5], [4.0, 0.0, 3.0]], dtype=torch.float32)
    for batch, channels, *sizes in shapes:
        due = values[:batch, :channels]
        x = due.reshape(batch, channels, *(1 for _ in sizes)).expand(batch, channels, *sizes).contiguous()
        expect.close(
            getattr(student.pooling, name)()(x),
            due,
            atol=1e-5,  # the mean of up to 35 equal values of at most 4, in float32: rounding stays below 1e-6
            case=f"{name} of constant channels, shape {tuple(x.shape)}",
            hint="Which axes have to disappear, and which two stay, also where they are of size 1?",
        )


@check(
    "pooling.global_shape_1d",
    points=0.1,
    idea="Global pooling leaves one number for each channel, whatever the length",
)
def global_pooling_of_time(student: Any, solution: Any, expect: Expect) -> None:
    _require_one_number(student, expect, "GlobalAvgPool1d", ((2, 3, 17), (2, 3, 1), (1, 3, 5), (2, 1, 5), (1, 1, 1)))


@check(
    "pooling.global_shape_2d",
    points=0.1,
    idea="Global pooling of images leaves one number for each channel, whatever the size",
)
def global_pooling_of_images(student: Any, solution: Any, expect: Expect) -> None:
    shapes = ((2, 3, 5, 7), (2, 3, 1, 1), (1, 3, 4, 2), (2, 1, 4, 2), (1, 1, 3, 1))
    _require_one_number(student, expect, "GlobalAvgPool2d", shapes)


@check(
    "pooling.view",
    points=0.1,
    idea="A view is pooled like a copy of it: what counts is the order of its axes, not that in memory",
)
def views_are_pooled_alike(student: Any, solution: Any, expect: Expect) -> None:
    def judge(name: str, arguments: tuple[int, ...], axes: int) -> None:
        pool = getattr(student.pooling, name)(*arguments)
        x = inputs(2, 3, *(9, 8)[:axes])
        due = TORCH[name](x, *arguments)
        expect.close(
            pool(x.clone()),
            due,
            atol=1e-5,  # a maximum is copied, and a mean of 72 values near 1 rounded by less than 1e-6
            what="what torch's own pooling gives",
            case=f"{name}{arguments} of shape {tuple(x.shape)}",
            hint="Which values lie in a window? Compare the first two windows by hand.",
        )
        case = f"{name}{arguments} of a transposed view"
        hint = "Which line takes the order in memory for granted? `contiguous` and `reshape` put that right."
        try:
            got = student.probe.output_of_view(pool, x)
        except StudentError as error:
            raise MismatchError("the same as for a copy of it", f"{case}: {error.got}", hint) from error
        expect.close(got, due, atol=1e-5, what="the same as for a copy of it", case=case, hint=hint)

    each_written(partial(judge, *case) for case in DUE)


@check("pooling.input_kept", points=0.1, idea="Pooling leaves its input as it is")
def inputs_stay_as_they_are(student: Any, solution: Any, expect: Expect) -> None:
    def judge(name: str, arguments: tuple[int, ...], axes: int) -> None:
        pool = getattr(student.pooling, name)(*arguments)
        require_input_kept(student, name, pool, inputs(2, 3, *(9, 8)[:axes]), expect)

    each_written(partial(judge, *case) for case in DUE)


@check(
    "pooling.no_torch_pooling",
    points=0.1,
    idea="The pooling is written by yourself: no pooling function or module of torch",
)
def pooling_is_written_by_hand(student: Any, solution: Any, expect: Expect) -> None:
    require_own_pooling(student, "pooling", expect)


@check(
    "pooling.stochastic_members",
    points=0.25,
    extra=True,
    idea="Stochastic pooling gives one of the window's values in training, and 0 for a window of zeros",
)
def stochastic_pooling_draws_values_of_the_window(student: Any, solution: Any, expect: Expect) -> None:
    pool = student.pooling.StochasticPool2d(2, 2).train()
    x = inputs(2, 3, 6, 9).abs()
    x[0, 1] = 0.0
    hint = "What are the probabilities of a window in which everything is 0?"
    out = pool(x.clone())
    expect.shape(
        out, (2, 3, 3, 4), hint="The same shape as after MaxPool2d: is a last column that fits no window left out?"
    )
    out = out.detach().to(torch.float32)
    expect.close(out[0, 1], torch.zeros(3, 4), atol=0.0, what="zeros", case="windows of zeros, in training", hint=hint)
    windows = torch.stack([x[..., row:6:2, column:8:2] for row in (0, 1) for column in (0, 1)])
    expect.that(
        bool((windows == out).any(dim=0).all()),
        expected="a value of its window at every position",
        got="another value",
        hint="Training draws a value; the weighted mean is for evaluation.",
    )
    out = pool.eval()(x.clone())
    expect.shape(out, (2, 3, 3, 4), case="in evaluation", hint="The same shape as in training.")
    expect.close(
        out[0, 1], torch.zeros(3, 4), atol=0.0, what="zeros", case="windows of zeros, in evaluation", hint=hint
    )
