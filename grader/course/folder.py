"""A course folder: where nbgrader's files and ours lie."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from exercises.assignment import assignment_names
from grader.grading.adopted.plan import AdoptedPlan
from grader.grading.checked.plan import CheckedPlan
from grader.grading.plan import GradingPlan
from grader.model.submission import Submission
from grader.settings.course_toml import COURSE_TOML

from .adoption import Adoption, Layout, read_adoption


@dataclass(frozen=True)
class Course:
    """Paths of one course folder (nbgrader's layout, and our ledger and secret beside it)."""

    root: Path

    @property
    def gradebook(self) -> Path:
        return self.root / "gradebook.db"

    @property
    def ledger(self) -> Path:
        return self.root / "verdicts.db"

    @property
    def config(self) -> Path:
        return self.root / "nbgrader_config.py"

    @property
    def settings(self) -> Path:
        """course.toml: `[data]` and below it `digits = "mnist"` judge accuracy on MNIST instead of generated digits."""
        return self.root / COURSE_TOML

    @functools.cached_property
    def adoption(self) -> Adoption | None:
        """What was noted when the course was adopted; None where it was not."""
        return read_adoption(self.root)

    @property
    def layout(self) -> Layout:
        return self.adoption.layout if self.adoption else Layout()

    def kind(self, assignment: str) -> type[GradingPlan]:
        """How an assignment is graded here: the one place that knows which kinds there are.

        An assignment is the course's own (docs/adopt.md) where the course is adopted and nothing of it lies in
        exercises/.
        """
        adopted = self.adoption is not None and assignment not in assignment_names()
        return AdoptedPlan if adopted else CheckedPlan

    def plan(self, assignment: str) -> GradingPlan:
        """How an assignment is graded here.  Nothing is made or changed: see `prepare`.

        Raises:
            WrongSettingError: course.toml is wrong, for example names data that the assignment has no threshold for.
            ValueError: there is no such assignment, or it cannot be graded here, and the message says why.
        """
        return self.kind(assignment).of(self.root, assignment)

    def prepare(self, assignment: str) -> None:
        """Make what grading needs and is not there yet: the course's secret, where the kind of assignment has one.

        Raises:
            OSError: the folder cannot be written.
        """
        self.kind(assignment).prepare(self.root)

    def has(self, assignment: str) -> bool:
        """Whether there is such an assignment: in exercises/, or in the source/ or release/ of an adopted course."""
        if self.adoption is None or assignment in assignment_names():
            return assignment in assignment_names()
        steps = (self.layout.source, self.layout.release)
        return any((self.root / self.layout.path(step, ".", assignment)).is_dir() for step in steps)

    def zone(self, assignment: str) -> tzinfo | None:
        """The zone in which an assignment's times are written; None where nobody names one.

        Raises:
            WrongSettingError: course.toml is wrong.
        """
        return self.kind(assignment).zone(self.root, assignment)

    def notebooks(self, assignment: str) -> tuple[str, ...]:
        """The names of an assignment's notebooks.  Raises as `plan` does."""
        return self.plan(assignment).notebook_names

    def released_notebook(self, assignment: str, notebook: str = "") -> Path:
        """The notebook as students got it; of an adopted assignment the one of that name."""
        return self.root / self.layout.path(self.layout.release, ".", assignment) / f"{notebook or assignment}.ipynb"

    def submitted(self, assignment: str, student: str) -> Path:
        return self.root / self.layout.path(self.layout.submitted, student, assignment)

    def autograded(self, assignment: str, student: str) -> Path:
        return self.root / self.layout.path(self.layout.autograded, student, assignment)

    def submission(self, assignment: str, student: str) -> Submission:
        """The allow-listed files of one submission.  Raises FileNotFoundError where nothing was submitted."""
        return self.plan(assignment).read(self.submitted(assignment, student), student)

    def submission_notebook(self, assignment: str, student: str) -> bytes | None:
        return self.submission(assignment, student).notebook

    def students(self, assignment: str) -> list[str]:
        """Everybody who submitted this assignment, sorted.  Whether it can be read is found out when it is read."""
        before, after = self.layout.around_student(self.layout.submitted, assignment)
        folder, _, prefix = f"{self.root}/{before}".rpartition("/")
        names = (path.name.removeprefix(prefix) for path in Path(folder).glob("*") if path.name.startswith(prefix))
        return sorted(name for name in names if _may_hold(Path(f"{folder}/{prefix}{name}{after}")))

    def has_submitted(self, assignment: str, student: str) -> bool:
        """Whether this very name is among `students`, without a look at all others."""
        return "/" not in student and student not in ("", ".", "..") and _may_hold(self.submitted(assignment, student))


def _may_hold(path: Path) -> bool:
    """Whether anything has this name, or may have it: a folder that cannot be entered is somebody's submission too."""
    try:
        path.lstat()
    except PermissionError:
        return True
    except OSError:
        return False
    return True
