"""Grades in the form that Moodle and Canvas import; what is not graded yet stays blank there too.

Moodle: the "offline grading worksheet" of an assignment.  Its importer (mod/assign/feedback/offline) asks for the
columns Identifier, Grade and Last modified (grade), and finds a participant by the number in `Participant 12345`.

Canvas: the gradebook's CSV.  Its importer (gradebook_importer.rb) asks for Student, ID and Section before the
assignments, finds a student by ID, and reads a second row "Points Possible"; a column that no assignment is called by
becomes a new assignment.

Both numbers are in the names that `grader collect` gave the students.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from exercises.assignment import load_assignment
from grader.course import Course

from .export import Row, as_text, rows

NUMBER = re.compile(r"(?P<name>.*?)-(?P<number>\d+)")
MOODLE = ("Identifier", "Full name", "Grade", "Maximum Grade", "Last modified (grade)")
CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")


@dataclass(frozen=True)
class Exported:
    """How many students were written, and those left out, whose names hold no number of the platform's."""

    written: int
    left_out: tuple[str, ...]


def write_moodle(course: Course, assignment: str, path: Path, now: datetime | None = None) -> Exported:
    """Write a grading worksheet for the assignment's "Upload grading worksheet".

    Args:
        now: time of the grades; the clock's without it.  Moodle leaves grades alone that are newer.
    """
    when = (now or datetime.now(UTC)).strftime("%A, %d %B %Y, %I:%M %p")
    most = _most(assignment)
    known, left_out = _numbered(rows(course, assignment))
    table = [
        (f"Participant {number}", name, _number(row.total), _number(most), when if row.total is not None else "-")
        for name, number, row in known
    ]
    _write(path, [MOODLE, *table])
    return Exported(len(table), left_out)


def write_canvas(course: Course, assignment: str, path: Path, column: str = "") -> Exported:
    """Write a gradebook with the column of this assignment alone.

    Args:
        column: the heading, as an export of Canvas has it ("Digits (123456)"); the assignment's title without it.
    """
    known, left_out = _numbered(rows(course, assignment))
    heading = column or load_assignment(assignment).title
    possible = ("    Points Possible", "", "", "", "", _number(_most(assignment)))
    table = [(name, number, "", "", "", _number(row.total)) for name, number, row in known]
    _write(path, [(*CANVAS, heading), possible, *table])
    return Exported(len(table), left_out)


def _numbered(table: Sequence[Row]) -> tuple[list[tuple[str, str, Row]], tuple[str, ...]]:
    """Name, number and grades of those whose names hold a number, and the others' names."""
    known, left_out = [], []
    for row in table:
        if found := NUMBER.fullmatch(row.student):
            known.append((as_text(found["name"].replace("-", " ")), found["number"], row))
        else:
            left_out.append(row.student)
    return known, tuple(left_out)


def _most(assignment: str) -> float:
    """Points without extra credit."""
    facts = load_assignment(assignment)
    return sum(task.points for task in facts.tasks) + sum(question.points for question in facts.questions)


def _number(value: float | None) -> str:
    return "" if value is None else f"{round(value, 2):g}"


def _write(path: Path, table: Sequence[Sequence[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(table)
