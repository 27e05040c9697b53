"""What `grader calibrate` asks of the checks of a task that trains; what it found is kept in docs/calibration.json.

The module with the task's hidden checks, `grader/checks/NAME/TASK.py`, has a function `measured` (see `Measured`), and
may have `TRAINED` (the student's modules whose code is trained) and `CORNERS` (recipes to train too, each a frozen
dataclass: `exercises.learning.Recipe`, or one of the task's own).  Next to it, `grader/checks/NAME/best.py` may have
`BEST`: for real data that a course may be judged on, by their names, a function that measures what the reference
reaches on them without a grader's budget.  It gives `how` it was measured and what was `reached`, both in words, and
the `figures`.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from grader import repository

if TYPE_CHECKING:
    from exercises.checking import Expect, Reference, Student

DOCS = repository.REPOSITORY / "docs"
RECORDS = DOCS / "calibration.json"
Record = dict[str, Any]
MEASURED, TRAINED, CORNERS, BEST = "measured", "TRAINED", "CORNERS", "BEST"


class Measured(Protocol):
    """What one training of an answer reaches, by the names of the thresholds.

    It trains exactly as the hidden check does, once, on the private data of the first attempt.  Results whose names
    begin with the same word ("words_known", "words_unknown") are judged by the same check, and miss together.
    """

    def __call__(
        self, student: Student, solution: Reference, expect: Expect, recipe: Any | None, seed: int
    ) -> dict[str, float]:
        """Train an answer and test it.

        Args:
            student, solution, expect: as for a check.
            recipe: one of CORNERS instead of the answer's own; None for that.
            seed:   of the first weights and of the order of the examples.
        """


def measured_by(assignment: str, task: str) -> Measured:
    """The function that measures one training of this task.

    Raises:
        ValueError: the module with the task's hidden checks has none; the message says what to write.
    """
    found = getattr(_checks(assignment, task), MEASURED, None)
    if found is None:
        raise ValueError(
            f"grader/checks/{assignment}/{task}.py has no function {MEASURED}(student, solution, expect, recipe, seed) "
            "that gives what one training reaches: see grader/checks/calibrated.py"
        )
    return found  # type: ignore[no-any-return]


def trained_modules(assignment: str, task: str) -> tuple[str, ...]:
    """The student's modules whose code is trained (`TRAINED`), or the task's own where its checks do not say."""
    from exercises.assignment import load_assignment

    own = (load_assignment(assignment).task(task).module,)
    return tuple(getattr(_checks(assignment, task), TRAINED, own))


def corners_of(assignment: str, task: str) -> Sequence[Any]:
    """Recipes at the corners of what is allowed (`CORNERS`), which are trained too; none where the checks name none."""
    return tuple(getattr(_checks(assignment, task), CORNERS, ()))


def best_of_reference(assignment: str) -> Mapping[str, Callable[[], Record]]:
    """By the name of real data, what measures how much the reference reaches on them (`BEST`); mostly there is none."""
    if not repository.REPOSITORY.joinpath("grader", "checks", assignment, "best.py").is_file():
        return {}
    return dict(getattr(importlib.import_module(best_module(assignment)), BEST))


def best_module(assignment: str) -> str:
    """The dotted name of the module with `BEST`."""
    return f"grader.checks.{assignment}.best"


def _checks(assignment: str, task: str) -> Any:
    return importlib.import_module(f"grader.checks.{assignment}.{task}")


def key_of(assignment: str, task: str, source: str) -> str:
    """Where the record of a task on a source of data stands."""
    return f"{assignment}/{task}/{source}"


def read_records() -> dict[str, Record]:
    """All that was found so far, by "assignment/task/source", and by "best/assignment/source"."""
    return dict(json.loads(RECORDS.read_text(encoding="utf-8"))) if RECORDS.exists() else {}


def write_records(records: dict[str, Record]) -> None:
    """Put these in the place of all that was found so far."""
    RECORDS.write_text(json.dumps(dict(sorted(records.items())), indent=1) + "\n", encoding="utf-8")
