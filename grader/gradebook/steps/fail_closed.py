"""The last sanitising step: every graded cell starts as failed."""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution

from grader.nbgrader_base.outputs import error

NOT_GRADED = "NotGraded"


def is_checked(cell: NotebookNode) -> bool:
    """Whether checks decide this cell's points: a graded code cell that the student does not write."""
    return bool(cell.cell_type == "code" and is_grade(cell) and not is_solution(cell))


def not_graded(reason: str, details: list[str] | None = None) -> NotebookNode:
    """An error output: nbgrader reads it as 0 points, and our booking step as "a person decides"."""
    return error(NOT_GRADED, reason, [f"{NOT_GRADED}: {reason}", *(details or [])])


class FailClosed(NbGraderPreprocessor):
    """Write an error into every checked cell, because nbgrader reads a cell without output as full points.

    Derives from NbGraderPreprocessor: other preprocessors are switched off unless the configuration names them.
    """

    def preprocess_cell(self, cell: NotebookNode, resources: Any, index: int) -> tuple[NotebookNode, Any]:
        if is_checked(cell):
            cell.outputs = [not_graded("no verdict on this task has arrived")]
        return cell, resources
