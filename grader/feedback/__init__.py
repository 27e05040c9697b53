"""The page that a student gets back: verdicts, points, the TA's words, and what the student's own notebook showed."""

from __future__ import annotations

from grader.course.folder import Course
from grader.model.results import Graded

from .contents import gather
from .render import render

__all__ = ["page"]


def page(course: Course, graded: Graded) -> str:
    """The feedback on one submission as one self-contained HTML page.

    Args:
        graded: the verdicts on it.

    Raises:
        FileNotFoundError: the student submitted nothing, or the assignment was not released in this course.
        ValueError: there is no such assignment.
    """
    return render(gather(course, graded))
