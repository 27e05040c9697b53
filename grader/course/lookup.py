"""From a course folder to a result: look it up, or grade now what is not known."""

from __future__ import annotations

from grader.grading.plan import GradingPlan
from grader.grading.run import grade_groups
from grader.model.results import Graded, Part
from grader.model.submission import Submission

from .folder import Course
from .ledger import Ledger


def missing(plan: GradingPlan, known: dict[str, Part]) -> tuple[str, ...]:
    """The groups that have to be graded."""
    return tuple(group.name for group in plan.groups if group.name not in known)


def whole(submission: Submission, plan: GradingPlan, parts: dict[str, Part]) -> Graded:
    """The result of a submission from the parts of all its groups."""
    return Graded.of(submission, [parts[group.name] for group in plan.groups])


def graded(course: Course, assignment: str, student: str, *, again: bool = False) -> Graded:
    """The result of one student's submission; what was graded before for these very bytes comes from the ledger.

    Plain and blocking: it may be called inside a Jupyter server.

    Args:
        again: grade it even if it is known.

    Raises:
        FileNotFoundError: the student submitted nothing.
        NotPreparedError: the course lacks its secret.
    """
    plan, ledger = course.plan(assignment), Ledger(course.ledger)
    submission = course.submission(assignment, student)
    known = {} if again else ledger.known(submission, plan)
    if names := missing(plan, known):
        parts = grade_groups(submission, plan, names)
        ledger.put(submission, plan, parts)
        known |= {part.group: part for part in parts}
    return whole(submission, plan, known)
