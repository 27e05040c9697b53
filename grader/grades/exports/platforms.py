"""Grades in the form that Moodle and Canvas import; what is not graded yet stays blank there too.

Moodle: the "offline grading worksheet" of an assignment.  Its importer (mod/assign/feedback/offline) asks for the
columns Identifier, Grade and Last modified (grade), and finds a participant by the number in `Participant 12345`.  It
passes over, without a word, a grade above the assignment's maximum, and one that was changed in Moodle after the time
in the last column, which it reads in the site's zone.  A byte order mark, which Excel needs, it takes away.

Canvas: the gradebook's CSV.  Its importer (gradebook_importer.rb) asks for Student, ID and Section before the
assignments, finds a student by ID, and reads a second row "Points Possible"; a column that no assignment is called by
becomes a new assignment.

Whose number a student has was noted by `grader collect`; the name of a folder says nothing about it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from exercises.assignment import load_assignment
from grader.course.folder import Course
from grader.course.handed_in import Note, read_note
from grader.grades.table import Row, as_text, rows
from grader.settings.deadlines import zone_of

NUMBER = re.compile(r"(?P<name>.*?)-(?P<number>\d+)")
MOODLE = ("Identifier", "Full name", "Grade", "Maximum Grade", "Last modified (grade)")
CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")


@dataclass(frozen=True)
class Exported:
    """What was written, and what was not.

    Attributes:
        written:  how many students.
        left_out: those whom this platform does not know.
        unnoted:  those of whom nothing is noted, though their folders' names end in a number.
        by_name:  those whose number was taken from there.
        capped:   those who have more points than the maximum, which was written instead.
        maximum:  points.
    """

    written: int
    left_out: tuple[str, ...] = ()
    unnoted: tuple[str, ...] = ()
    by_name: tuple[str, ...] = ()
    capped: tuple[str, ...] = ()
    maximum: float = 0.0


@dataclass(frozen=True)
class _Known:
    number: str
    name: str
    row: Row


def write_moodle(
    course: Course,
    assignment: str,
    path: Path,
    now: datetime | None = None,
    *,
    maximum: float | None = None,
    numbers_from_names: bool = False,
) -> Exported:
    """Write a grading worksheet for the assignment's "Upload grading worksheet".

    Args:
        now:                time of the grades; the clock's without it.  Moodle leaves grades alone that are newer.
        maximum:            the maximum grade that is set in Moodle; the assignment's points without it.
        numbers_from_names: whether a folder of which nothing is noted gives its number at the end of its name.

    Raises:
        ValueError: two students have the same number, or see `rows`.
    """
    when = (now or datetime.now(UTC)).astimezone(zone_of(course.root, assignment)).strftime("%A, %d %B %Y, %I:%M %p")
    most = _most(assignment) if maximum is None else maximum
    known, done = _numbered(course, assignment, "moodle", numbers_from_names)
    table = [
        (
            f"Participant {one.number}",
            as_text(one.name),
            _number(None if one.row.total is None else min(one.row.total, most)),
            _number(most),
            when if one.row.total is not None else "-",
        )
        for one in known
    ]
    _write(path, [MOODLE, *table], encoding="utf-8-sig")
    capped = tuple(one.row.student for one in known if one.row.total is not None and one.row.total > most)
    return Exported(len(table), done.left_out, done.unnoted, done.by_name, capped, most)


def write_canvas(
    course: Course, assignment: str, path: Path, column: str = "", *, numbers_from_names: bool = False
) -> Exported:
    """Write a gradebook with the column of this assignment alone.

    Args:
        column:             the heading, as an export of Canvas has it ("Digits (123456)"); the title without it.
        numbers_from_names: whether a folder of which nothing is noted gives its number at the end of its name.

    Raises:
        ValueError: two students have the same number, or see `rows`.
    """
    known, done = _numbered(course, assignment, "canvas", numbers_from_names)
    heading = column or load_assignment(assignment).title
    possible = ("    Points Possible", "", "", "", "", _number(_most(assignment)))
    table = [(as_text(one.name), one.number, "", "", "", _number(one.row.total)) for one in known]
    _write(path, [(*CANVAS, heading), possible, *table])
    return done


def _numbered(course: Course, assignment: str, platform: str, from_names: bool) -> tuple[list[_Known], Exported]:
    """Those of whom a number of this platform's is noted, and what became of the others."""
    known: list[_Known] = []
    left_out, unnoted, by_name = [], [], []
    for row in rows(course, assignment):
        note = read_note(course, assignment, row.student, damaged_too=True) or Note()
        if note.platform == platform and note.number:
            known.append(_Known(note.number, note.name, row))
        elif note.platform or not (found := NUMBER.fullmatch(row.student)):
            left_out.append(row.student)
        elif from_names:
            known.append(_Known(found["number"], found["name"].replace("-", " "), row))
            by_name.append(row.student)
        else:
            unnoted.append(row.student)
    _refuse_doubles(known, platform)
    return known, Exported(len(known), tuple(left_out), tuple(unnoted), tuple(by_name))


def _refuse_doubles(known: Sequence[_Known], platform: str) -> None:
    students: dict[str, list[str]] = {}
    for one in known:
        students.setdefault(one.number, []).append(one.row.student)
    doubles = [f"{number} ({' and '.join(names)})" for number, names in students.items() if len(names) > 1]
    if doubles:
        raise ValueError(
            f"nothing was written: {platform}'s number stands for two students: {', '.join(doubles)}. "
            "Move the folder that does not count out of submitted/, and its note out of collected/"
        )


def _most(assignment: str) -> float:
    """Points without extra credit."""
    facts = load_assignment(assignment)
    return sum(task.points for task in facts.tasks) + sum(question.points for question in facts.questions)


def _number(value: float | None) -> str:
    return "" if value is None else f"{round(value, 2):g}"


def _write(path: Path, table: Sequence[Sequence[str]], encoding: str = "utf-8") -> None:
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file).writerows(table)
