"""Judging a function of task 1 so that a mistake costs once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from exercises.checking.alone import judge_or_alone


def judge_stamp(student: Any, judge: Callable[[Any], None]) -> None:
    """Judge the stamp as it is, and where that fails, with a log_mel that is right: a mistake in that costs once.

    Args:
        judge: gets the function to call.

    Raises:
        MismatchError, StudentError: of the stamp as it is.
    """
    stamp = student.features.stamp
    judge_or_alone(lambda: judge(stamp), lambda: judge(student.training.StampAlone(stamp)))
