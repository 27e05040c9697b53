"""One check as grading runs it: what its numbers are drawn from, and whether it may show what it expects."""

from __future__ import annotations

from dataclasses import replace

from exercises.checking import Check, LocalStudent, Verdict
from exercises.checking.interfaces import Student
from exercises.checking.run import run_check

from .groups import graded_checks


def judge(
    check: Check,
    student: Student,
    reference: LocalStudent,
    earlier: dict[str, Verdict],
    limit_s: float | None = None,
) -> Verdict:
    """The verdict of a check.  Public checks may show what they expect, hidden ones do not.

    So public ones draw their numbers anew for each student: what one has been shown is worth nothing to the next.
    A public training that practises for a hidden one is not made here: both are judged by the hidden one.

    Args:
        reference: the solution with the private data as its `hidden`; its `private_seed` becomes this check's.
        earlier:   the verdicts on the same answer so far, by the check's id; that of a hidden training is added, where
                   it is judged before its turn.
        limit_s:   seconds on the clock after which the check is at fault; None for no limit.
    """
    if check.id in earlier:
        return earlier[check.id]
    for hidden in graded_checks(reference.hidden.assignment) if check.trains and check.public else ():
        if hidden.practice == check.id:
            earlier[hidden.id] = judge(hidden, student, reference, earlier, limit_s)
            return _practised(check, earlier[hidden.id])
    reference.private_seed = reference.hidden.numbers_seed(shown=check.public)
    return run_check(check, student, reference, reveal=check.public, earlier=earlier, limit_s=limit_s)


def _practised(check: Check, hidden: Verdict) -> Verdict:
    """The verdict on what practised for a hidden training: the same, for points of its own; it measured nothing."""
    return replace(
        hidden,
        check=check.id,
        idea=check.idea,
        points=round(check.points * hidden.points / hidden.max_points, 2),
        max_points=check.points,
        extra=check.extra,
        measured={},
        due={},
        seconds=0.0,
    )
