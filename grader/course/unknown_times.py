"""Submissions whose lateness rests on too little: nobody stated when they came, or by how much they were late."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .folder import Course
from .handed_in import DamagedNoteError, handed_in_at, read_note
from .lateness import read_lateness


@dataclass(frozen=True)
class Unstated:
    """Students, sorted.

    Attributes:
        unknown: nobody stated when they handed in: lateness costs them nothing.
        late:    a system called them late, and no time is known: lateness costs them one day.
        earlier: an earlier version noted a time, perhaps that of a download: lateness costs them nothing.
    """

    unknown: tuple[str, ...] = ()
    late: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()


def unstated(course: Course, assignment: str, students: Iterable[str]) -> Unstated:
    """Look through the notes of these students; nobody is listed where lateness costs nothing.

    Raises:
        WrongSettingError: course.toml is wrong.
    """
    found: dict[str, list[str]] = {"unknown": [], "late": [], "earlier": []}
    if read_lateness(course).rule_for(assignment) is None:
        return Unstated()
    for student in sorted(students):
        try:
            note = read_note(course, assignment, student)
            when = handed_in_at(course, assignment, student)
        except (DamagedNoteError, OSError, ValueError):  # told where it is booked
            continue
        if note is not None and note.without_source:
            found["earlier"].append(student)
        elif when is None:
            found["late" if note is not None and note.late else "unknown"].append(student)
    return Unstated(**{kind: tuple(names) for kind, names in found.items()})
