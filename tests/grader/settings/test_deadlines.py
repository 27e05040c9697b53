"""A course's zone by name: what it makes of deadlines and moments, and what is refused."""

from __future__ import annotations

import zoneinfo
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from exercises import assignment as assignments
from grader.course.folder import Course
from grader.course.lateness import read_lateness
from grader.settings import deadlines, late_rule, rubric
from grader.settings.course_toml import WrongSettingError, named_zone, read_settings
from grader.settings.deadlines import deadline_of, in_words, moment, stated_deadline, zone_of
from grader.settings.late_rule import Rule

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
        ("contact = 3", "contact = 3, but it is whom students ask, one line in quotes"),
        ('contact = " "', "but it is whom students ask"),
        ('contact = "one\\ntwo"', "one line in quotes"),
        ('[data]\ncontact = "help@course.example"', r"contact lies in \[data\], but it stands above the first table"),
        ('contacts = "help@course.example"', r"contacts means nothing here \(did you mean contact\?\)"),
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


def test_the_courses_deadline_wins_over_that_of_the_assignment(tmp_path: Path) -> None:
    default = assignments.load_assignment("spoken_digits").deadline
    course = course_with(tmp_path, 'zone = "Europe/Helsinki"\n[deadlines]\ndigits = "2030-07-15 23:59"\n')
    assert deadline_of(course.root, "digits") == datetime(2030, 7, 15, 23, 59, tzinfo=HELSINKI)
    assert deadline_of(course.root, "digits").astimezone(UTC) == datetime(2030, 7, 15, 20, 59, tzinfo=UTC)
    assert deadline_of(course.root, "spoken_digits") == default
    assert (stated_deadline(course.root, "spoken_digits"), deadline_of(tmp_path / "other", "digits")) == (
        None,
        assignments.load_assignment("digits").deadline,
    )
    assert course.kind("digits").deadline(course.root, "digits") == deadline_of(course.root, "digits")


@pytest.mark.parametrize(
    ("stated", "zone", "offset"),
    [
        ('"2030-01-15 23:59"', "", timedelta(hours=2)),  # that of assignment.toml's own deadline
        ('"2030-01-15 23:59-05:00"', "", timedelta(hours=-5)),
        ("2030-01-15T23:59:00-05:00", "", timedelta(hours=-5)),
        ("2030-01-15 23:59:00", 'zone = "Asia/Tokyo"\n', timedelta(hours=9)),
    ],
)
def test_a_courses_deadline_is_read_in_its_zone(tmp_path: Path, stated: str, zone: str, offset: timedelta) -> None:
    course = course_with(tmp_path, f"{zone}[deadlines]\ndigits = {stated}\n")
    due = datetime(2030, 1, 15, 23, 59, tzinfo=timezone(offset))
    assert deadline_of(course.root, "digits") == due
    assert zone_of(course.root, "digits").utcoffset(datetime(2030, 1, 15)) == offset


def test_a_courses_deadline_needs_a_zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    local = replace(assignments.load_assignment("digits"), deadline=datetime(2030, 1, 15))
    monkeypatch.setattr(deadlines, "load_assignment", lambda name: local)
    course = course_with(tmp_path, '[deadlines]\ndigits = "2030-01-15 23:59"\n')
    with pytest.raises(WrongSettingError, match=r"course\.toml: \[deadlines\] digits = '2030.*there is no time zone"):
        deadline_of(course.root, "digits")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "deadlines = 3",
            r'deadlines is a table: \[deadlines\], and below it a line such as architectures = "2030-01-15 23:59"',
        ),
        (
            '[deadlines]\ndigit = "2030-01-15 23:59"',
            r"\[deadlines\] digit: no such assignment \(did you mean digits\?\)",
        ),
        ('[deadlines]\ndigits = "soon"', r'\[deadlines\] digits = .soon., but it is a date and a time: digits = "2030'),
        ('[deadlines]\ndigits = "2030-01-15"', "a date and a time"),
        ("[deadlines]\ndigits = 2030-01-15", "a date and a time"),
        ("[deadlines]\ndigits = 3", "a date and a time"),
        ('[deadline]\ndigits = "2030-01-15 23:59"', r"deadline means nothing here \(did you mean deadlines\?\)"),
        ("[rubric]\ndigits = 3", r"rubric\.digits is a table: \[rubric\.digits\].*shift_curves = "),
        ("[rubric.letters]\na = 'b'", r"\[rubric\] letters: no such assignment"),
        ("[rubric.digits]\nshift_curve = 'b'", r"\[rubric\.digits\] shift_curve: no such question .*mean shift_curves"),
        ("[rubric.digits]\nshift_curves = 1", r"\[rubric\.digits\] shift_curves is a text in quotes"),
    ],
)
def test_a_deadline_or_a_rubric_that_cannot_be_meant_is_refused(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(WrongSettingError, match=f"(?s)course.toml.*{says}"):
        read_settings(course_with(tmp_path, text).settings)


def test_a_deadline_in_words_names_its_zone() -> None:
    when = datetime(2030, 1, 15, 23, 59)
    assert in_words(when) == "Tuesday 15 January 2030, 23:59"
    assert in_words(when.replace(tzinfo=EAST)) == "Tuesday 15 January 2030, 23:59 (UTC+0200)"
    assert in_words(when.replace(tzinfo=HELSINKI)).endswith("23:59 (UTC+0200, Europe/Helsinki)")


def test_the_courses_rubric_wins_over_that_of_the_assignment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    digits = assignments.load_assignment("digits")
    questions = tuple(replace(question, rubric=f"default of {question.name}") for question in digits.questions)
    monkeypatch.setattr(rubric, "load_assignment", lambda name: replace(digits, questions=questions))
    course = course_with(tmp_path, "[rubric.digits]\nshift_curves = '''\nhalf for one thing\nhalf for the other\n'''\n")
    assert rubric.rubric_of(course.root, "digits") == {
        "shift_curves": "half for one thing\nhalf for the other",
        "failing_recipe": "default of failing_recipe",
    }
    assert rubric.rubric_of(course.root, "somebody_elses") == {}


def test_lateness_of_the_assignment_counts_where_the_course_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def facts(table: object) -> None:
        changed = replace(assignments.load_assignment("digits"), late=table)  # type: ignore[arg-type]
        monkeypatch.setattr(late_rule, "load_assignment", lambda name: changed)

    facts({"penalty_per_day": 0.2})
    course = course_with(tmp_path, "")
    assert read_lateness(course).rule_for("digits") == Rule(penalty_per_day=0.2)
    assert read_lateness(course).rule_for("somebody_elses") is None
    course_with(tmp_path, "[late]\npenalty_per_day = 0\n")
    assert read_lateness(course).rule_for("digits") == Rule(penalty_per_day=0)
    facts({"penalty": 0.2})
    course_with(tmp_path, "")
    for reads in (lambda: read_lateness(course).rule_for("digits"), lambda: course.plan("digits")):
        with pytest.raises(WrongSettingError, match=r"exercises/digits/assignment\.toml: \[late\] has no penalty"):
            reads()
