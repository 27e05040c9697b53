"""The "offline grading worksheet" of an assignment in Moodle; what is not graded yet stays blank there too.

Its importer (mod/assign/feedback/offline) asks for the columns Identifier, Grade and Last modified (grade), and finds a
participant by the number in `Participant 12345`.  It passes over, without a word, a grade above the assignment's
maximum, and one that was changed in Moodle after the time in the last column, which it reads in the site's zone.  A
byte order mark, which Excel needs, it takes away.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from grader.grades.table import Table
from grader.settings.deadlines import zone_of

from . import Exported, Options
from .common import as_text, numbered, rounded, write_lines

COLUMNS = ("Identifier", "Full name", "Grade", "Maximum Grade", "Last modified (grade)")


def write(table: Table, path: Path, options: Options, *, now: datetime | None = None) -> Exported:
    """Write a grading worksheet for the assignment's "Upload grading worksheet".

    Args:
        now: time of the grades; the clock's without it.  Moodle leaves grades alone that are newer.

    Raises:
        ValueError: two students have the same number.
    """
    zone = zone_of(table.course.root, table.assignment.name)
    when = (now or datetime.now(UTC)).astimezone(zone).strftime("%A, %d %B %Y, %I:%M %p")
    most = table.maximum if options.maximum is None else options.maximum
    known, done = numbered(table, "moodle", options.numbers_from_names)
    lines = [
        (
            f"Participant {one.number}",
            as_text(one.name),
            rounded(None if one.row.total is None else min(one.row.total, most)),
            rounded(most),
            when if one.row.total is not None else "-",
        )
        for one in known
    ]
    write_lines(path, [COLUMNS, *lines], encoding="utf-8-sig")
    capped = tuple(one.row.student for one in known if one.row.total is not None and one.row.total > most)
    return replace(done, capped=capped, maximum=most)
