"""Grades with every part: a line a student, blank where nobody has graded yet."""

from __future__ import annotations

from pathlib import Path

from grader.grades.table import Row, Table

from . import Exported, Options
from .common import as_text, write_lines


def write(table: Table, path: Path, options: Options) -> Exported:
    """Write everybody's points of each task and question, extra credit, late penalty and total."""
    tasks, questions = [task.name for task in table.assignment.tasks], [one.name for one in table.assignment.questions]
    head = ["student", *tasks, "extra", *questions, "before_penalty", "late_penalty", "total"]
    write_lines(path, [head, *([as_text(row.student), *_points(row)] for row in table.rows)])
    return Exported(len(table.rows))


def _points(row: Row) -> list[str]:
    values = [*row.tasks.values(), row.extra, *row.questions.values(), row.before_penalty, row.late_penalty, row.total]
    return ["" if value is None else f"{value:g}" for value in values]
