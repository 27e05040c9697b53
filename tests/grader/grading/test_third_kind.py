"""A third kind of assignment: it needs its own module, and the one place that chooses (`Course.kind`)."""

from __future__ import annotations

import ast
import pickle
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import ClassVar

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook
from typer.testing import CliRunner

from exercises.checking import Status, Verdict
from grader.batch.desk import Done
from grader.batch.replay import replay
from grader.batch.run import grade_batch
from grader.cli import app
from grader.course import lookup
from grader.course.folder import Course
from grader.course.handed_in import handed_in_at
from grader.course.lateness import read_lateness
from grader.course.ledger_reader import open_ledger
from grader.feedback.write import write_feedback
from grader.gradebook.config import write_config
from grader.grading.plan import GradingPlan, Group
from grader.model.results import Graded, Output, Part
from grader.model.submission import Submission
from grader.nbgrader_base.generate import generate_assignment
from grader.repository import REPOSITORY
from grader.sandbox.inside.confine import Limits

LINES = 4
MADE = "poems.ready"  # what this kind needs in a course folder
HANDED_IN = datetime(2030, 1, 15, 12)


@dataclass(frozen=True)
class PoemPlan(GradingPlan):
    """Students hand in a poem, and each of its four lines is worth a point."""

    has_feedback_page: ClassVar[bool] = False
    trusts_timestamp: ClassVar[bool] = True

    assignment: str
    ready: bool

    @classmethod
    def of(cls, root: Path, assignment: str) -> PoemPlan:
        return cls(assignment, (root / MADE).exists())

    @classmethod
    def prepare(cls, root: Path) -> None:
        (root / MADE).touch()

    @classmethod
    def deadline(cls, root: Path, assignment: str) -> datetime | None:
        return None

    @classmethod
    def zone(cls, root: Path, assignment: str) -> tzinfo | None:
        return UTC

    @staticmethod
    def task_of(notebook: str, cell: str) -> str:
        return cell

    @property
    def groups(self) -> tuple[Group, ...]:
        return (Group("lines"),)

    @property
    def notebook_names(self) -> tuple[str, ...]:
        return ("poem",)

    def require_prepared(self) -> None:
        assert self.ready

    def read(self, folder: Path, student: str) -> Submission:
        if not folder.is_dir():
            raise FileNotFoundError(folder)
        return Submission(student, self.assignment, {}, None, files={"poem.txt": (folder / "poem.txt").read_bytes()})

    def looked_at(self, submission: Submission, group: str) -> str:
        return submission.hash

    def version(self, group: str) -> str:
        self.require_prepared()
        return "1"

    def grade(self, submission: Submission, names: Sequence[str], limits: Limits | None = None) -> tuple[Part, ...]:
        self.require_prepared()
        points = float(min(submission.files["poem.txt"].count(b"\n"), LINES))
        status = Status.PASSED if points == LINES else Status.PARTLY
        return (Part("lines", (Verdict("lines", "lines", "four lines", status, points, float(LINES)),)),)

    def working_notebook(self, notebook: str, released: NotebookNode, submission: Submission) -> NotebookNode:
        released.cells.append(new_markdown_cell(submission.files["poem.txt"].decode(), id="poem"))
        return released

    def outputs_of(self, notebook: str, cell: NotebookNode, graded: Graded) -> list[Output] | None:
        return None


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.setattr(Course, "kind", lambda self, assignment: PoemPlan)
    monkeypatch.setattr(Course, "has", lambda self, assignment: assignment == "verses")
    course = Course(tmp_path / "course")
    write_config(course)
    facts = {"grade_id": "lines", "grade": True, "solution": False, "locked": True, "task": False, "points": LINES}
    cell = new_code_cell("", id="lines", metadata={"nbgrader": {**facts, "schema_version": 3, "cell_type": "code"}})
    (course.root / "source" / "verses").mkdir(parents=True)
    nbformat.write(new_notebook(cells=[cell]), course.root / "source" / "verses" / "poem.ipynb")
    generate_assignment(course.root, "verses", database=True)
    for student, lines in (("ada", 4), ("bob", 1)):
        folder = course.submitted("verses", student)
        folder.mkdir(parents=True)
        (folder / "poem.txt").write_text("a line\n" * lines)
        (folder / "timestamp.txt").write_text(f"{HANDED_IN} UTC")
    return course


def grade(course: Course) -> dict[str, Done]:
    students = course.students("verses")
    found = grade_batch(course, "verses", students, lambda: ThreadPoolExecutor(1), workers=lambda: 1)
    done = {one.student: one for one in found}
    assert {one.problem for one in done.values()} == {""}
    return done


def test_it_is_graded_booked_shown_and_handed_back(course: Course) -> None:
    assert not (course.root / MADE).exists()
    assert not any(done.known for done in grade(course).values())
    assert all(done.known for done in grade(course).values())
    with Gradebook(f"sqlite:///{course.gradebook}") as gradebook:
        scores = {one.student_id: one.score for one in gradebook.assignment_submissions("verses")}
    assert scores == {"ada": 4.0, "bob": 1.0}
    marked = nbformat.read(course.autograded("verses", "bob") / "poem.ipynb", as_version=4)
    assert [cell.source for cell in marked.cells] == ["", "a line\n"]
    assert "four lines" in marked.cells[0].outputs[0].text
    assert (course.autograded("verses", "ada") / "poem.txt").read_text() == "a line\n" * 4
    assert write_feedback(course, "verses") == 2

    assert lookup.graded(course, "verses", "bob").task_points("lines") == 1.0
    assert replay(course, "verses", "bob").booked == ("agrees with what is booked (1 check)",)
    shown = CliRunner().invoke(app, ["show", "verses", "ada", "--course", str(course.root)])
    assert shown.exit_code == 0 and "agrees with what is booked (1 check)" in shown.output
    with open_ledger(course.ledger, course.plan("verses")) as ledger:
        assert ledger is not None
        assert not ledger.parts(course.submission("verses", "ada"))["lines"].older


def test_it_decides_on_time_and_zone(course: Course) -> None:
    assert handed_in_at(course, "verses", "ada") == HANDED_IN
    course.settings.write_text('[late]\npenalty_per_day = 0.5\n[extensions.verses]\nbob = "2030-01-15 10:00"\n')
    assert read_lateness(course).extensions["verses"]["bob"] == datetime(2030, 1, 15, 10, tzinfo=UTC)


def test_every_plan_travels_to_a_worker(course: Course) -> None:
    plan = course.plan("verses")
    assert pickle.loads(pickle.dumps(plan)) == plan


def test_only_the_one_who_chooses_and_the_one_who_adopts_know_an_adopted_plan() -> None:
    users = {
        path.relative_to(REPOSITORY / "grader").as_posix()
        for path in (REPOSITORY / "grader").rglob("*.py")
        if "grading/adopted" not in path.as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and "grading.adopted" in (node.module or "")
    }
    assert users == {"course/folder.py", "adopt/taking.py"}
