"""What nbgrader's gradebook holds about one submission: points, comments, lateness."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from nbgrader.api import MissingEntry

from grader.course.folder import Course
from grader.course.lateness import read_lateness
from grader.nbgrader_base.database import open_gradebook


@dataclass(frozen=True)
class Points:
    """The points of one task or question.

    Attributes:
        earned:  without extra credit; None is "not marked yet", which is not 0.
        extra:   extra credit on top; 0 while the points themselves are not known.
        by_hand: whether a person set them, which overrules the checks.
    """

    earned: float | None
    maximum: float
    extra: float = 0.0
    by_hand: bool = False


@dataclass(frozen=True)
class Booked:
    """One submission's rows.

    Attributes:
        name:         the student's first and last name, or the id where the gradebook has none.
        handed_in:    when, in UTC as text; empty where nobody noted it.
        points:       by name of the graded cell ("task-blocks", "question-shift_curves").
        comments:     a person's words by name of the cell, empty where nobody wrote any.
        late_penalty: points taken off for lateness.
        late_reason:  why, in words; empty where nothing is taken off, or no rule in course.toml does it.
    """

    name: str
    handed_in: str = ""
    points: dict[str, Points] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    late_penalty: float = 0.0
    late_reason: str = ""


@dataclass(frozen=True)
class Total:
    """The points of a whole submission.

    Attributes:
        points:  all that is marked, with extra credit, less the late penalty, at least 0.
        extra:   extra credit among them.
        maximum: of all parts, without extra credit.
        waiting: the maximum of the parts that are not marked yet.
    """

    points: float
    extra: float
    late_penalty: float
    maximum: float
    waiting: float
    complete: bool


def read_booked(course: Course, assignment: str, student: str) -> Booked:
    """The rows of one submission; one without points where it is not in the gradebook yet.

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
            points={grade.name: _points(grade) for notebook in notebooks for grade in notebook.grades},
            comments={c.name: c.manual_comment or "" for notebook in notebooks for c in notebook.comments},
            late_penalty=lateness.penalty(submission),
            late_reason=lateness.words(submission),
        )


def add_up(parts: Iterable[Points], late_penalty: float) -> Total:
    """The total of all tasks and questions; what is not marked yet is left out, and said so."""
    parts = list(parts)
    extra = sum(part.extra for part in parts)
    earned = sum(part.earned for part in parts if part.earned is not None)
    return Total(
        points=max(0.0, earned + extra - late_penalty),
        extra=extra,
        late_penalty=late_penalty,
        maximum=sum(part.maximum for part in parts),
        waiting=sum(part.maximum for part in parts if part.earned is None),
        complete=all(part.earned is not None for part in parts),
    )


def _points(grade: Any) -> Points:
    """A person's mark, or else the checks'; neither counts while nbgrader waits for a person."""
    by_hand = grade.manual_score is not None
    earned = grade.manual_score if by_hand else grade.auto_score
    if grade.needs_manual_grade or earned is None:
        return Points(None, grade.max_score)
    return Points(earned, grade.max_score, grade.extra_credit or 0.0, by_hand)


def _name(student: Any) -> str:
    return " ".join(part for part in (student.first_name, student.last_name) if part) or str(student.id)
