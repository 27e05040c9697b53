"""The autograding step that runs no code: it asks for the verdicts and shows them in the notebook."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from nbgrader.preprocessors import NbGraderPreprocessor

from exercises.checking import Status, Verdict
from exercises.checking.show import as_text
from grader.course.lookup import Work
from grader.gradebook.place import Place, place_of, work_of
from grader.model.plain import as_seen
from grader.model.results import Graded
from grader.model.text import clean
from grader.nbgrader_base.outputs import printed, result
from grader.notebook.working import NOTES_KEY

from .fail_closed import not_graded

FIELD = 2000  # characters of one text of a verdict


class ShowVerdicts(NbGraderPreprocessor):
    """Takes Execute's place.  Derives from NbGraderPreprocessor, never from Execute, which a flag switches off.

    A checked cell of a task that could be graded gets the words of its checks and, as the cell's result, the points,
    which nbgrader reads as partial credit.  One that could not keeps an error.  The other code cells show what the plan
    says.
    """

    def preprocess(self, notebook: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        place = place_of(self, resources)
        work = work_of(self)
        graded = work.graded
        resources["nbgrader"]["graded"] = graded  # for the booking step
        told = [problem.text for problem in graded.problems]
        if graded.unfinished:
            self.log.error("%s of %s could not be graded: %s", graded.assignment, graded.student, "; ".join(told))
        self._show(notebook, work, place)
        notes = [*told, *notebook.metadata.get(NOTES_KEY, {}).get("notes", [])]
        if notes:
            notebook.cells.insert(0, notes_cell(notes))
        return notebook, resources

    def _show(self, notebook: NotebookNode, work: Work, place: Place) -> None:
        """Give every code cell its outputs."""
        graded, plan = work.graded, work.plan
        for cell in notebook.cells:
            if cell.cell_type == "code":
                outputs = plan.outputs_of(place.notebook, cell, graded)
                cell.outputs = task_outputs(graded, place, cell) if outputs is None else shown(outputs)


def task_points(graded: Graded | None, place: Place, cell: NotebookNode) -> float | None:
    """The points of a checked cell's task, between 0 and the cell's; None where it could not be graded.

    The cap is needed: nbgrader raises where a score is above the cell's points, and a sum of floats may be.
    """
    task = place.task(cell.metadata.nbgrader.grade_id)
    points = graded.task_points(task) if graded is not None and task else None
    if points is None or not math.isfinite(points):
        return None
    return min(max(points, 0.0), float(cell.metadata.nbgrader.points))


def task_outputs(graded: Graded, place: Place, cell: NotebookNode) -> list[NotebookNode]:
    """The outputs of a checked cell: words, and either the points or an error."""
    verdicts = graded.of_task(place.task(cell.metadata.nbgrader.grade_id))
    words = "\n".join(as_text(_fit_to_read(verdict)) for verdict in verdicts) + "\n"
    outputs = [printed(words)] if verdicts else []
    points = task_points(graded, place, cell)
    if points is None:
        reason = "the grader could not grade this task; please mark it by hand"
        faults = [f"{v.check}: {clean(v.note, FIELD)}" for v in verdicts if v.status is Status.ERROR]
        return [*outputs, not_graded(reason, faults)]
    return [*outputs, result(repr(float(points)))]


def _fit_to_read(verdict: Verdict) -> Verdict:
    """The verdict with texts of bounded length and without control characters: a student's code had a say in them."""
    return replace(
        verdict,
        expected=clean(verdict.expected, FIELD),
        got=clean(verdict.got, FIELD),
        hint=clean(verdict.hint, FIELD),
        hints=tuple(clean(hint, FIELD) for hint in verdict.hints),
        fault=clean(verdict.fault, FIELD),
        proposed=clean(verdict.proposed, FIELD),
    )


def shown(outputs: list[dict[str, Any]]) -> list[NotebookNode]:
    """Outputs of the sandboxed run as notebook nodes, every text in them fit to be written and shown."""
    return [nbformat.from_dict(_cleaned(output)) for output in outputs]


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return as_seen(value)
    if isinstance(value, list | tuple):
        return [_cleaned(item) for item in value]
    if isinstance(value, dict):
        return {_cleaned(key): _cleaned(item) for key, item in value.items()}
    return value


def notes_cell(notes: list[str]) -> NotebookNode:
    """A cell on top for the TA.  The texts may quote a student's file names, so they are output, never markdown."""
    text = "".join(f"- {clean(note, 2000)}\n" for note in notes)
    source = "# Notes for the person who marks"
    cell: NotebookNode = new_code_cell(id="grader-notes", source=source, outputs=[printed(text)])
    return cell
