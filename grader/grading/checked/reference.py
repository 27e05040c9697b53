"""The model solution beside a student: the same interface, and the private data."""

from __future__ import annotations

from exercises.assignment import load_assignment
from exercises.checking import LocalStudent
from grader.checks.private.data import HiddenData
from grader.model.problems import Problem

from .plan import CheckedPlan


class Answer(LocalStudent):
    """A package of modules in the place of a student's; what is given comes from exercises/."""

    def __init__(self, package: str, assignment: str) -> None:
        super().__init__(package)
        self._assignment = load_assignment(assignment)

    def package_of(self, module: str) -> str:
        return super().package_of(module) if module in self._assignment.modules else self._assignment.package


class Reference(Answer):
    """The solution, with the interface that checks know from the student; `hidden` holds the private data.

    Attributes:
        remarks: what checks have to tell the TA.

    Args:
        submission: hash of what is graded beside it, see HiddenData.
    """

    def __init__(self, plan: CheckedPlan, submission: str = "") -> None:
        super().__init__(f"solutions.{plan.assignment}", plan.assignment)
        self.hidden = HiddenData(plan.assignment, plan.known_seed, plan.source, submission)
        self.remarks: list[Problem] = []
