"""One mistake costs once: what uses other parts of an answer is judged with these, and else with stand-ins for them."""

from __future__ import annotations

from collections.abc import Callable

from .errors import StudentError
from .expect import MismatchError
from .verdict import Cause

JUDGED_AGAIN = (Cause.WRONG, Cause.RAISED, Cause.NOT_WRITTEN)


def judge_or_alone(as_it_is: Callable[[], None], alone: Callable[[], None]) -> None:
    """Judge something as it is, and where that fails, made of stand-ins.

    Raises:
        MismatchError, StudentError: of it as it is, where both fail.
    """
    try:
        as_it_is()
        return
    except (MismatchError, StudentError) as error:
        stopped = error
    if stopped.cause in JUDGED_AGAIN:
        try:
            alone()
            return
        except (MismatchError, StudentError):
            pass
    raise stopped
