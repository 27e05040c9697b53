"""How one assignment is graded in one course: what every kind of assignment has to say, and nothing of any of them.

What differs between kinds is decided by a kind's own class; whoever grades, records, books or shows asks the plan.
`Course.kind` (course/folder.py) is the one place that chooses the class.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from exercises.checking import Check
from grader.model.faults import FaultError
from grader.model.results import Graded, Output, Part
from grader.model.submission import Submission

if TYPE_CHECKING:  # both only name what is handed through
    from nbformat import NotebookNode

    from grader.sandbox.inside.confine import Limits

NOTEBOOK = "notebook"


class NotPreparedError(FaultError, ValueError):
    """The course lacks what grading needs; the text says what to do."""


@dataclass(frozen=True)
class Group:
    """The checks of one task, or a run of the notebook, which has none.  A group stands alone: none needs another's.

    Attributes:
        name: the task's name, or "notebook".
    """

    name: str
    checks: tuple[Check, ...] = ()


class GradingPlan(ABC):
    """How one assignment is graded in one course.  It is pickled for every worker, so that it holds plain values.

    What needs no more than names is asked of the class, and works also where the assignment cannot be graded.

    Attributes:
        has_feedback_page: whether feedback is our page; otherwise it is nbgrader's, which needs the time of hand-in.
        trusts_timestamp:  whether a submission's timestamp.txt counts where no time was noted, as in nbgrader.
    """

    has_feedback_page: ClassVar[bool] = True
    trusts_timestamp: ClassVar[bool] = False

    assignment: str

    @classmethod
    @abstractmethod
    def of(cls, root: Path, assignment: str) -> GradingPlan:
        """The plan of an assignment in a course folder; nothing is written.

        Raises:
            WrongSettingError: course.toml is wrong.
            ValueError: there is no such assignment, or it cannot be graded here; the text says why.
        """

    @classmethod
    def check(cls, root: Path, assignment: str) -> None:
        """Raise ValueError where there is no such assignment or it cannot be graded here; the text says why."""
        cls.of(root, assignment)

    @classmethod
    @abstractmethod
    def prepare(cls, root: Path) -> None:
        """Make what grading needs and the course folder does not have yet.

        Raises:
            OSError: the folder cannot be written.
        """

    @classmethod
    @abstractmethod
    def deadline(cls, root: Path, assignment: str) -> datetime | None:
        """The deadline that the gradebook has to hold; None where the gradebook alone knows it.

        Raises:
            WrongSettingError: course.toml is wrong, or says too little.
        """

    @classmethod
    @abstractmethod
    def zone(cls, root: Path, assignment: str) -> tzinfo | None:
        """The zone in which an assignment's times are written; None where nobody names one.

        Raises:
            WrongSettingError: course.toml is wrong.
        """

    @staticmethod
    @abstractmethod
    def task_of(notebook: str, cell: str) -> str:
        """The task whose verdicts decide the points of a cell, by its grade_id; empty where there is none."""

    @property
    @abstractmethod
    def groups(self) -> tuple[Group, ...]:
        """What is graded, recorded and graded again by itself, in its order: all points come from here."""

    @property
    def on_demand(self) -> tuple[Group, ...]:
        """What is run only where somebody asks for it, and kept then; no points depend on it."""
        return ()

    @property
    @abstractmethod
    def notebook_names(self) -> tuple[str, ...]:
        """The names of the notebooks that are handed in and marked."""

    @abstractmethod
    def read(self, folder: Path, student: str) -> Submission:
        """The files of a submission that count, and no others.

        Raises:
            FileNotFoundError: there is no such folder.
            OSError: there is a file that this machine does not let us read.  That is nobody's answer, and no 0.
        """

    @abstractmethod
    def looked_at(self, submission: Submission, group: str) -> str:
        """Hash of what a group's verdicts follow from in a submission.

        That is the bytes that it looks at, and whose they are where the private data follow from the student.
        """

    @abstractmethod
    def version(self, group: str) -> str:
        """Hash of everything that a group's verdicts rest on, but for the submission itself.

        Raises:
            NotPreparedError: the course lacks a part of it.
        """

    @abstractmethod
    def grade(self, submission: Submission, names: Sequence[str], limits: Limits | None = None) -> tuple[Part, ...]:
        """Grade these groups in the sandbox.  Its faults give verdicts with Status.ERROR: a person decides.

        Raises:
            NotPreparedError: the course lacks what grading needs.
        """

    @abstractmethod
    def require_prepared(self) -> None:
        """Raise NotPreparedError where the course lacks what grading needs."""

    def require_data(self) -> None:  # noqa: B027  most kinds need none
        """Raise NotPreparedError where data that the course is judged on are missing or damaged on this machine.

        Reads them through, so whoever starts to grade asks once.
        """

    @abstractmethod
    def working_notebook(self, notebook: str, released: NotebookNode, submission: Submission) -> NotebookNode:
        """The notebook that a person marks: the course's cells with what the student wrote, and nothing run."""

    @abstractmethod
    def outputs_of(self, notebook: str, cell: NotebookNode, graded: Graded) -> list[Output] | None:
        """What a code cell of the working notebook shows; None where the verdicts on its task are to be shown."""
