"""What a test cell that ran is worth: nbgrader's own rule, without the ways in which it reads doubt as full points."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from nbgrader.utils import determine_grade

from exercises.checking import Status, Verdict
from grader.model.results import Graded, Output
from grader.model.text import clean
from grader.notebook.working import is_marked

from .assignment import AdoptedNotebook, SourceCell
from .merging import name_of

# How numpy, torch and others show a number: nbgrader reads these as full points.
WRAPPED = re.compile(r"(?:np\.\w+|numpy\.\w+|tensor|array)\(([-+.\deE]+)(?:, dtype=[\w.]+)?\)")
WORDS = 500


@dataclass(frozen=True)
class Judged:
    """The verdict on a test cell, and its outputs, from which nbgrader reads the same points."""

    verdict: Verdict
    outputs: list[Output]


def judged(notebook: AdoptedNotebook, cell: SourceCell, outputs: list[Output]) -> Judged:
    """Judge a test cell by the outputs that it is said to have.

    As in nbgrader an error or anything on standard error is worth nothing, a number as the cell's value is its points,
    and all else is worth full points.  Otherwise than there an error counts wherever it stands, only the last value of
    a cell that ends in an expression is its value, and a number that is negative or not finite is worth nothing.  More
    than the cell's points is worth nothing either until a person has looked.
    """
    failed = any(output["output_type"] == "error" for output in outputs)
    last = max((n for n, output in enumerate(outputs) if output["output_type"] == "execute_result"), default=-1)
    if failed or not cell.may_give_points:
        last = -1
    outputs = [_demoted(output) if number != last else output for number, output in enumerate(outputs)]
    value = outputs[last]["data"].get("text/plain", "") if last >= 0 else ""
    if wrapped := WRAPPED.fullmatch(value.strip()):
        value = wrapped[1]
        outputs[last] = {**outputs[last], "data": {**outputs[last]["data"], "text/plain": value}}
    number = _number(value)
    if number is not None and number > cell.points:
        reason = f"the cell's value is {clean(value, 80)}, more than its {cell.points:g} points"
        return undecided(notebook, cell, reason, outputs)
    if number is not None and not 0 <= number < math.inf:
        outputs = [error(f"the cell's value is {clean(value, 80)}"), *outputs]
    node = new_code_cell(source=cell.source, outputs=[nbformat.from_dict(output) for output in outputs])
    node.metadata["nbgrader"] = {"grade": True, "solution": False, "points": cell.points}
    points = float(determine_grade(node)[0])
    status = Status.PASSED if points == cell.points else Status.PARTLY if points else Status.FAILED
    return Judged(_verdict(notebook, cell, status, points, _words(outputs)), outputs)


def not_run(notebook: AdoptedNotebook, cell: SourceCell, reason: str) -> Judged:
    """A test cell that did not run to its end: no points."""
    return Judged(_verdict(notebook, cell, Status.NOT_RUN, 0.0, reason), [error(f"not run: {reason}")])


def undecided(notebook: AdoptedNotebook, cell: SourceCell, reason: str, outputs: list[Output] | None = None) -> Judged:
    """A test cell whose points only a person can tell."""
    verdict = _verdict(notebook, cell, Status.ERROR, 0.0, "", note=reason)
    return Judged(verdict, [error(f"a person has to look: {reason}"), *(outputs or [])])


def outputs_of(notebook: AdoptedNotebook, cell: NotebookNode, graded: Graded) -> list[Output]:
    """What a code cell showed in the sandbox; a test cell of which nothing is known shows an error."""
    outputs = graded.cells.get(notebook.task(name_of(cell)))
    if outputs is None and is_marked(cell, "grade") and not is_marked(cell, "solution"):
        return [error("this cell did not run")]
    return outputs or []


def error(reason: str) -> Output:
    """Our own error, first of a cell's outputs: nbgrader reads it as 0."""
    return {"output_type": "error", "ename": "NotGraded", "evalue": reason, "traceback": [f"NotGraded: {reason}"]}


def _demoted(output: Output) -> Output:
    if output["output_type"] != "execute_result":
        return output
    return {"output_type": "display_data", "metadata": output["metadata"], "data": output["data"]}


def _number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return -1.0 if math.isnan(number) else number


def _words(outputs: list[Output]) -> str:
    """The first error, what stands on standard error, or the cell's value."""
    for output in outputs:
        match output:
            case {"output_type": "error", "ename": str() as name, "evalue": str() as value}:
                return clean(f"{name}: {value}", WORDS)
            case {"output_type": "stream", "name": "stderr", "text": str() as text}:
                return clean(f"on standard error: {text}", WORDS)
            case {"output_type": "execute_result", "data": {"text/plain": str() as text}}:
                return clean(text, WORDS)
    return ""


def _verdict(
    notebook: AdoptedNotebook, cell: SourceCell, status: Status, points: float, got: str, note: str = ""
) -> Verdict:
    task = notebook.task(cell.name)
    return Verdict(task, task, clean(cell.idea, WORDS), status, points, cell.points, got=got, note=note)
