"""What exports share: whose number a student has, names that a spreadsheet leaves alone, and CSV.

Whose number a student has was noted by `grader collect`; the name of a folder says nothing about it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.course.handed_in import Note, read_note
from grader.grades.table import Row, Table

from . import Exported

NUMBERED_NAME = re.compile(r"(?P<name>.*?)-(?P<number>\d+)")


@dataclass(frozen=True)
class Known:
    """A student with the platform's number and name."""

    number: str
    name: str
    row: Row


def numbered(table: Table, platform: str, from_names: bool) -> tuple[list[Known], Exported]:
    """Those of whom a number of this platform's is noted, and what became of the others.

    Raises:
        ValueError: two students have the same number.
    """
    known: list[Known] = []
    left_out, unnoted, by_name = [], [], []
    for row in table.rows:
        note = read_note(table.course, table.assignment.name, row.student, damaged_too=True) or Note()
        if note.platform == platform and note.number:
            known.append(Known(note.number, note.name, row))
        elif note.platform or not (found := NUMBERED_NAME.fullmatch(row.student)):
            left_out.append(row.student)
        elif from_names:
            known.append(Known(found["number"], found["name"].replace("-", " "), row))
            by_name.append(row.student)
        else:
            unnoted.append(row.student)
    _refuse_doubles(known, platform)
    return known, Exported(len(known), tuple(left_out), tuple(unnoted), tuple(by_name))


def _refuse_doubles(known: Sequence[Known], platform: str) -> None:
    students: dict[str, list[str]] = {}
    for one in known:
        students.setdefault(one.number, []).append(one.row.student)
    doubles = [f"{number} ({' and '.join(names)})" for number, names in students.items() if len(names) > 1]
    if doubles:
        raise ValueError(
            f"nothing was written: {platform}'s number stands for two students: {', '.join(doubles)}. "
            "Move the folder that does not count out of submitted/, and its note out of collected/"
        )


def as_text(name: str) -> str:
    """A name for a table: one that a spreadsheet would take for a formula gets an apostrophe in front."""
    return f"'{name}" if name.startswith(("=", "+", "-", "@", "\t", "\r")) else name


def rounded(value: float | None) -> str:
    """Points with at most two decimals; blank where they are not known."""
    return "" if value is None else f"{round(value, 2):g}"


def write_lines(path: Path, lines: Iterable[Sequence[str]], encoding: str = "utf-8") -> None:
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file).writerows(lines)
