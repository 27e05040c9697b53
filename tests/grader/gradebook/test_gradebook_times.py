"""What a time of hand-in costs: unknown ones nothing, moved deadlines at the next run, days by the calendar."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from exercises.assignment import load_assignment
from grader.__main__ import app
from grader.batch.desk import Done
from grader.cli.terminal import progress
from grader.collect.placing import collect
from grader.course.handed_in import Note, note_collected, write_note
from grader.course.lateness import Rule
from grader.gradebook.duedates import bring_up_to_date
from grader.gradebook.writer import GradebookWriter
from grader.grades.booked import read_booked
from grader.grades.table import rows
from grader.settings import deadlines

DEADLINE = load_assignment("digits").deadline
RULE = "[late]\npenalty_per_day = 0.1\nlatest_days = 7\n"
HELSINKI = ZoneInfo("Europe/Helsinki")
EARNED = 18.0
Move = Callable[[datetime], None]


@pytest.fixture
def move(monkeypatch: pytest.MonkeyPatch) -> Move:
    """Sets another deadline in assignment.toml."""

    def moved(deadline: datetime) -> None:
        monkeypatch.setattr(
            deadlines, "load_assignment", lambda name: replace(load_assignment(name), deadline=deadline)
        )

    return moved


def book(bench: Any, settings: str = RULE, student: str = "ada") -> float:
    """Set course.toml, book what does not stand, and return the penalty in the gradebook."""
    bench.course.settings.write_text(settings)
    writer = GradebookWriter(bench.course)
    if not writer.stands(bench.verdicts(student)):
        assert writer.write(bench.work(student)).written
    assert writer.stands(bench.verdicts(student)) and bench.engine.asked == []
    with bench.gradebook() as gradebook:
        booked = gradebook.find_submission_notebook("digits", "digits", student).late_submission_penalty or 0.0
    assert rows(bench.course, "digits")[0].late_penalty == pytest.approx(booked)
    return float(booked)


def autograded(bench: Any, monkeypatch: pytest.MonkeyPatch, code: int = 0) -> str:
    """What the command prints; the submissions count as graded."""

    def batch(course: Any, assignment: str, students: list[str], *_: Any, **__: Any) -> Iterator[Done]:
        writer = GradebookWriter(course)
        for student in students:
            writer.write(bench.work(student))
            yield Done(student, bench.verdicts(student))

    monkeypatch.setattr(progress, "grade_batch", batch)
    ran = CliRunner().invoke(app, ["autograde", "digits", "--course", str(bench.course.root)])
    assert ran.exit_code == code, ran.output
    return ran.output


def test_a_download_of_eight_days_after_the_deadline_costs_nobody_a_point(
    bench: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = bench.course.released_notebook("digits").read_bytes()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number, name in enumerate(("ada", "bob"), start=11):
            info = zipfile.ZipInfo(f"{name}_{number}_{900 + number}_digits.ipynb", (2027, 2, 10, 12, 0, 0))
            archive.writestr(info, notebook)
    (tmp_path / "submissions.zip").write_bytes(out.getvalue())
    assert [one.when for one in collect(bench.course, "digits", tmp_path / "submissions.zip")] == [None, None]
    assert book(bench, student="ada-11") == 0.0
    said = autograded(bench, monkeypatch)
    assert "Time of hand-in unknown (2): lateness cannot cost them anything" in said
    assert "ada-11, bob-12" in said and "times digits" in said and "--times TABLE.csv" in said
    bench.course.settings.write_text("")
    assert "Time of hand-in" not in autograded(bench, monkeypatch)  # where lateness costs nothing, nobody need know


def test_a_corrected_time_counts_at_the_next_run(bench: Any) -> None:
    bench.submit(notebook=bench.answered())
    note_collected(bench.course, "digits", "ada", DEADLINE + timedelta(days=8))
    assert book(bench) == EARNED
    note_collected(bench.course, "digits", "ada", DEADLINE - timedelta(hours=1), "by hand")
    assert book(bench) == 0.0
    note_collected(bench.course, "digits", "ada", DEADLINE + timedelta(hours=25))
    assert book(bench) == pytest.approx(0.2 * EARNED)
    note_collected(bench.course, "digits", "ada", None)
    assert book(bench) == 0.0


def test_late_without_a_time_is_one_day_and_nothing_for_whoever_has_an_extension(
    bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.submit(notebook=bench.answered())
    write_note(bench.course, "digits", "ada", Note(late=True, platform="canvas", number="11"))
    assert book(bench) == pytest.approx(0.1 * EARNED)
    reason = read_booked(bench.course, "digits", "ada").late_reason
    assert reason == ("after the deadline, by how much is not known: 1 day begun since the deadline, 0.1 of the points")
    said = autograded(bench, monkeypatch)
    assert "Time of hand-in unknown (1): called late by their system, so that it costs one day begun" in said
    assert book(bench, f'{RULE}[extensions.digits]\nada = "2027-02-09 23:59"\n') == 0.0
    assert book(bench, RULE.replace("latest_days = 7", "latest_days = 0")) == EARNED


def test_a_time_that_an_earlier_version_noted_costs_nothing_and_is_named(
    bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it took is given back at the next run: it may have been the moment of the download."""
    bench.submit(notebook=bench.answered())
    note_collected(bench.course, "digits", "ada", datetime(2027, 2, 10, 12, tzinfo=UTC))
    assert book(bench) == EARNED
    note = bench.course.root / "collected" / "digits" / "ada.txt"
    note.write_text("2027-02-10T12:00:00+00:00\n")
    assert book(bench) == 0.0
    said = autograded(bench, monkeypatch)
    assert "Time of hand-in without a source (1): noted by an earlier version" in said
    assert (
        f"collect again with --times TABLE.csv, or set one: python -m grader times digits --course {bench.course.root}"
        in said
    )


def test_a_moved_deadline_counts_at_the_next_run_without_grading(
    bench: Any, move: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.submit(notebook=bench.answered())
    note_collected(bench.course, "digits", "ada", DEADLINE + timedelta(hours=25))
    assert book(bench) == pytest.approx(0.2 * EARNED)
    move(DEADLINE + timedelta(hours=12))
    assert book(bench) == pytest.approx(0.1 * EARNED)
    move(DEADLINE + timedelta(days=3))
    said = autograded(bench, monkeypatch)
    assert (
        "the deadline of digits has moved from 2027-02-03 11:59 (UTC+0200) to 2027-02-05 23:59 (UTC+0200), "
        "as assignment.toml has it: lateness is booked anew"
    ) in said
    assert book(bench) == 0.0
    with bench.gradebook() as gradebook:
        due = gradebook.find_assignment("digits").duedate
    assert due == (DEADLINE + timedelta(days=3)).astimezone(UTC).replace(tzinfo=None)
    assert "has moved" not in autograded(bench, monkeypatch)
    move(DEADLINE)
    assert book(bench) == pytest.approx(0.2 * EARNED)


def test_a_deadline_of_course_toml_counts_at_the_next_run_and_is_named(bench: Any) -> None:
    bench.submit(notebook=bench.answered())
    note_collected(bench.course, "digits", "ada", DEADLINE + timedelta(hours=25))
    assert book(bench) == pytest.approx(0.2 * EARNED)
    bench.course.settings.write_text(f'{RULE}[deadlines]\ndigits = "2027-02-03 12:00"\n')
    moved = bring_up_to_date(bench.course, "digits", f"sqlite:///{bench.course.gradebook}")
    assert str(moved) == (
        "the deadline of digits has moved from 2027-02-02 23:59 (UTC+0200) to 2027-02-03 12:00 (UTC+0200), "
        "as course.toml has it: lateness is booked anew"
    )
    assert book(bench, bench.course.settings.read_text()) == pytest.approx(0.1 * EARNED)


def test_formgraders_button_and_a_plugin_of_the_courses_own_see_the_moved_deadline(bench: Any, move: Move) -> None:
    with bench.course.config.open("a") as file:
        file.write("\nget_config().LateSubmissionPlugin.penalty_method = 'zero'\n")
    bench.submit(notebook=bench.answered())
    note_collected(bench.course, "digits", "ada", DEADLINE + timedelta(hours=25))
    assert book(bench, "") == EARNED
    move(DEADLINE + timedelta(days=2))
    assert book(bench, "") == 0.0
    move(DEADLINE)
    assert bench.autograde()["success"]
    with bench.gradebook() as gradebook:
        assert gradebook.find_submission("digits", "ada").late_submission_penalty == EARNED


def test_a_folder_without_a_gradebook_gets_none_from_a_look_at_its_deadline(tmp_path: Path) -> None:
    from grader.course.folder import Course

    assert bring_up_to_date(Course(tmp_path), "digits", f"sqlite:///{tmp_path / 'gradebook.db'}") is None
    assert list(tmp_path.iterdir()) == []


def test_an_extension_after_the_clocks_change_is_read_in_the_zone_of_that_day(bench: Any, move: Move) -> None:
    """Handed in at 19:30 in Finland, half an hour before the extension ends; the deadline's own offset says 20:30."""
    move(datetime.fromisoformat("2026-10-24T20:00:00+03:00"))
    bench.submit(notebook=bench.answered())
    note_collected(bench.course, "digits", "ada", datetime(2026, 10, 26, 19, 30, tzinfo=HELSINKI))
    extension = '[extensions.digits]\nada = "2026-10-26 20:00"\n'
    zone = 'zone = "Europe/Helsinki"\n'
    assert book(bench, f"{zone}{RULE}{extension}") == 0.0
    assert book(bench, f"{RULE}{extension}") == pytest.approx(0.1 * EARNED)  # without a zone: the deadline's own offset
    note_collected(bench.course, "digits", "ada", datetime(2026, 10, 26, 20, 30, tzinfo=HELSINKI))
    assert book(bench, f"{zone}{RULE}{extension}") == pytest.approx(0.1 * EARNED)


@pytest.mark.parametrize(
    ("deadline", "handed_in", "days"),
    [
        (
            "2026-10-24T20:00:00+03:00",
            "2026-10-25 19:30",
            1,
        ),  # 23.5 hours by the clocks, which were set back: 24.5 real
        ("2026-10-24T20:00:00+03:00", "2026-10-25 20:00", 1),
        ("2026-10-24T20:00:00+03:00", "2026-10-25 20:30", 2),
        ("2027-03-27T20:00:00+02:00", "2027-03-28 20:30", 2),  # 24.5 hours by the clocks: 23.5 real
        ("2027-03-27T20:00:00+02:00", "2027-03-28 19:30", 1),
        ("2026-10-24T20:00:00+03:00", "2026-10-24 20:01", 1),
        ("2026-10-24T20:00:00+03:00", "2026-10-24 20:00", 0),
        ("2026-10-25T03:30:00+03:00", "2026-10-25 03:10+02:00", 1),  # 40 minutes late, and earlier by the clocks
    ],
)
def test_a_day_begins_at_the_deadlines_time_of_day_whatever_the_clocks_did(
    bench: Any, move: Move, deadline: str, handed_in: str, days: int
) -> None:
    move(datetime.fromisoformat(deadline))
    bench.submit(notebook=bench.answered())
    note_collected(bench.course, "digits", "ada", deadlines.moment(handed_in, HELSINKI))
    assert book(bench, f'zone = "Europe/Helsinki"\n{RULE}') == pytest.approx(0.1 * days * EARNED)


def test_the_grace_is_counted_in_minutes_that_have_passed() -> None:
    rule = Rule(penalty_per_day=0.1, grace_minutes=15)
    assert rule.days(14 * 60, by_the_clock=74 * 60) == 0  # the clocks were set forward in between
    assert rule.days(74 * 60, by_the_clock=14 * 60) == 1
