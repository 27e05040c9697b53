"""Stock nbgrader on an equivalent notebook: the cells that ours runs on demand, then a test cell for each graded check.

Written to be fair to stock: no prose, no cells for exploration, hidden data from files, one import for all test cells,
and no pictures with widgets (COURSE_STATIC, as in the sandbox).
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.api import Gradebook

from grader import repository
from grader.grading.checked.groups import graded_checks
from grader.grading.checked.notebook import cells_to_run
from grader.model.submission import Submission
from grader.nbgrader_base.generate import generate_assignment
from grader.release.notebook import KERNELSPEC

PREPARE = """\
from grader.measuring.bench.in_kernel import KernelChecks

checks = KernelChecks({assignment!r}, {hidden!r})"""


def stock_notebook(assignment: str, hidden_folder: Path) -> NotebookNode:
    """nbgrader's source notebook; its grade cells give partial credit, as nbgrader asks for it, by their value."""
    given = Submission("", assignment, {}, repository.notebook(assignment).read_bytes())
    cells = [new_code_cell(source, id=id) for id, source in cells_to_run(given)]
    prepare = PREPARE.format(assignment=assignment, hidden=str(hidden_folder))
    cells.append(new_code_cell(prepare, id="prepare", metadata=_locked("prepare")))
    for check in graded_checks(assignment):
        metadata = _locked(cell_name(check.id), points=check.points)
        cells.append(new_code_cell(f"checks.points({check.id!r})", id=f"check-{len(cells):03d}", metadata=metadata))
    notebook: NotebookNode = new_notebook(
        cells=cells, metadata={"kernelspec": KERNELSPEC, "language_info": {"name": "python"}}
    )
    return notebook


def cell_name(check: str) -> str:
    """A grade_id has no dots."""
    return check.replace(".", "-")


def _locked(grade_id: str, points: float | None = None) -> dict[str, object]:
    facts = {"grade_id": grade_id, "locked": True, "grade": points is not None, "solution": False, "task": False}
    if points is not None:
        facts["points"] = points
    return {"nbgrader": {**facts, "schema_version": 3, "cell_type": "code"}}


def release_stock(root: Path, assignment: str, hidden_folder: Path) -> bytes:
    """Fill a course folder's source/ and release/ with nbgrader's own means, and return the released notebook.

    source/ holds the notebook alone: stock copies every other file of it over what the student handed in.
    """
    source = root / "source" / assignment / f"{assignment}.ipynb"
    source.parent.mkdir(parents=True)
    nbformat.write(stock_notebook(assignment, hidden_folder), source)
    generate_assignment(root, assignment, database=True)
    return (root / "release" / assignment / f"{assignment}.ipynb").read_bytes()


def kernel_path(folder: Path) -> Path:
    """Make a folder for PYTHONPATH with `grader` and `solutions` alone; `exercises` comes from beside the notebook."""
    folder.mkdir()
    for package in ("grader", "solutions"):
        (folder / package).symlink_to(repository.REPOSITORY / package)
    return folder


def autograde_command(assignment: str, students: str) -> tuple[str, ...]:
    """The program, for the students whose names match; it is run in the course folder."""
    return (str(Path(sys.executable).with_name("nbgrader")), "autograde", assignment, "--student", students)


def stock_points(root: Path, assignment: str) -> dict[str, dict[str, float]]:
    """What stock has booked: {student: {check: points}}; a check without a score is left out."""
    names = {cell_name(check.id): check.id for check in graded_checks(assignment)}
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        return {
            submission.student_id: {
                names[grade.name]: grade.auto_score
                for notebook in submission.notebooks
                for grade in notebook.grades
                if grade.auto_score is not None
            }
            for submission in gradebook.assignment_submissions(assignment)
        }


def stock_finished(root: Path, assignment: str) -> int:
    """How many submissions stock has written so far."""
    return sum(1 for _ in root.glob(f"autograded/*/{assignment}/{assignment}.ipynb"))
