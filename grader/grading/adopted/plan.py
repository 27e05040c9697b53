"""How an adopted assignment is graded: each notebook runs in the sandbox, and its test cells decide."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from grader.grading.plan import GradingPlan, Group
from grader.model.results import Graded, Output, Part
from grader.model.submission import Submission
from grader.settings.deadlines import named_zone_of

from .assignment import AdoptedAssignment
from .reading import read_files

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from grader.sandbox.inside.confine import Limits


@dataclass(frozen=True)
class AdoptedPlan(AdoptedAssignment, GradingPlan):
    """An adopted assignment with what graders ask of it.  Each notebook is a group; there is no private seed."""

    has_feedback_page: ClassVar[bool] = False  # it has no checks to word: the course keeps nbgrader's
    trusts_timestamp: ClassVar[bool] = True

    @classmethod
    def of(cls, root: Path, assignment: str) -> AdoptedPlan:
        from .definition import adopted_assignment  # nbgrader takes a second to import

        return cls(**vars(adopted_assignment(root, assignment)))

    @classmethod
    def prepare(cls, root: Path) -> None:
        """An adopted course is graded without a secret."""

    def require_prepared(self) -> None:
        """Nothing is lacking where there is a plan."""

    @classmethod
    def deadline(cls, root: Path, assignment: str) -> datetime | None:
        return None

    @classmethod
    def zone(cls, root: Path, assignment: str) -> tzinfo | None:
        return named_zone_of(root)

    @staticmethod
    def task_of(notebook: str, cell: str) -> str:
        return f"{notebook}/{cell}"

    @property
    def groups(self) -> tuple[Group, ...]:
        return tuple(Group(notebook.name) for notebook in self.notebooks)

    @property
    def notebook_names(self) -> tuple[str, ...]:
        return tuple(notebook.name for notebook in self.notebooks)

    def looked_at(self, submission: Submission, group: str) -> str:
        return submission.hash

    def read(self, folder: Path, student: str) -> Submission:
        """Everything that was handed in but for what the course ignores.

        Raises:
            FileNotFoundError: there is no such folder.
            OSError: there is a file that this machine does not let us read.
        """
        return read_files(
            folder,
            self.assignment,
            student,
            first=[notebook.file for notebook in self.notebooks],
            given=self.files,
            kept=self.kept,
            ignored=self.ignored,
        )

    def version(self, group: str) -> str:
        """Changes with everything that a notebook's verdicts rest on, but for the submission itself."""
        from grader.grading.fingerprint.adopted import adopted_fingerprint  # reads all the code, and few commands ask

        own = asdict(self.notebook(group))
        digest = hashlib.sha256(json.dumps([own, sorted(self.kept), self.cell_s, self.unheard]).encode())
        for path, content in sorted(self.files.items()):
            digest.update(f"\0{path}\0{len(content)}\0".encode() + content)
        digest.update(adopted_fingerprint().encode())
        return digest.hexdigest()

    def grade(self, submission: Submission, names: Sequence[str], limits: Limits | None = None) -> tuple[Part, ...]:
        from .running import run_groups  # brings nbgrader

        return run_groups(submission, self, names, limits)

    def working_notebook(self, notebook: str, released: NotebookNode, submission: Submission) -> NotebookNode:
        from .merging import merged_for_marking  # brings nbformat

        one = self.notebook(notebook)
        return merged_for_marking(one, submission.files.get(one.file))

    def outputs_of(self, notebook: str, cell: NotebookNode, graded: Graded) -> list[Output] | None:
        from .judging import outputs_of  # brings nbgrader

        return outputs_of(self.notebook(notebook), cell, graded)
