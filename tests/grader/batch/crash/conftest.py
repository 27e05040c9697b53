"""A released course with a small notebook, built once; each test breaks a copy."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest
from nbgrader.apps import NbGraderAPI

from grader.course.folder import Course
from grader.gradebook.config import load_config, write_config
from tests.grader.batch.crash.kit import without_sandbox
from tests.grader.gradebook.conftest import source_notebook


@pytest.fixture(scope="session")
def small_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    course = Course(tmp_path_factory.mktemp("crash") / "course")
    write_config(course)
    (course.root / "source" / "digits").mkdir(parents=True)
    nbformat.write(source_notebook(), course.root / "source" / "digits" / "digits.ipynb")
    outcome = NbGraderAPI(config=load_config(course)).generate_assignment("digits")
    assert outcome["success"], outcome
    return course.root


@pytest.fixture
def course(small_release: Path, tmp_path: Path) -> Course:
    shutil.copytree(small_release, tmp_path / "course")
    return Course(tmp_path / "course")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """No sandbox: whoever is graded gets full points, and is named here."""
    return without_sandbox(monkeypatch)


@pytest.fixture(scope="session")
def real_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course as `python -m grader release` makes it."""
    from grader.release.build import release

    root = tmp_path_factory.mktemp("crash-real") / "course"
    write_config(Course(root))
    release("digits", course_root=root, out=tmp_path_factory.mktemp("crash-out"))
    return root


@pytest.fixture
def real_course(real_release: Path, tmp_path: Path) -> Course:
    shutil.copytree(real_release, tmp_path / "course")
    return Course(tmp_path / "course")
