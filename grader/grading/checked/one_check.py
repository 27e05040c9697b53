"""One check as grading runs it: what its numbers are drawn from, and whether it may show what it expects."""

from __future__ import annotations

from exercises.checking import Check, LocalStudent, Verdict
from exercises.checking.interfaces import Student
from exercises.checking.run import run_check


def judge(
    check: Check,
    student: Student,
    reference: LocalStudent,
    earlier: dict[str, Verdict],
    limit_s: float | None = None,
) -> Verdict:
    """The verdict of a check.  Public checks may show what they expect, hidden ones do not.

    So public ones draw their numbers anew for each student: what one has been shown is worth nothing to the next.

    Args:
        reference: the solution with the private data as its `hidden`; its `private_seed` becomes this check's.
        earlier:   the verdicts on the same answer so far, by the check's id.
        limit_s:   seconds on the clock after which the check is at fault; None for no limit.
    """
    reference.private_seed = reference.hidden.numbers_seed(shown=check.public)
    return run_check(check, student, reference, reveal=check.public, earlier=earlier, limit_s=limit_s)
