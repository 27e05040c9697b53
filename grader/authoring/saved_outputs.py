"""Outputs for the notebooks of simulated students: those of the model solution, whose notebook runs once for them."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from exercises.cells import EXPLORATION
from grader import repository
from grader.grading.checked.plan import CheckedPlan
from grader.grading.fingerprint.checked import basis_of
from grader.grading.plan import NOTEBOOK
from grader.grading.run import grade_groups
from grader.model.faults import FaultError
from grader.model.results import Output
from grader.model.submission import Submission

from .galleries import solution_files

Outputs = dict[str, list[Output]]  # by cell id


class NoOutputsError(FaultError, ValueError):
    """The notebook of the model solution does not run; the text says why."""


def saved_outputs(assignment: str) -> Outputs:
    """What a student's file may hold: of each cell that runs on demand what it shows with the model solution.

    Cells for exploration, which would take minutes, show the first of these pictures in the place of their own.  The
    run is kept below build/, for the code that it rests on.

    Raises:
        NoOutputsError: there is no sandbox here, or the notebook does not run to its end.
    """
    solution = solution_files(assignment)
    rests_on = [basis_of(assignment, NOTEBOOK).fingerprint, sorted(solution.items())]
    key = hashlib.sha256(json.dumps(rests_on).encode()).hexdigest()[:16]
    path = repository.REPOSITORY / "build" / "outputs" / f"{assignment}-{key}.json"
    if not path.is_file():
        _keep(path, _run(assignment, {name: text.encode() for name, text in solution.items()}))
    found: Outputs = json.loads(path.read_text(encoding="utf-8"))
    return {**_of_exploration(assignment, found), **found}


def _run(assignment: str, modules: dict[str, bytes]) -> Outputs:
    submission = Submission("", assignment, modules, repository.notebook(assignment).read_bytes())
    (part,) = grade_groups(submission, CheckedPlan(assignment, seed=0), (NOTEBOOK,))
    if part.problems:
        raise NoOutputsError(f"the notebook of {assignment} gives no outputs: {'; '.join(map(str, part.problems))}")
    return part.cells


def _keep(path: Path, found: Outputs) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(found), encoding="utf-8")
    draft.replace(path)  # two may run at once: both write the same


def _of_exploration(assignment: str, found: Outputs) -> Outputs:
    pictures = (o for outputs in found.values() for o in outputs if "image/png" in o.get("data", {}))
    picture = next(pictures, None)
    cells = json.loads(repository.notebook(assignment).read_bytes())["cells"]
    explored = [cell["id"] for cell in cells if EXPLORATION in cell["metadata"].get("tags", [])]
    return {cell: [picture] for cell in explored} if picture else {}
