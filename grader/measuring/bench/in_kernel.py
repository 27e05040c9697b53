"""What the test cells of the equivalent stock notebook call, in the student's kernel.

`exercises` is found beside the notebook, with the student's modules in it; `solutions` and `grader` by PYTHONPATH.
It imports no more than the checks need, so that stock's kernels do not wait for our grader.
"""

from __future__ import annotations

from pathlib import Path

from exercises.assignment import load_assignment
from exercises.checking import LocalStudent
from grader.grading.checked.groups import graded_checks

from .checker import Checker
from .hidden_files import read_hidden_files


class KernelReference(LocalStudent):
    """As `grader.grading.checked.reference.Reference`, with private data from files."""

    def __init__(self, assignment: str, student: str, folder: Path) -> None:
        super().__init__(f"solutions.{assignment}")
        self._assignment = load_assignment(assignment)
        self.hidden = read_hidden_files(assignment, student, folder)
        self.private_seed = self.hidden.seed

    def package_of(self, module: str) -> str:
        return super().package_of(module) if module in self._assignment.modules else self._assignment.package


class KernelChecks:
    """The graded checks, on the modules in the working folder; `checks.points(id)` is a test cell's last expression."""

    def __init__(self, assignment: str, hidden_folder: str) -> None:
        student = Path.cwd().parent.name  # nbgrader runs a notebook in autograded/STUDENT/ASSIGNMENT
        reference = KernelReference(assignment, student, Path(hidden_folder))
        self._checker = Checker(assignment, reference)
        self._checks = {check.id: check for check in graded_checks(assignment)}

    def points(self, check: str) -> float:
        return self._checker.points(self._checks[check])
