"""The model solution beside a student: the same interface, and the private data."""

from __future__ import annotations

from grader.checks.answer import Answer
from grader.checks.private.data import HiddenData, word_for
from grader.model.problems import Problem


class Reference(Answer):
    """The solution, with the interface that checks know from the student; `hidden` holds the private data.

    Attributes:
        remarks: what checks have to tell the TA.

    Args:
        seed:    the course's private one.
        source:  the data that trainings are judged on.
        student: the id of who is graded beside it; None where the course as a whole is meant.
    """

    def __init__(self, assignment: str, seed: int, source: str = "generated", student: str | None = None) -> None:
        super().__init__(f"solutions.{assignment}", assignment)
        self.private_seed = seed
        self.hidden = HiddenData(assignment, seed, source, "" if student is None else word_for(student, seed))
        self.remarks: list[Problem] = []
