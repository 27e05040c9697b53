"""What a course decides for an assignment, and what a verdict rests on beside the submission."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from grader.grading.plan import NOTEBOOK, Group
from grader.model.submission import Submission

from .fingerprint import _code_version
from .groups import groups_of
from .reading import read_submission


@dataclass(frozen=True)
class CheckedPlan:
    """What a course decides for an assignment: the private seed, and the data that accuracy is judged on."""

    assignment: str
    seed: int
    source: str = "generated"

    @property
    def groups(self) -> tuple[Group, ...]:
        """What is graded one by one, in its order."""
        return groups_of(self.assignment)

    def looked_at(self, submission: Submission, group: str) -> str:
        """Hash of the submitted bytes that a group looks at: a new notebook does not make checks run again."""
        return submission.hash if group == NOTEBOOK else submission.modules_hash

    def read(self, folder: Path, student: str) -> Submission:
        """The files that the assignment asks for: `read_submission`."""
        return read_submission(folder, self.assignment, student)

    def version(self, group: str) -> str:
        """Changes with everything that a group's verdicts rest on, but for the submission itself."""
        code = _code_version(self.assignment, group)
        return hashlib.sha256(f"{code}/{self.seed}/{self.source}".encode()).hexdigest()
