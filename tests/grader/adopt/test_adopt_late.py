"""What course.toml says on lateness counts for an adopted assignment too; an extension there needs its offset."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from nbgrader.api import Gradebook

from grader.batch.run import grade_batch
from grader.course.handed_in import note_collected
from grader.course.lateness import read_lateness
from grader.settings.course_toml import WrongSettingError
from tests.grader.adopt.adopt_kit import RIGHT, Kit

DUE = datetime(2030, 1, 10, 22, 59, tzinfo=UTC)


def test_extension_of_an_adopted_assignment_moves_the_deadline_of_one_student(adopted: Kit) -> None:
    for student in ("ada", "bob"):
        adopted.submit(student, adopted.answered(**RIGHT))
        note_collected(adopted.course, "week1", student, DUE + timedelta(hours=30))
    with Gradebook(f"sqlite:///{adopted.course.gradebook}") as gradebook:
        gradebook.update_or_create_assignment("week1", duedate=DUE.replace(tzinfo=None))
    adopted.course.settings.write_text(
        '[late]\npenalty_per_day = 0.25\n[extensions.week1]\nada = "2030-01-12 23:59+01:00"\n'
    )
    assert all(not done.problem for done in grade_batch(adopted.course, "week1", ["ada", "bob"]))
    with Gradebook(f"sqlite:///{adopted.course.gradebook}") as gradebook:
        found = {
            student: gradebook.find_submission("week1", student).late_submission_penalty for student in ("ada", "bob")
        }
    assert not found["ada"] and found["bob"] == 0.5 * 6


def test_extension_without_an_offset_is_read_in_the_zone_that_the_course_names(adopted: Kit) -> None:
    adopted.course.settings.write_text('zone = "Europe/Berlin"\n[extensions.week1]\nada = "2030-01-12 23:59"\n')
    assert read_lateness(adopted.course).extensions["week1"]["ada"] == datetime(2030, 1, 12, 22, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[extensions.week1]\nada = "2030-01-12 23:59"', r"no time zone.*\+01:00"),
        ('[extensions.week2]\nada = "2030-01-12 23:59+01:00"', "no such assignment.*one of the course's own"),
    ],
)
def test_extension_that_cannot_be_read_in_an_adopted_course_is_refused(adopted: Kit, text: str, says: str) -> None:
    adopted.course.settings.write_text(text)
    with pytest.raises(WrongSettingError, match=says):
        read_lateness(adopted.course)
