"""How an assignment of ours is graded in a course: by checks, on private data out of the course's secret."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from exercises.assignment import GENERATED, foundations, load_assignment
from grader.grading.plan import NOTEBOOK, GradingPlan, Group, NotPreparedError
from grader.model.results import Graded, Output, Part
from grader.model.submission import Submission
from grader.settings.course_toml import COURSE_TOML, WrongSettingError, read_settings
from grader.settings.deadlines import deadline_of, zone_of
from grader.settings.late_rule import default_rule

from .groups import groups_of
from .reading import read_submission
from .seed import SECRET_FILE, make_secret, private_seed

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from grader.sandbox.inside.confine import Limits


@dataclass(frozen=True)
class CheckedPlan(GradingPlan):
    """An assignment of ours in one course.

    Attributes:
        seed:   the private seed; None where the course has no secret yet, so that nothing can be graded.
        source: the data that trainings are judged on.
        course: the course folder, for the words of an error.
    """

    assignment: str
    seed: int | None
    source: str = GENERATED
    course: str = field(default="COURSE", compare=False)

    @classmethod
    def of(cls, root: Path, assignment: str) -> CheckedPlan:
        facts = load_assignment(assignment)
        default_rule(assignment)
        seed = private_seed(root, assignment, facts.version)
        return cls(assignment, seed, data_source(root, assignment), str(root))

    @classmethod
    def check(cls, root: Path, assignment: str) -> None:
        load_assignment(assignment)
        foundations(assignment)

    @classmethod
    def prepare(cls, root: Path) -> None:
        make_secret(root)

    @classmethod
    def deadline(cls, root: Path, assignment: str) -> datetime | None:
        return deadline_of(root, assignment)

    @classmethod
    def zone(cls, root: Path, assignment: str) -> tzinfo | None:
        return zone_of(root, assignment)

    @staticmethod
    def task_of(notebook: str, cell: str) -> str:
        return cell.removeprefix("task-") if cell.startswith("task-") else ""

    @property
    def groups(self) -> tuple[Group, ...]:
        return groups_of(self.assignment)

    @property
    def on_demand(self) -> tuple[Group, ...]:
        return (Group(NOTEBOOK),)

    @property
    def notebook_names(self) -> tuple[str, ...]:
        return (self.assignment,)

    @property
    def known_seed(self) -> int:
        """The private seed.

        Raises:
            NotPreparedError: the course has no secret.
        """
        if self.seed is None:
            raise NotPreparedError(
                f"{Path(self.course) / SECRET_FILE} is missing, from which the private data of the grading follow. "
                f"Where it is lost, put it back from a copy, or grades cannot be repeated; where nothing was graded "
                f"yet, python -m grader autograde {self.assignment} --course {self.course} makes it"
            )
        return self.seed

    def require_prepared(self) -> None:
        _ = self.known_seed

    def require_data(self) -> None:
        if self.source == GENERATED:
            return  # made where they are needed
        from datasets import DataError  # brings torch, as reading them does
        from grader.checks.private.kinds import require_source

        try:
            require_source(self.assignment, self.source)
        except DataError as error:
            named = f"{Path(self.course) / COURSE_TOML} has {self.assignment} judged on {self.source}"
            raise NotPreparedError(f"{named}, and these data cannot be read, so nothing is graded:\n{error}") from error

    def read(self, folder: Path, student: str) -> Submission:
        return read_submission(folder, self.assignment, student)

    def looked_at(self, submission: Submission, group: str) -> str:
        """A new notebook does not make checks run again; they do run for each student, whose private data differ."""
        return submission.hash if group == NOTEBOOK else submission.own_modules_hash

    def version(self, group: str) -> str:
        from grader.grading.fingerprint.checked import basis_of  # reads all the code, and few commands ask

        code = basis_of(self.assignment, group).fingerprint
        return hashlib.sha256(f"{code}/{self.known_seed}/{self.source}".encode()).hexdigest()

    def grade(self, submission: Submission, names: Sequence[str], limits: Limits | None = None) -> tuple[Part, ...]:
        seed = self.known_seed
        from .run import run_groups  # brings torch

        groups = [group for group in (*self.groups, *self.on_demand) if group.name in names]
        return run_groups(submission, groups, seed, self.source, limits)

    def working_notebook(self, notebook: str, released: NotebookNode, submission: Submission) -> NotebookNode:
        from grader.notebook.marking import marking_notebook  # brings nbformat

        return marking_notebook(released, submission.notebook)

    def outputs_of(self, notebook: str, cell: NotebookNode, graded: Graded) -> list[Output] | None:
        from .notebook import outputs_of  # brings nbformat

        return outputs_of(cell, graded)


def data_source(root: Path, assignment: str) -> str:
    """The data that trainings are judged on in a course: what course.toml names under [data].

    Where it names none, generated data, or, if assignment.toml has no thresholds for these, the first that it has.

    Raises:
        WrongSettingError: course.toml is wrong, for example names data that the assignment has no threshold for.
    """
    path = root / COURSE_TOML
    allowed = load_assignment(assignment).sources
    default = GENERATED if GENERATED in allowed or not allowed else allowed[0]
    source: str = read_settings(path).get("data", {}).get(assignment, default)
    if source not in allowed:
        known = ", ".join(allowed)
        raise WrongSettingError(f"{path}: {assignment} = {source!r}, but it can be judged on {known}")
    return source
