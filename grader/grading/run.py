"""Grades one submission: a pure function of its bytes and the plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from grader.model.results import Graded, Part
from grader.model.submission import Submission

from .plan import GradingPlan

if TYPE_CHECKING:
    from grader.sandbox.inside.confine import Limits


def grade(submission: Submission, plan: GradingPlan, limits: Limits | None = None) -> Graded:
    """Everything about one submission: `grade_groups` with all groups."""
    return Graded.of(submission, grade_groups(submission, plan, [group.name for group in plan.groups], limits))


def grade_groups(
    submission: Submission, plan: GradingPlan, names: Sequence[str], limits: Limits | None = None
) -> tuple[Part, ...]:
    """Grade these groups of the plan.  It is what a worker is sent: a function by name, and plain values.

    Raises:
        NotPreparedError: the course lacks what grading needs.
    """
    return plan.grade(submission, names, limits)
