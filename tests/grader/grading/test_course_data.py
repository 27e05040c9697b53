"""Data that a course is judged on are looked for before anybody is graded."""

from __future__ import annotations

from pathlib import Path

import pytest

from datasets import mnist
from grader.cli.autograde import _workers
from grader.course.folder import Course
from grader.grading.plan import NotPreparedError


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """Judged on MNIST, with nothing in the data folder."""
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))
    course = Course(tmp_path / "course")
    course.root.mkdir()
    course.settings.write_text('[data]\ndigits = "mnist"\n')
    return course


def refusal(course: Course) -> str:
    with pytest.raises(NotPreparedError) as found, _workers("", course, "digits"):
        pytest.fail("somebody is graded")
    return str(found.value)


def test_missing_data_are_named_with_the_command_that_gets_them(course: Course, tmp_path: Path) -> None:
    said = refusal(course)
    assert f"{course.settings} has digits judged on mnist" in said and "so nothing is graded" in said
    assert f"{mnist.FETCH_COMMAND} --root {tmp_path / 'data'}" in said


def test_another_set_under_the_same_names_is_refused(course: Course, tmp_path: Path) -> None:
    folder = tmp_path / "data" / "mnist"
    folder.mkdir(parents=True)
    for file in mnist.FILES:
        (folder / file.name).write_bytes(bytes(file.size))
    said = refusal(course)
    assert f"{folder / mnist.FILES[0].name} is damaged" in said and mnist.FETCH_COMMAND in said


def test_generated_data_need_no_file(course: Course) -> None:
    course.settings.unlink()
    with _workers("", course, "digits") as (_, workers):
        assert workers() >= 1


def test_a_cluster_has_data_of_its_own(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what this machine lacks is looked for here: a cluster is asked for by name."""
    with pytest.raises(Exception, match="nowhere") as found, _workers("tcp://nowhere:1", course, "digits"):
        pass
    assert not isinstance(found.value, NotPreparedError)
