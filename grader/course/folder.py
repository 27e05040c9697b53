"""A course folder: where nbgrader's files and ours lie."""

from __future__ import annotations

import functools
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from exercises.assignment import assignment_names, load_assignment
from grader.grading.checked.plan import CheckedPlan
from grader.grading.checked.reading import read_submission
from grader.model.submission import Submission
from grader.settings.course_toml import WrongSettingError, read_settings

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
        return self.root / "course.toml"

    @functools.cached_property
    def adoption(self) -> Adoption | None:
        """What was noted when the course was adopted; None where it was not."""
        return read_adoption(self.root)

    @property
    def layout(self) -> Layout:
        return self.adoption.layout if self.adoption else Layout()

    def adopts(self, assignment: str) -> bool:
        """Whether an assignment is the course's own, with nothing of it in exercises/ (docs/adopt.md)."""
        return self.adoption is not None and assignment not in assignment_names()

    def notebooks(self, assignment: str) -> tuple[str, ...]:
        """The names of an assignment's notebooks: its own, or of an adopted one as many as it has.

        Raises:
            ValueError: it cannot be adopted; the message says why.
        """
        return tuple(g.name for g in self.plan(assignment).groups) if self.adopts(assignment) else (assignment,)

    def released_notebook(self, assignment: str, notebook: str = "") -> Path:
        """The notebook as students got it; of an adopted assignment the one of that name."""
        return self.root / self.layout.path(self.layout.release, ".", assignment) / f"{notebook or assignment}.ipynb"

    def submitted(self, assignment: str, student: str) -> Path:
        return self.root / self.layout.path(self.layout.submitted, student, assignment)

    def autograded(self, assignment: str, student: str) -> Path:
        return self.root / self.layout.path(self.layout.autograded, student, assignment)

    def submission(self, assignment: str, student: str) -> Submission:
        """The allow-listed files of one submission.  Raises FileNotFoundError where nothing was submitted."""
        folder = self.submitted(assignment, student)
        if self.adopts(assignment):
            return self.plan(assignment).read(folder, student)
        return read_submission(folder, assignment, student)

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

    def plan(self, assignment: str) -> CheckedPlan:
        """What this course decides for an assignment: its private seed and the data for accuracy.

        Raises:
            WrongSettingError: course.toml is wrong, for example names data that the assignment has no threshold for.
            ValueError: an adopted assignment cannot be graded here, and the message says why.
        """
        if self.adopts(assignment):
            from grader.grading.adopted.definition import adopted_plan  # nbgrader takes a second to import

            return adopted_plan(self.root, assignment)
        facts = load_assignment(assignment)
        sources = read_settings(self.settings).get("data", {})
        allowed = facts.accuracy.threshold or ("generated",)  # one that trains nothing has no threshold
        source = sources.get(assignment, "generated")
        if source not in allowed:
            known = ", ".join(allowed)
            raise WrongSettingError(f"{self.settings}: {assignment} = {source!r}, but it can be judged on {known}")
        return CheckedPlan(assignment, self.seed(assignment, facts.version), source)

    def seed(self, assignment: str, version: int) -> int:
        """The private seed of an assignment in this course: HMAC(course secret, assignment version), 63 bits.

        The secret is made when it is first asked for, readable by the owner alone: fresh for every course, and the
        same on every run.
        """
        digest = hmac.digest(self._secret(), f"{assignment}/{version}".encode(), "sha256")
        return int.from_bytes(digest[:8], "big") >> 1

    def _secret(self) -> bytes:
        path = self.root / "course.secret"
        if not path.exists():
            self.root.mkdir(parents=True, exist_ok=True)
            draft = self.root / f".course.secret.{os.getpid()}"
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(secrets.token_bytes(32))
            try:
                os.link(draft, path)  # the first of two that start together wins
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        secret = path.read_bytes()
        if len(secret) != 32:
            raise ValueError(f"{path} is damaged: it must hold 32 bytes; restore it, or grades cannot be repeated")
        return secret


def _may_hold(path: Path) -> bool:
    """Whether anything has this name, or may have it: a folder that cannot be entered is somebody's submission too."""
    try:
        path.lstat()
    except PermissionError:
        return True
    except OSError:
        return False
    return True
