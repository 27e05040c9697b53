"""Judging a function of task 1 so that a mistake costs once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from exercises.checking import Cause, MismatchError, StudentError


def judge_stamp(student: Any, judge: Callable[[Any], None]) -> None:
    """Judge the stamp as it is, and where that fails, with a log_mel that is right: a mistake in that costs once.

    Args:
        judge: gets the function to call.

    Raises:
        MismatchError, StudentError: of the stamp as it is.
    """
    try:
        judge(student.features.stamp)
        return
    except (MismatchError, StudentError) as error:
        stopped = error
    if stopped.cause in (Cause.WRONG, Cause.RAISED, Cause.NOT_WRITTEN):
        try:
            judge(student.training.StampAlone(student.features.stamp))
            return
        except (MismatchError, StudentError):
            pass
    raise stopped
