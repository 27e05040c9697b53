"""When nobody has time left: the latest deadline of anyone."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from exercises.assignment import load_assignment
from grader.course.closing import closing
from grader.course.folder import Course
from grader.nbgrader_base.runs import put_programs_on_path
from grader.settings.course_toml import WrongSettingError

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
TOML = 'zone = "Europe/Helsinki"\n[deadlines]\ndigits = "2030-01-15 23:59"\n'
DUE = datetime.fromisoformat("2030-01-15T23:59:00+02:00")


@pytest.fixture
def course(tmp_path: Path) -> Course:
    (tmp_path / "course.toml").write_text(TOML, encoding="utf-8")
    return Course(tmp_path)


def test_without_a_course_the_deadline_is_that_of_the_assignment() -> None:
    assert closing(None, "digits").when == load_assignment("digits").deadline


def test_the_course_sets_the_deadline(course: Course) -> None:
    found = closing(course.root, "digits")
    assert (found.when, found.whose) == (DUE, "")


def test_an_extension_is_waited_for_and_an_earlier_one_is_not(course: Course) -> None:
    course.settings.write_text(f'{TOML}[extensions.digits]\nada = "2030-01-20 12:00"\nbo = "2030-01-10 12:00"\n')
    found = closing(course.root, "digits")
    assert (found.when.isoformat(), found.whose) == ("2030-01-20T12:00:00+02:00", "ada")


def test_an_extension_in_the_gradebook_counts_too(course: Course) -> None:
    put_programs_on_path()
    with Gradebook(f"sqlite:///{course.gradebook}") as gradebook:
        gradebook.add_assignment("digits", duedate="2030-01-15 21:59 UTC")
        for student in ("ada", "bo"):
            gradebook.add_student(student)
            gradebook.add_submission("digits", student)
        gradebook.find_submission("digits", "bo").extension = timedelta(days=3)
        gradebook.db.commit()
    found = closing(course.root, "digits")
    assert (found.when, found.whose) == (DUE + timedelta(days=3), "bo")


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("penalty_per_day = 0.1", 9),  # on the tenth begun day the last tenth is gone
        ("penalty_per_day = 0.1\nlatest_days = 7", 7),
        ("penalty_per_day = 0.3", 3),
        ("penalty_per_day = 0\nlatest_days = 2", 2),
        ("penalty_per_day = 0", None),
    ],
)
def test_lateness_earns_points_for_so_many_days(course: Course, rule: str, days: int | None) -> None:
    course.settings.write_text(f"{TOML}[late]\n{rule}\n")
    assert closing(course.root, "digits").late == (None if days is None else DUE + timedelta(days=days))


def test_grace_is_the_least(course: Course) -> None:
    course.settings.write_text(f"{TOML}[late]\npenalty_per_day = 1\ngrace_minutes = 15\n")
    assert closing(course.root, "digits").late == DUE + timedelta(minutes=15)


def test_a_wrong_course_toml_is_said(course: Course) -> None:
    course.settings.write_text("[late]\npenalty_per_day = 10\n")
    with pytest.raises(WrongSettingError, match="penalty_per_day"):
        closing(course.root, "digits")
