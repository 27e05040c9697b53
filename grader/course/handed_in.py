"""Whose a submission is and when it was handed in: what `collect` noted, never what the student's folder says.

A note holds what a system stated: the platform with its number and name of the student, the time with its source, or
that it was late without a time.  What nobody stated is unknown, and unknown is a value.  An earlier version noted the
bare time, and took it from the dates in a zip too: such a time has no source, and counts as unknown.

nbgrader believes a timestamp.txt inside the submission, where a student can put one.  That file is written too, over
whatever the student has put there: formgrader takes a submission as graded only where the file holds the gradebook's
time.  Grading reads the note kept here, outside the submissions.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from nbgrader.utils import parse_utc

from grader.model.faults import FaultError
from grader.model.files import read_file

from .folder import Course

TIMESTAMP_FILE = "timestamp.txt"  # nbgrader's file, and how a time (in UTC) is written there
TIME_FORMAT = "%Y-%m-%d %H:%M:%S.%f UTC"
BY_HAND_SOURCE = "by hand"  # the source of a time that a person has set


class DamagedNoteError(FaultError):
    """The note of when a submission was handed in holds something else."""


@dataclass(frozen=True)
class Note:
    """What is known about a submission.

    Attributes:
        when:     when it was handed in, with a time zone; None where nobody stated it.
        source:   who stated it; empty for a time that an earlier version noted.
        late:     a system said that it came after the deadline, and not when.
        platform: "moodle", "canvas" or "nbgrader"; empty where an earlier version noted none.
        number:   the platform's own number of the student; empty where it has none.
        name:     the student's name as the platform writes it.
    """

    when: datetime | None = None
    source: str = ""
    late: bool = False
    platform: str = ""
    number: str = ""
    name: str = ""

    @property
    def stated(self) -> bool:
        """Whether somebody is known to have said when it was handed in."""
        return self.when is not None and bool(self.source)

    @property
    def without_source(self) -> bool:
        return self.when is not None and not self.source

    def is_later_than(self, other: Note) -> bool:
        """Whether both were stated, and this one later."""
        if self.when is None or other.when is None or not (self.source and other.source):
            return False
        return self.when > other.when

    def and_again(self, again: Note) -> Note:
        """What is known after the same files came once more: the earliest time that was stated for them.

        What a person has set stands, unless that is "unknown" and a time is stated now.
        """
        whose = replace(again, when=self.when, source=self.source, late=self.late)
        if not again.platform:
            whose = self
        if self.source == BY_HAND_SOURCE and (self.stated or not again.stated):
            return whose
        if self.stated and (not again.stated or not self.is_later_than(again)):
            return whose
        return replace(whose, when=again.when, source=again.source, late=again.late)


def note_collected(
    course: Course, assignment: str, student: str, when: datetime | None, source: str = "stated"
) -> None:
    """Note when a submission was handed in, None where that is unknown; whose it is stays as it was.

    Raises:
        ValueError: the time has no time zone.
    """
    before = read_note(course, assignment, student, damaged_too=True) or Note()
    write_note(course, assignment, student, replace(before, when=when, source=source, late=False))


def write_note(course: Course, assignment: str, student: str, note: Note) -> None:
    """Write a note, and the time also in the place where formgrader looks.

    Raises:
        ValueError: the time has no time zone.
    """
    if note.when is not None and note.when.tzinfo is None:
        raise ValueError(f"{note.when} has no time zone: write for example 2030-01-15T23:59:00+02:00")
    path = _note(course, assignment, student)
    path.parent.mkdir(parents=True, exist_ok=True)
    when = note.when.astimezone(UTC).isoformat() if note.when else None
    _replace(path, json.dumps({**asdict(note), "when": when}, ensure_ascii=False) + "\n")
    stamp = course.submitted(assignment, student) / TIMESTAMP_FILE
    if stamp.parent.is_dir():
        if stamp.is_dir() and not stamp.is_symlink():
            shutil.rmtree(stamp)
        if note.when:
            _replace(stamp, note.when.astimezone(UTC).strftime(TIME_FORMAT))
        else:
            stamp.unlink(missing_ok=True)


def read_note(course: Course, assignment: str, student: str, *, damaged_too: bool = False) -> Note | None:
    """What is noted of a submission; None where nothing is.

    Args:
        damaged_too: whether a damaged note is as good as none.

    Raises:
        DamagedNoteError: the note holds neither a note nor a time.
    """
    path = _note(course, assignment, student)
    if not path.is_file():
        return None
    text = path.read_text(encoding="utf-8", errors="replace").strip()
    try:
        return _parsed(text)
    except (ValueError, TypeError):
        if damaged_too:
            return None
        raise DamagedNoteError(
            f"{path} holds {text[:40]!r} and no note: python -m grader times {assignment} {student} "
            '"2030-01-15 22:59" writes one'
        ) from None


def collected_at(course: Course, assignment: str, student: str) -> datetime | None:
    """When a submission was handed in, as nbgrader stores it (UTC without a time zone); None where nobody noted it.

    Raises:
        DamagedNoteError: the note holds no time.
    """
    return _as_nbgrader(read_note(course, assignment, student))


def handed_in_at(course: Course, assignment: str, student: str) -> datetime | None:
    """`collected_at`; without a note what nbgrader believes, timestamp.txt, where the kind of assignment trusts it.

    Raises:
        DamagedNoteError: the note holds no time.
    """
    note = read_note(course, assignment, student)
    if note is not None or not course.kind(assignment).trusts_timestamp:
        return _as_nbgrader(note)
    raw = read_file(course.submitted(assignment, student), TIMESTAMP_FILE, 200, [])
    return stamped(raw) if raw else None


def stamped(raw: bytes) -> datetime | None:
    """The time in a timestamp.txt, in UTC without a time zone; None where it holds none."""
    try:
        found = parse_utc(raw.decode().strip()) if raw.strip() else None
    except (ValueError, OverflowError):  # the student's own words, perhaps: no time is known
        return None
    return found if isinstance(found, datetime) else None


def noted_students(course: Course, assignment: str) -> dict[tuple[str, str], str]:
    """The students by platform and the platform's number, as the notes have them."""
    found: dict[tuple[str, str], str] = {}
    for path in sorted(_note(course, assignment, "x").parent.glob("*.txt")):
        student = path.name.removesuffix(".txt")
        note = read_note(course, assignment, student, damaged_too=True)
        if note and note.number:
            found.setdefault((note.platform, note.number), student)
    return found


def _parsed(text: str) -> Note:
    if not text.startswith("{"):
        return Note(datetime.fromisoformat(text).astimezone(UTC))
    facts = json.loads(text)
    return Note(**{**facts, "when": datetime.fromisoformat(facts["when"]) if facts.get("when") else None})


def _as_nbgrader(note: Note | None) -> datetime | None:
    return note.when.astimezone(UTC).replace(tzinfo=None) if note and note.when and note.stated else None


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
