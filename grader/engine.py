"""From a course folder to a result: look it up, or grade it now."""

from __future__ import annotations

from .course import Course
from .grading import grade
from .ledger import Ledger
from .results import Graded


def graded(course: Course, assignment: str, student: str, *, again: bool = False) -> Graded:
    """The result of one student's submission, from the ledger if these very bytes were graded before.

    Plain and blocking: it may be called inside a Jupyter server.

    Args:
        again: grade it even if it is known.

    Raises:
        FileNotFoundError: the student submitted nothing.
    """
    terms, ledger = course.terms(assignment), Ledger(course.ledger)
    submission = course.submission(assignment, student)
    known = None if again else ledger.get(submission, terms)
    if known is not None:
        return known
    result = grade(submission, terms)
    if not result.unfinished:
        ledger.put(result, terms)
    return result
