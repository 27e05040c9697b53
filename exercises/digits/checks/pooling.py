"""Public checks of task 2."""

from __future__ import annotations

from typing import Any

import torch

from exercises.checking import Expect, StudentError, awkward, check

from .source import torch_pooling_in


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


@check(
    "pooling.max_shape",
    points=0.25,
    idea="Pooling turns n values into floor((n - kernel_size) / stride) + 1 along each axis",
)
def max_pooling_shortens_each_axis(student: Any, solution: Any, expect: Expect) -> None:
    for kernel_size, stride in ((2, None), (3, 2), (2, 3)):
        step = stride or kernel_size
        height, width, time = ((size - kernel_size) // step + 1 for size in (11, 8, 17))
        case = f"kernel_size={kernel_size}, stride={stride}"
        hint = "Which axes are pooled? Where does the last window that fits start?"
        out = student.pooling.MaxPool1d(kernel_size, stride)(awkward(2, 3, 17))
        expect.shape(out, (2, 3, time), case=f"MaxPool1d, {case}", hint=hint)
        out = student.pooling.MaxPool2d(kernel_size, stride)(awkward(2, 3, 11, 8))
        expect.shape(out, (2, 3, height, width), case=f"MaxPool2d, {case}", hint=hint)


@check(
    "pooling.global_shape",
    points=0.25,
    idea="Global pooling leaves one number for each channel, whatever the size",
)
def global_pooling_leaves_one_number_a_channel(student: Any, solution: Any, expect: Expect) -> None:
    hint = "Which axes have to disappear, and which two stay?"
    channels = torch.tensor([[1.0, -2.0, 0.5], [4.0, 0.0, 3.0]], dtype=torch.float64)
    for name, sizes in (("GlobalAvgPool1d", (17,)), ("GlobalAvgPool2d", (5, 7)), ("GlobalAvgPool2d", (1, 1))):
        x = channels.reshape(2, 3, *(1 for _ in sizes)).expand(2, 3, *sizes).contiguous()
        pool = getattr(student.pooling, name)()
        # The mean of up to 35 equal values, in float64: rounding stays below 1e-14.
        expect.close(pool(x), channels, atol=1e-12, case=f"{name} of constant channels {sizes}", hint=hint)


@check(
    "pooling.no_torch_pooling",
    points=0.25,
    idea="The pooling is written by yourself: no pooling function or module of torch",
)
def pooling_is_written_by_hand(student: Any, solution: Any, expect: Expect) -> None:
    x = awkward(2, 3, 8, 8)
    student.pooling.MaxPool2d(2)(x.clone())  # an answer that is not written yet cannot keep the rule
    findings = torch_pooling_in(student.sources("pooling")) or _pooling_that_runs(student)
    expect.that(
        not findings,
        expected="no pooling of torch in pooling.py",
        got="; ".join(findings[:3]),
        hint="Which of unfold, slices, indices and reductions gives you all windows at once?",
    )


def _pooling_that_runs(student: Any) -> list[str]:
    """A second look, at what runs: a name can be hidden from whoever reads the source."""
    found = []
    for name, sizes in (
        ("MaxPool1d", (8,)),
        ("MaxPool2d", (8, 8)),
        ("GlobalAvgPool1d", (8,)),
        ("GlobalAvgPool2d", (8, 8)),
    ):
        try:
            pool = getattr(student.pooling, name)(*((2,) if name.startswith("Max") else ()))
            ran = student.probe.operations(pool, awkward(2, 3, *sizes))
        except StudentError:  # not written yet, or wrong: other checks say so
            continue
        found += [f"{name} runs {operation}" for operation in ran if "pool" in operation]
    return found


@check(
    "pooling.stochastic_members",
    points=0.25,
    extra=True,
    idea="Stochastic pooling gives one of the window's values in training, and 0 for a window of zeros",
)
def stochastic_pooling_draws_values_of_the_window(student: Any, solution: Any, expect: Expect) -> None:
    pool = student.pooling.StochasticPool2d(2, 2).train()
    x = awkward(2, 3, 6, 9).abs()
    x[0, 1] = 0.0
    hint = "What are the probabilities of a window in which everything is 0?"
    out = pool(x.clone())
    expect.shape(
        out, (2, 3, 3, 4), hint="The same shape as after MaxPool2d: is a last column that fits no window left out?"
    )
    out = out.detach().to(torch.float64)
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
