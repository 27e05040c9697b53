"""A course's zone by name: what it makes of deadlines and moments, and what is refused."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from exercises import assignment as assignments
from grader.course.folder import Course
from grader.settings import deadlines
from grader.settings.course_toml import WrongSettingError, named_zone, read_settings
from grader.settings.deadlines import deadline_of, moment, zone_of

HELSINKI = zoneinfo.ZoneInfo("Europe/Helsinki")
EAST = timezone(timedelta(hours=2))


def course_with(tmp_path: Path, text: str) -> Course:
    course = Course(tmp_path)
    course.settings.write_text(text)
    return course


def test_zone_is_the_courses_and_else_the_deadlines_own_offset(tmp_path: Path) -> None:
    assert zone_of(tmp_path, "digits") == EAST
    course = course_with(tmp_path, 'zone = "Europe/Helsinki"\n[late]\npenalty_per_day = 0.1\n')
    assert zone_of(course.root, "digits") == HELSINKI
    deadline = deadline_of(course.root, "digits")
    assert deadline.tzinfo == HELSINKI and deadline == assignments.load_assignment("digits").deadline


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('zone = "Europe/Helsinky"', r"'Europe/Helsinky', but it is the name.*did you mean Europe/Helsinki\?"),
        ('zone = "europe/helsinki"', r"did you mean Europe/Helsinki\?"),
        ('zone = "UTC+2"', "but it is the name of a time zone"),
        ('zone = "Europe"', "but it is the name of a time zone"),
        ('zone = "../../etc/passwd"', "but it is the name of a time zone"),
        ('zone = ""', "but it is the name of a time zone"),
        ("zone = 2", "in quotes"),
        ('[late]\npenalty_per_day = 0.1\nzone = "Europe/Helsinki"', r"zone lies in \[late\], but it stands above"),
        ('[extensions.digits]\nzone = "Europe/Helsinki"', r"zone lies in \[extensions\], but it stands above"),
        ('zones = "Europe/Helsinki"', r"zones means nothing here \(did you mean zone\?\)"),
    ],
)
def test_a_zone_that_cannot_be_meant_is_refused(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(WrongSettingError, match=f"(?s)course.toml.*{says}"):
        read_settings(course_with(tmp_path, text).settings)


def test_zones_are_known_where_the_system_brings_none() -> None:
    try:
        zoneinfo.reset_tzpath([])
        zoneinfo.ZoneInfo.clear_cache()
        named_zone.cache_clear()
        assert named_zone("Europe/Helsinki").utcoffset(datetime(2026, 7, 1)) == timedelta(hours=3)
    finally:
        zoneinfo.reset_tzpath()


def test_a_deadline_without_an_offset_is_read_in_the_courses_zone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (assignments.EXERCISES / "digits" / "assignment.toml").read_text(encoding="utf-8")
    local = assignments._parse(text.replace("2027-02-02T23:59:00+02:00", "2026-10-25T03:30:00"))
    monkeypatch.setattr(deadlines, "load_assignment", lambda name: local)
    with pytest.raises(WrongSettingError, match="has no offset from UTC"):
        deadline_of(tmp_path, "digits")
    course = course_with(tmp_path, 'zone = "Europe/Helsinki"\n')
    # the clocks show 03:30 twice that night: in doubt the later one, for the student
    assert deadline_of(course.root, "digits").astimezone(UTC) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_a_moment_that_the_clocks_show_twice_is_the_earlier_one() -> None:
    assert moment("2026-10-25 03:30", HELSINKI).astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert moment("2026-10-25 03:30+02:00", HELSINKI).astimezone(UTC) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-10-25", "soon", ""])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        moment(text, HELSINKI)
