"""When who handed in, as a table beside the download states it: the one thing that a download itself does not know.

- Moodle's grading worksheet (the assignment's "Download grading worksheet", with Moodle in English): the columns
  Identifier ("Participant 12345"), "Full name", "Last modified (submission)", and Group where groups hand in.  Its
  times are those of the site's zone.
- Any other CSV: `student` (the folder's name) or `number` (the platform's, also called user_id or id), and `time` (also
  submitted_at), with a date and a time of day as in 2030-01-15 23:59, with or without an offset from UTC.  With `name`
  and `group` it says who is in which group.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path

from grader.settings.deadlines import moment

from .sources import RefusedError

IDENTIFIER, MODIFIED = "identifier", "last modified (submission)"
NUMBER_COLUMNS = ("number", "user_id", "user id", "id", "participant")
TIME_COLUMNS = ("time", "submitted_at", "submitted at")
NO_TIME_WORDS = ("", "-")  # Moodle's own word for a time that there is none of
MOODLE_TIMES = ("%A, %d %B %Y, %I:%M %p", "%A, %d %B %Y, %H:%M", "%d %B %Y, %I:%M %p", "%d %B %Y, %H:%M")
MAX_TABLE_BYTES = 16 * 1024 * 1024  # bytes of a table


@dataclass(frozen=True)
class Person:
    """A student in the table: the platform's number and name, and the name of the folder where that is the key."""

    number: str = ""
    name: str = ""
    student: str = ""


@dataclass(frozen=True)
class Stated:
    """What a table states.

    Attributes:
        source:       the table's file name.
        participants: whether it lists all participants of a Moodle assignment.
        times:        by person; None where it states none.
        groups:       members by the name of the group.
    """

    source: str = ""
    participants: bool = False
    times: dict[Person, datetime | None] = field(default_factory=dict)
    groups: dict[str, list[Person]] = field(default_factory=dict)

    def person(self, number: str, student: str) -> Person | None:
        """Whoever has this number or, where the table has none, this folder."""
        for person in self.times:
            if (number and person.number == number) or (person.student and person.student == student):
                return person
        return None

    def members(self, group: str) -> list[Person]:
        """Who is in a group, by its name as a download writes it (Moodle puts a blank in the place of "_")."""
        return self.groups.get(_plain(group), [])


def read_stated(path: Path, zone: tzinfo) -> Stated:
    """Read a table of times.

    Raises:
        RefusedError: it is no such table, or a row of it cannot be read; the message names the row.
    """
    header, *rows = _table(path)
    names = [cell.strip().lower() for cell in header]
    moodle = IDENTIFIER in names and MODIFIED in names
    time = _column(names, (MODIFIED,) if moodle else TIME_COLUMNS)
    number = _column(names, (IDENTIFIER,) if moodle else NUMBER_COLUMNS)
    student = _column(names, ("student",))
    if time is None or (number is None and student is None):
        raise RefusedError(
            f"{path} is no table of times: it has the columns {', '.join(header)}, and needs Moodle's Identifier and "
            '"Last modified (submission)" (set Moodle to English before you download the worksheet), or student or '
            "number, and time"
        )
    stated = Stated(path.name, moodle)
    for line, row in enumerate(rows, start=2):
        if not any(cell.strip() for cell in row):
            continue
        cells = [*(cell.strip() for cell in row), *[""] * (len(header) - len(row))]
        person = Person(
            number=_digits(cells[number], f"{path}, line {line}") if number is not None else "",
            name=cells[names.index(name)] if (name := "full name" if moodle else "name") in names else "",
            student=cells[student] if student is not None and not moodle else "",
        )
        when = _time(cells[time], zone, moodle, f"{path}, line {line}")
        if (other := stated.person(person.number, person.student)) is not None:
            raise RefusedError(f"{path}, line {line}: {other.number or other.student} stands in two lines")
        stated.times[person] = when
        if "group" in names and (group := cells[names.index("group")]):
            stated.groups.setdefault(_plain(group), []).append(person)
    return stated


def _table(path: Path) -> list[list[str]]:
    """The cells of a CSV, separated by comma, semicolon or tab, in UTF-8 or what Excel makes of it."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_TABLE_BYTES)
        text = raw.decode("utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    table = list(csv.reader(text.splitlines(keepends=True), delimiter=separator))
    if not table:
        raise RefusedError(f"{path} is empty")
    return table


def _column(names: list[str], wanted: tuple[str, ...]) -> int | None:
    return next((names.index(name) for name in wanted if name in names), None)


def _digits(text: str, where: str) -> str:
    """The number in "Participant 12345" or "12345"; a spreadsheet may have made "12345.0" of it."""
    found = re.fullmatch(r"\D*?(\d+)(?:\.0)?", text)
    if not found:
        raise RefusedError(f"{where}: {text!r} holds no number of a participant")
    return found[1]


def _time(text: str, zone: tzinfo, moodle: bool, where: str) -> datetime | None:
    if text in NO_TIME_WORDS:
        return None
    for form in _forms(text, moodle):
        try:
            return moment(form, zone)
        except ValueError:
            continue
    mend = ": set Moodle to English, and download the worksheet again" if moodle else ", for example 2030-01-15 23:59"
    raise RefusedError(f"{where}: {text!r} is no date with a time of day{mend}")


def _forms(text: str, moodle: bool) -> Iterator[str]:
    """The time as ISO writes it."""
    yield text
    for form in MOODLE_TIMES if moodle else ():
        try:
            yield datetime.strptime(" ".join(text.split()), form).isoformat()
        except ValueError:
            continue


def _plain(name: str) -> str:
    """A group's name, the same in a worksheet and in the name of a folder."""
    return re.sub(r"[^\w]+", " ", name.replace("_", " ")).strip().lower()
