"""The CSV of Canvas's gradebook; what is not graded yet stays blank there too.

Its importer (gradebook_importer.rb) asks for Student, ID and Section before the assignments, finds a student by ID, and
reads a second row "Points Possible"; a column that no assignment is called by becomes a new assignment.
"""

from __future__ import annotations

from pathlib import Path

from grader.grades.table import Table

from . import Exported, Options
from .common import as_text, numbered, rounded, write_lines

COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")


def write(table: Table, path: Path, options: Options) -> Exported:
    """Write a gradebook with the column of this assignment alone.

    Raises:
        ValueError: two students have the same number.
    """
    known, done = numbered(table, "canvas", options.numbers_from_names)
    heading = options.column or table.assignment.title
    possible = ("    Points Possible", "", "", "", "", rounded(table.maximum))
    lines = [(as_text(one.name), one.number, "", "", "", rounded(one.row.total)) for one in known]
    write_lines(path, [(*COLUMNS, heading), possible, *lines])
    return done
