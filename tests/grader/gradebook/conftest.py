"""A tiny course folder: the real task names, a notebook of a few cells, verdicts made by hand."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI

from exercises.assignment import load_assignment
from exercises.checking import Status, Verdict
from grader.course.folder import Course
from grader.course.lookup import Work
from grader.gradebook.config import load_config, write_config
from grader.model.results import Graded

DIGITS = load_assignment("digits")
HIDDEN = '### BEGIN HIDDEN TESTS\nraise SystemError("graded by the course\'s own grader only")\n### END HIDDEN TESTS'


def meta(grade_id: str, points: float = 0, *, grade: bool, solution: bool) -> dict[str, Any]:
    facts: dict[str, Any] = {"grade_id": grade_id, "grade": grade, "solution": solution, "locked": not solution}
    if grade:
        facts["points"] = points
    return {"nbgrader": {**facts, "schema_version": 3, "task": False}}


def source_notebook() -> Any:
    """As the release builds it: a given cell, a solution cell, a checked cell per task, the written questions."""
    cells = [
        new_markdown_cell("# Digits", id="title"),
        new_code_cell("print('given')", id="given"),
        new_code_cell(
            "### BEGIN SOLUTION\nguess = 7\n### END SOLUTION",
            id="guess",
            metadata=meta("guess", grade=False, solution=True),
        ),
    ]
    for task in DIGITS.tasks:
        info = meta(f"task-{task.name}", task.points, grade=True, solution=False)
        cells.append(new_code_cell(f"check({task.name!r})\n{HIDDEN}", id=f"task-{task.name}", metadata=info))
    for question in DIGITS.questions:
        info = meta(f"question-{question.name}", question.points, grade=True, solution=True)
        cells.append(new_markdown_cell(question.title, id=f"question-{question.name}", metadata=info))
    kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernelspec})


def verdict(task: str, points: float, max_points: float, **changes: Any) -> Verdict:
    status = Status.PASSED if points == max_points else Status.PARTLY if points else Status.FAILED
    facts = {"check": f"{task}.check", "task": task, "idea": f"the idea of {task}", "status": status}
    return Verdict(**{**facts, "points": points, "max_points": max_points, **changes})


def graded(student: str = "ada", points: dict[str, float] | None = None, **changes: Any) -> Graded:
    """Verdicts with full points on every task, but for those given."""
    given = points or {}
    verdicts = tuple(verdict(t.name, given.get(t.name, t.points), t.points) for t in DIGITS.tasks)
    facts = {"student": student, "assignment": "digits", "submission_hash": "1" * 64, "verdicts": verdicts}
    return Graded(**{**facts, **changes})


@dataclass
class Engine:
    """Stands in for the engine: hands out what a test put in, and counts how often it was asked."""

    results: dict[str, Graded] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def graded(self, course: Course, assignment: str, student: str) -> Graded:
        self.asked.append(student)
        return self.results[student]

    def work_on(self, course: Course, assignment: str, student: str) -> Work:
        """The submission as it lies there now, with these verdicts."""
        submission = course.submission(assignment, student)
        found = replace(self.graded(course, assignment, student), submission_hash=submission.hash)
        return Work(submission, course.plan(assignment), found)


@dataclass(frozen=True)
class Bench:
    """A course with helpers to submit, grade and look."""

    course: Course
    engine: Engine
    verdict = staticmethod(verdict)

    def verdicts(self, student: str = "ada", points: dict[str, float] | None = None, **changes: Any) -> Graded:
        """Verdicts on the files that this student has handed in; full points but for those given."""
        if self.course.submitted("digits", student).is_dir():
            changes = {"submission_hash": self.course.submission("digits", student).hash, **changes}
        return graded(student, points, **changes)

    def work(self, student: str = "ada", points: dict[str, float] | None = None, **changes: Any) -> Work:
        """The submission that was handed in, and verdicts on it."""
        submission = self.course.submission("digits", student)
        return Work(submission, self.course.plan("digits"), self.verdicts(student, points, **changes))

    def submit(self, student: str = "ada", notebook: Any = None) -> Path:
        """Hand in a notebook (a node, raw bytes, or None for no file) beside one module."""
        folder = self.course.submitted("digits", student)
        (folder / "exercises" / "digits").mkdir(parents=True, exist_ok=True)
        (folder / "exercises" / "digits" / "blocks.py").write_text("ANSWER = 1\n")
        path = folder / "digits.ipynb"
        path.unlink(missing_ok=True)
        if notebook is not None:
            path.write_bytes(notebook if isinstance(notebook, bytes) else nbformat.writes(notebook).encode())
        return folder

    def released(self) -> Any:
        return nbformat.read(self.course.released_notebook("digits"), as_version=4)

    def answered(self, text: str = "The curves differ.") -> Any:
        """The released notebook with both questions answered."""
        notebook = self.released()
        for cell in notebook.cells:
            if cell.metadata.get("nbgrader", {}).get("grade_id", "").startswith("question-"):
                cell.source = text
        return notebook

    def api(self) -> NbGraderAPI:
        """What formgrader's buttons call."""
        return NbGraderAPI(config=load_config(self.course))

    def autograde(self, student: str = "ada", result: Graded | None = None) -> dict[str, Any]:
        """Press formgrader's button."""
        self.engine.results[student] = result or self.verdicts(student)
        outcome: dict[str, Any] = self.api().autograde("digits", student)
        return outcome

    def gradebook(self) -> Gradebook:
        return Gradebook(f"sqlite:///{self.course.gradebook}")

    def grades(self, student: str = "ada") -> dict[str, SimpleNamespace]:
        """The rows of one student by grade_id."""
        with self.gradebook() as gradebook:
            notebook = gradebook.find_submission_notebook("digits", "digits", student)
            return {grade.name: SimpleNamespace(**grade.to_dict()) for grade in notebook.grades}

    def mark(self, grade_id: str, student: str = "ada", **values: Any) -> None:
        """What formgrader stores when a person marks a cell."""
        with self.gradebook() as gradebook:
            grade = gradebook.find_grade(grade_id, "digits", "digits", student)
            for name, value in values.items():
                setattr(grade, name, value)
            grade.needs_manual_grade = grade.manual_score is None and grade.auto_score is None
            gradebook.db.commit()

    def autograded(self, student: str = "ada") -> dict[str, Any]:
        """The cells of the autograded notebook by id."""
        path = self.course.root / "autograded" / student / "digits" / "digits.ipynb"
        return {cell["id"]: cell for cell in json.loads(path.read_text())["cells"]}


@pytest.fixture(scope="session")
def built_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A released course, built once; tests work on copies."""
    course = Course(tmp_path_factory.mktemp("course") / "ki2")
    write_config(course, course_id="ki2")
    source = course.root / "source" / "digits"
    (source / "exercises" / "digits").mkdir(parents=True)
    (source / "exercises" / "digits" / "blocks.py").write_text("raise NotImplementedError\n")
    (source / "given.txt").write_text("given\n")
    nbformat.write(source_notebook(), source / "digits.ipynb")
    outcome = NbGraderAPI(config=load_config(course)).generate_assignment("digits")
    assert outcome["success"], outcome
    return course.root


@pytest.fixture
def bench(built_course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    root = tmp_path / "ki2"
    shutil.copytree(built_course, root)
    engine = Engine()
    monkeypatch.setattr("grader.gradebook.converter.work_on", engine.work_on)  # autograde's
    monkeypatch.setattr("grader.course.lookup.graded", engine.graded)  # and feedback's
    return Bench(Course(root), engine)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """nbgrader's own use of SQLAlchemy warns; that is not ours to mend."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"))
