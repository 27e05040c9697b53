"""When a submission was handed in: what `collect` noted, never what the student's folder says.

nbgrader believes a timestamp.txt inside the submission, where a student can put one.  That file is written too, over
whatever the student has put there: formgrader takes a submission as graded only where the file holds the gradebook's
time.  Grading reads the note kept here, outside the submissions.
"""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from nbgrader.utils import parse_utc

from grader.course import Course
from grader.faults import Fault
from grader.submission import read_file

TIMESTAMP = "timestamp.txt"  # nbgrader's file, and how a time (in UTC) is written there
TIME = "%Y-%m-%d %H:%M:%S.%f UTC"


class DamagedNote(Fault):
    """The note of when a submission was handed in holds something else."""


def note_collected(course: Course, assignment: str, student: str, when: datetime) -> None:
    """Note when a submission was handed in, also in the place where formgrader looks.

    Raises:
        ValueError: the time has no time zone.
    """
    if when.tzinfo is None:
        raise ValueError(f"{when} has no time zone: write for example 2030-01-15T23:59:00+02:00")
    path = _note(course, assignment, student)
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, when.astimezone(UTC).isoformat() + "\n")
    stamp = course.submitted(assignment, student) / TIMESTAMP
    if stamp.parent.is_dir():
        if stamp.is_dir() and not stamp.is_symlink():
            shutil.rmtree(stamp)
        _replace(stamp, when.astimezone(UTC).strftime(TIME))


def collected_at(course: Course, assignment: str, student: str) -> datetime | None:
    """When a submission was handed in, as nbgrader stores it (UTC without a time zone); None where nobody noted it.

    Raises:
        DamagedNote: the note holds no time.
    """
    path = _note(course, assignment, student)
    if not path.is_file():
        return None
    text = path.read_text(encoding="utf-8", errors="replace").strip()
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise DamagedNote(
            f"{path} holds {text[:40]!r} and not a time: write one there, for example 2030-01-15T22:59:00+00:00"
        ) from None
    return when.astimezone(UTC).replace(tzinfo=None)


def handed_in_at(course: Course, assignment: str, student: str) -> datetime | None:
    """`collected_at`; for an adopted assignment that nobody has noted, what nbgrader believes: timestamp.txt.

    Raises:
        DamagedNote: the note holds no time.
    """
    when = collected_at(course, assignment, student)
    if when is not None or not course.adopts(assignment):
        return when
    raw = read_file(course.submitted(assignment, student), TIMESTAMP, 200, [])
    try:
        found = parse_utc(raw.decode().strip()) if raw and raw.strip() else None
    except (ValueError, OverflowError):  # the student's own words, perhaps: no time is known
        return None
    return found if isinstance(found, datetime) else None


def _replace(path: Path, text: str) -> None:
    """Write a file as a whole or not at all, over whatever lies there; a link is replaced and not followed."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.unlink(missing_ok=True)  # and not written through, where it is a link
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def _note(course: Course, assignment: str, student: str) -> Path:
    return course.root / "collected" / assignment / f"{student}.txt"
