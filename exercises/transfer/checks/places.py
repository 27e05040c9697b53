"""How the checks of task 3 compare values: with the place of the first difference."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import torch
from torch import Tensor

from exercises.checking import Expect, MismatchError, StudentError

SINGLE, DOUBLE = torch.float32, torch.float64
IMAGES = ("image", "channel", "row", "column")


def where(axes: Sequence[str], index: Sequence[int]) -> str:
    """ "image 0, row 3"."""
    return ", ".join(f"{axis} {number}" for axis, number in zip(axes, index, strict=True))


def require_values(expect: Expect, got: Any, due: Tensor, atol: float, axes: Sequence[str], hint: str = "") -> None:
    """Require these values, and name the place of the first one that is another; of values that are only rounded, none.

    Args:
        axes: what the axes of the values are.
    """
    expect.shape(got, due.shape, hint=hint)
    try:
        expect.close(got, due, atol=atol, hint=hint)
    except MismatchError as error:
        came = expect.tensor(got).detach()
        plain = came.is_floating_point() and bool(came.isfinite().all())
        if not plain or torch.equal(came, due.to(came.dtype)):
            raise
        wrong = ~((came.double() - due.double()).abs() <= atol)
        index = tuple(int(number) for number in wrong.nonzero()[0])
        words = where(axes, index)
        shown = f"{float(due[index]):.4g}" if expect.reveal else "another value"
        zeros = "zeros everywhere, " if not bool(came.any()) else ""
        found = f"{zeros}{float(came[index]):.4g} there; {int(wrong.sum())} of {wrong.numel()} values differ"
        expect.that(False, expected=f"{shown} at {words}", got=found, hint=error.hint)


def each_written(judgements: Iterable[Callable[[], None]]) -> None:
    """Judge one function after the other; one that is not written yet, or stops, is left to its own checks.

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
