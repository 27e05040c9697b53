"""What nbgrader's gradebook holds about one submission: points, comments, lateness."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from nbgrader.api import MissingEntry

from grader.course.folder import Course
from grader.course.lateness import read_lateness
from grader.nbgrader_base.database import open_gradebook

from .total import Grade


@dataclass(frozen=True)
class Booked:
    """One submission's rows.

    Attributes:
        name:         the student's first and last name, or the id where the gradebook has none.
        handed_in:    when, in UTC as text; empty where nobody noted it.
        grades:       by name of the graded cell ("task-blocks", "question-shift_curves").
        comments:     a person's words by name of the cell, empty where nobody wrote any.
        late_penalty: points taken off for lateness.
        late_reason:  why, in words; empty where nothing is taken off, or no rule in course.toml does it.
    """

    name: str
    handed_in: str = ""
    grades: dict[str, Grade] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    late_penalty: float = 0.0
    late_reason: str = ""


def read_booked(course: Course, assignment: str, student: str) -> Booked:
    """The rows of one submission; one without grades where it is not in the gradebook yet.

    Raises:
        ValueError: course.toml is wrong on lateness.
    """
    lateness = read_lateness(course)
    with open_gradebook(course.root) as gradebook:
        try:
            submission = gradebook.find_submission(assignment, student)
        except MissingEntry:
            return Booked(name=student)
        notebooks = submission.notebooks
        return Booked(
            name=_name(submission.student),
            handed_in=submission.timestamp.strftime("%Y-%m-%d %H:%M UTC") if submission.timestamp else "",
            grades={row.name: Grade.of(row) for notebook in notebooks for row in notebook.grades},
            comments={c.name: c.manual_comment or "" for notebook in notebooks for c in notebook.comments},
            late_penalty=lateness.penalty(submission),
            late_reason=lateness.words(submission),
        )


def _name(student: Any) -> str:
    return " ".join(part for part in (student.first_name, student.last_name) if part) or str(student.id)
