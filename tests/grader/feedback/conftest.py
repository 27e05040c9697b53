"""A course folder with a gradebook and a released notebook; verdicts and marks are what a test says."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from grader.course.folder import Course
from grader.nbgrader_base.runs import put_programs_on_path
from tests.grader.feedback.feedback_bench import DIGITS, STUDENT, Bench, released_notebook


@pytest.fixture(scope="session")
def built_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with one submission that nobody has marked; tests work on copies."""
    put_programs_on_path()
    course = Course(tmp_path_factory.mktemp("feedback") / "course")
    notebook = course.released_notebook("digits")
    notebook.parent.mkdir(parents=True)
    nbformat.write(released_notebook(), notebook)
    submitted = course.submitted("digits", STUDENT)
    submitted.mkdir(parents=True)
    nbformat.write(released_notebook(), submitted / "digits.ipynb")
    with Gradebook(f"sqlite:///{course.gradebook}") as gradebook:
        gradebook.add_assignment("digits")
        gradebook.add_notebook("digits", "digits")
        for task in DIGITS.tasks:
            gradebook.add_grade_cell(f"task-{task.name}", "digits", "digits", max_score=task.points, cell_type="code")
        gradebook.add_solution_cell("guess", "digits", "digits")
        for question in DIGITS.questions:
            name = f"question-{question.name}"
            gradebook.add_grade_cell(name, "digits", "digits", max_score=question.points, cell_type="markdown")
            gradebook.add_solution_cell(name, "digits", "digits")
        gradebook.add_student(STUDENT)
        gradebook.add_submission("digits", STUDENT)
    return course.root


@pytest.fixture
def bench(built_course: Path, tmp_path: Path) -> Bench:
    root = tmp_path / "course"
    shutil.copytree(built_course, root)
    return Bench(Course(root))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """nbgrader's own use of SQLAlchemy warns; that is not ours to mend."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"))
