"""Which cells of a student's notebook run where the grader is asked to run it, and what cells show."""

from __future__ import annotations

import nbformat
from nbformat import NotebookNode

from exercises.cells import EXPLORATION
from grader import repository
from grader.model.results import Graded, Output
from grader.model.submission import Submission
from grader.notebook.handed_in import RUN_AGAIN, label, take_outputs
from grader.notebook.marking import is_own
from grader.notebook.working import is_marked, working_notebook

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


def outputs_of(cell: NotebookNode, graded: Graded) -> list[Output] | None:
    """What a code cell of the marking notebook shows; None for a checked one, whose verdicts are to be shown.

    First what the student's file has, then what the cell showed where the grader was asked to run it.
    """
    if is_marked(cell, "grade") and not is_marked(cell, "solution"):
        return None
    outputs = take_outputs(cell)
    if is_own(cell):
        return outputs
    grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
    again = graded.cells.get(grade_id) or graded.cells.get(cell.get("id", "")) or []
    return [*outputs, label(RUN_AGAIN), *again] if again else outputs


def _without_autoreload(source: str) -> str:
    return "\n".join(line for line in source.split("\n") if not line.startswith(AUTORELOAD))
