"""A grade's points, where "not graded yet" is None and spreads into every sum."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any


def points(grade: Any) -> float | None:
    """A person's mark, or else the checks'; None while nbgrader waits for a person."""
    if grade is None or grade.needs_manual_grade:
        return None
    score: float | None = grade.auto_score if grade.manual_score is None else grade.manual_score
    return score


def if_complete(parts: Iterable[float | None], result: Callable[[list[float]], float]) -> float | None:
    """What `result` makes of the parts; None while any of them is None."""
    known = []
    for part in parts:
        if part is None:
            return None
        known.append(part)
    return result(known)
