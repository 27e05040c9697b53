"""Which cells of a student's notebook run while it is graded."""

from __future__ import annotations

import nbformat

from grader import repository
from grader.model.submission import Submission
from grader.notebook.working import is_marked, working_notebook

# The tag of cells that are for the student's evening and that no written answer rests on: the grader leaves them out.
# Later cells without the tag must not need what they define.
EXPLORATION = "exploration"
# Files do not change while grading, and looking for changes takes 20 ms of processor time for each cell.
AUTORELOAD = ("%load_ext autoreload", "%autoreload")


def cells_to_run(submission: Submission) -> list[list[str]]:
    """[cell id, source] of the code cells of the released notebook with the student's answers put in.

    Graded cells, cells tagged `exploration` and the lines that turn autoreload on are left out.
    """
    released = nbformat.read(repository.notebook(submission.assignment), as_version=4)
    notebook = working_notebook(released, submission.notebook)
    return [
        [cell.id, _without_autoreload(cell.source)]
        for cell in notebook.cells
        if cell.cell_type == "code"
        and not is_marked(cell, "grade")
        and EXPLORATION not in cell.metadata.get("tags", [])
    ]


def _without_autoreload(source: str) -> str:
    return "\n".join(line for line in source.split("\n") if not line.startswith(AUTORELOAD))
