"""When a submission was handed in: what `collect` noted, never what the student's folder says.

nbgrader believes a timestamp.txt inside the submission, where a student can put one.  That file is written too, over
whatever the student has put there: formgrader takes a submission as graded only where the file holds the gradebook's
time.  Grading reads the note kept here, outside the submissions.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from grader.course import Course


def note_collected(course: Course, assignment: str, student: str, when: datetime) -> None:
    """Note when a submission was handed in, also in the place where formgrader looks.

    Raises:
        ValueError: the time has no time zone.
    """
    if when.tzinfo is None:
        raise ValueError(f"{when} has no time zone: write for example 2030-01-15T23:59:00+02:00")
    path = _note(course, assignment, student)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(when.astimezone(UTC).isoformat() + "\n", encoding="utf-8")
    stamp = course.submitted(assignment, student) / "timestamp.txt"
    if stamp.parent.is_dir():
        stamp.unlink(missing_ok=True)  # it may be a link
        stamp.write_text(when.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC"), encoding="utf-8")


def collected_at(course: Course, assignment: str, student: str) -> datetime | None:
    """When a submission was handed in, as nbgrader stores it (UTC without a time zone); None where nobody noted it."""
    path = _note(course, assignment, student)
    if not path.is_file():
        return None
    when = datetime.fromisoformat(path.read_text(encoding="utf-8").strip())
    return when.astimezone(UTC).replace(tzinfo=None)


def _note(course: Course, assignment: str, student: str) -> Path:
    return course.root / "collected" / assignment / f"{student}.txt"
