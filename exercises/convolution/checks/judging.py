"""What the checks of several tasks do: compare in either precision, stand in for earlier functions, keep the rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor

from exercises.checking import Expect, StudentError
from exercises.checking.alone import judge_or_alone
from exercises.checking.banned import Ban, banned_in, names_module
from exercises.convolution.listening import CONVOLVES

# Of the largest value that is due: single precision rounds at 6e-8, and sums of 200 products at some 1e-6.
TOLERANCES = {torch.float32: 1e-4, torch.float64: 1e-9}
BAN = Ban(
    re.compile(rf"{CONVOLVES.pattern}|ops", re.IGNORECASE),  # torch.ops, whatever of it
    frozenset({"torch", "torchaudio", "torchvision", "numpy", "scipy"}),
)
OF_CHECKS = ("listening", "standins")  # given modules that checks use, and answers do not
WHICH_DTYPE = "Which dtype has the input, and which the filter? What is converted to what, and when?"
BY_HAND = "Which of slices, unfold, einsum, matrix products or a loop over the taps gives the same sums?"
IN_PLACE = "Which line writes into its argument (+=, x[…] = …, mul_)? Somebody else may still need it."
SHARED = "Does the result share its memory with an argument, as slices and views do? What does `clone` do?"


def require(expect: Expect, got: Any, due: Tensor, dtype: torch.dtype, *, hint: str = "") -> None:
    """Require these values, computed in a dtype, and of it.

    Args:
        due: in float64 or complex128.
    """
    atol = TOLERANCES[dtype] * max(float(due.abs().max()), 0.1)  # where all of it is 0, inputs are not
    expect.close(got, due, atol=atol, hint=hint)
    came, wanted = expect.tensor(got).dtype, torch.complex128 if due.is_complex() else dtype
    expect.that(
        came is wanted,
        expected=f"{wanted}".removeprefix("torch."),
        got=f"the right values as {came}".replace("torch.", ""),
        hint=WHICH_DTYPE,
    )


def judge_alone(student: Any, module: str, name: str, judge: Callable[[Any], None]) -> None:
    """Judge a function as it is, and where that fails, with stand-ins for the earlier ones: a mistake costs once.

    Args:
        judge: gets the function to call.

    Raises:
        MismatchError, StudentError: of the function as it is.
    """
    function = getattr(getattr(student, module), name)
    judge_or_alone(lambda: judge(function), lambda: judge(student.standins.Alone(function, module, name)))


def each_written(judgements: Iterable[Callable[[], None]]) -> None:
    """Judge one function after the other; one that is not written yet, or gives no result, is left to its own checks.

    Raises:
        StudentError: the first one, where all of them end so.
    """
    stopped: list[StudentError] = []
    judged = 0
    for judge in judgements:
        try:
            judge()
            judged += 1
        except StudentError as error:
            stopped.append(error)
    if stopped and not judged:
        raise stopped[0]


def require_untouched(student: Any, expect: Expect, name: str, function: Any, *arguments: Any) -> None:
    """Require that a function changes no argument, and that what is written into its result changes none either."""
    for write, what, hint in ((False, name, IN_PLACE), (True, f"writing into what {name} gives", SHARED)):
        with expect.case(what, hint=hint):
            before, after = student.listening.before_and_after(function, *arguments, write=write)
            for due, found in zip(before, after, strict=True):
                expect.close(found, due, atol=0.0, what="arguments as before the call")


def require_own(student: Any, expect: Expect, module: str, name: str, *arguments: Any) -> None:
    """Require that a function runs nothing that convolves, beside stand-ins for the earlier ones."""
    function = student.standins.Alone(getattr(getattr(student, module), name), module, name)
    heard = student.listening.convolving(function, *arguments)
    expect.that(
        not heard, expected=f"{name} by hand, without a function that convolves", got=", ".join(heard), hint=BY_HAND
    )


def require_by_hand(student: Any, expect: Expect, module: str, functions: Iterable[str]) -> None:
    """Require that a module, and what of the student's own it imports, names nothing that convolves.

    Args:
        functions: what checks ask of it.
    """
    sources = student.sources(module)
    findings = banned_in(sources, BAN, asked=functions) or [
        name for name in OF_CHECKS if names_module(sources.values(), name)
    ]
    expect.that(
        not findings,
        expected=f"{module}.py without functions that convolve, correlate or filter",
        got="; ".join(findings[:3]),
        hint=BY_HAND,
    )
