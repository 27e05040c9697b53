"""Three submissions to try the grader on: the model solution, a common mistake, and code that is up to no good."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from exercises.assignment import load_assignment
from exercises.checking import Check
from grader import repository
from grader.grading.checked.groups import graded_checks

from .cohort import Simulated, due_of
from .galleries import GalleryError, WrongAnswer, solution_files, wrong_answers

RIGHT, WRONG, HOSTILE = "right", "wrong", "hostile"
# Below the first module: it tries what it must not reach, and tells in the exception what came of each.
ATTACK = """

def _tried():
    import os
    import socket

    def attempt(what, act):
        try:
            return f"{what}: GOT {act()!r}"[:200]
        except BaseException as error:
            return f"{what}: {type(error).__name__}"

    yield attempt("read the model solution", lambda: open(SOLUTION).read(40))
    yield attempt("read the gradebook", lambda: open(GRADEBOOK, "rb").read(40))
    yield attempt("read another student's files", lambda: os.listdir(SUBMITTED))
    yield attempt("reach the network", lambda: socket.create_connection(("192.0.2.1", 80), 1))
    yield attempt("change a check", lambda: open(CHECK, "a"))
    yield attempt("stop the grader", lambda: os.kill(GRADER, 9))


raise RuntimeError("what I tried: " + "; ".join(_tried()))
"""


def three(assignment: str, course: Path) -> tuple[Simulated, ...]:
    """The submissions of three students, by the names `RIGHT`, `WRONG` and `HOSTILE`.

    Args:
        course: the folder that the hostile one reaches for; it is told the true paths.

    Raises:
        GalleryError: the gallery has no mistake that a public and a hidden check notice and that no luck is part of.
    """
    checks, solution = graded_checks(assignment), solution_files(assignment)
    notebook = repository.notebook(assignment).read_bytes()
    mistake = _telling(wrong_answers(assignment), checks, assignment)
    first = load_assignment(assignment).modules[0]
    return (
        Simulated(RIGHT, "the model solution", solution, notebook, due_of(checks)),
        Simulated(WRONG, mistake.description, mistake.files(), notebook, due_of(checks, mistake), (mistake,)),
        Simulated(
            HOSTILE,
            f"{first}.py reaches for the solution, the gradebook, other students, the network and the grader",
            {**solution, first: solution[first] + _attack(assignment, first, course)},
            notebook,
        ),
    )


def _attack(assignment: str, module: str, course: Path) -> str:
    places = {
        "SOLUTION": repository.solutions(assignment) / f"{module}.py",
        "GRADEBOOK": course / "gradebook.db",
        "SUBMITTED": course / "submitted" / RIGHT,
        "CHECK": repository.hidden_checks(assignment) / f"{module}.py",
    }
    known = {**{name: str(path) for name, path in places.items()}, "GRADER": os.getpid()}
    return "".join(f"\n{name} = {json.dumps(value)}" for name, value in known.items()) + ATTACK


def _telling(gallery: Sequence[WrongAnswer], checks: Sequence[Check], assignment: str) -> WrongAnswer:
    """The first mistake that costs something for certain, and that a student could have seen at home."""
    for mistake in gallery:
        caught = [check for check in checks if mistake.catches(check.id)]
        kinds = {check.public for check in caught}
        if len(kinds) == 2 and mistake.ends and mistake.module and not mistake.unwritten and not mistake.partly:
            return mistake
    raise GalleryError(f"the gallery of {assignment} has no mistake that a public and a hidden check notice")
