"""The lecturer's page on an assignment: how it went, what to say in the next lecture."""

from __future__ import annotations

from pathlib import Path

from grader.authoring.galleries import wrong_answers
from grader.course.folder import Course

from .contents import put_together
from .facts import gather
from .files import write

__all__ = ["write_report"]


def write_report(course: Course, assignment: str, out: Path, *, slides: bool = False) -> list[Path]:
    """Write the report into a folder and return its pages: report.html, and slides.html if asked for.

    Raises:
        FileNotFoundError: the assignment was not released in this course.
        ValueError: there is no such assignment, the gradebook does not know it, or course.toml is wrong.
        sqlite3.Error: the ledger cannot be read.
    """
    return write(put_together(gather(course, assignment), wrong_answers(assignment)), out, slides)
