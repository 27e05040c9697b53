"""The model solution as students may read it: given with a later assignment, or beside their own files afterwards."""

from __future__ import annotations

from exercises.assignment import load_assignment
from grader import repository

from .errors import ReleaseError
from .stubs import without_marks

FOLDER = "solutions"  # beside exercises/ in the student's folder
HEADING = "# The model solution, to be read beside exercises/{assignment}/{module}.py."


def model_solution(assignment: str) -> dict[str, str]:
    """The text of each module, by name without ".py"; without marks and without Task comments.

    Raises:
        ReleaseError: a module is missing, or a mark in it is wrong.
    """
    found = {}
    for module in load_assignment(assignment).modules:
        source = repository.solutions(assignment) / f"{module}.py"
        if not source.is_file():
            raise ReleaseError(
                f"{repository.relative(source)} is missing: {assignment}/assignment.toml has a task for it"
            )
        found[module] = without_marks(source.read_text(encoding="utf-8"), repository.relative(source))
    return found


def solution_bundle(assignment: str) -> dict[str, bytes]:
    """The files that a student unpacks into the own folder, by path there: "solutions/digits/blocks.py" …

    Neither the notebook nor a gallery is among them.  Raises as `model_solution` does.
    """
    return {
        f"{FOLDER}/{assignment}/{module}.py": f"{HEADING.format(assignment=assignment, module=module)}\n{text}".encode()
        for module, text in model_solution(assignment).items()
    }
