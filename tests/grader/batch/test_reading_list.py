"""What is to be read of the submissions that lie in a course."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.authoring.galleries import solution_files
from grader.batch.reading_list import reading_list
from grader.course import readings
from grader.course.folder import Course
from grader.grading.checked.to_read import uses_in


def hand_in(course: Course, student: str, **modules: str) -> None:
    folder = course.submitted("digits", student) / "exercises" / "digits"
    folder.mkdir(parents=True)
    for name, text in modules.items():
        (folder / f"{name}.py").write_text(text)


def test_modules_of_ones_own_are_read_and_what_is_usual_here_is_not_told(tmp_path: Path) -> None:
    course = Course(tmp_path)
    hand_in(course, "ada", **solution_files("digits"))
    hand_in(
        course, "bob", blocks="from .helpers import f\nimport gc", helpers="import ctypes", unused="import threading"
    )
    hand_in(course, "cy", blocks="import gc")
    (course.submitted("digits", "dan")).mkdir(parents=True)
    (course.submitted("digits", "dan") / "digits.ipynb").write_text("import threading")
    assert {name: list(map(str, uses)) for name, uses in reading_list(course, "digits").items()} == {
        "bob": ["ctypes (helpers.py, line 1)"]
    }


def test_assignment_of_somebody_elses_has_no_list(tmp_path: Path) -> None:
    assert reading_list(Course(tmp_path), "week-3") == {}


def test_what_has_not_changed_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    course = Course(tmp_path)
    hand_in(course, "ada", **solution_files("digits"))
    hand_in(course, "bob", blocks="import ctypes", pooling="import torch")
    first = reading_list(course, "digits")
    read: list[str] = []
    monkeypatch.setattr(readings, "uses_in", lambda modules: read.extend(modules) or uses_in(modules))
    assert reading_list(course, "digits") == first and set(first) == {"bob"} and not read
    (course.submitted("digits", "bob") / "exercises" / "digits" / "pooling.py").write_text("import gc")
    assert set(map(str, reading_list(course, "digits")["bob"])) == {
        "ctypes (blocks.py, line 1)",
        "gc (pooling.py, line 1)",
    }
    assert read == ["pooling"]


def test_a_ledger_that_cannot_be_read_costs_time_alone(tmp_path: Path) -> None:
    course = Course(tmp_path)
    hand_in(course, "bob", blocks="import ctypes")
    first = reading_list(course, "digits")
    course.ledger.write_bytes(b"no database at all")
    assert first and reading_list(course, "digits") == first
