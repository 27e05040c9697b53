"""The matrix of mistakes and checks, cut into one table for each task."""

from __future__ import annotations

from dataclasses import dataclass

from .report import Validity
from .wrong import LEFT_OUT, PASSED, WrongRow


@dataclass(frozen=True)
class TaskMatrix:
    """The checks of one task, and the mistakes that do something to one of them.

    Attributes:
        checks: their ids; column n of the table is check n of these, counted from 1.
        rows:   (mistake, one sign for each check), with the mistakes of the task's own module first.
    """

    task: str
    checks: tuple[str, ...]
    rows: tuple[tuple[WrongRow, str], ...]

    def legend(self, space: str = " ") -> str:
        """Which column is which check; `space` stands between the two."""
        return ", ".join(f"{i}{space}{check.split('.', 1)[1]}" for i, check in enumerate(self.checks, start=1))


def matrices(found: Validity) -> tuple[TaskMatrix, ...]:
    """One for each task that has any."""
    tasks = dict.fromkeys(check.split(".")[0] for check in found.checks)
    return tuple(matrix for task in tasks if (matrix := _matrix(found, task)).rows)


def _matrix(found: Validity, task: str) -> TaskMatrix:
    checks = tuple(check for check in found.checks if check.split(".")[0] == task)
    rows = [(row, "".join(row.cells.get(check, LEFT_OUT) for check in checks)) for row in found.wrong]
    touched = [(row, signs) for row, signs in rows if set(signs) - {PASSED, LEFT_OUT}]
    return TaskMatrix(task, checks, tuple(sorted(touched, key=lambda pair: pair[0].module != task)))
