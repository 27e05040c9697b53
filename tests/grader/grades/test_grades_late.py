"""What lateness costs: the rule's arithmetic, what course.toml may say, and the points in gradebook and table."""

from __future__ import annotations

import csv
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from traitlets.config import Config
from typer.testing import CliRunner

from exercises.assignment import load_assignment
from grader.__main__ import app
from grader.course.folder import Course
from grader.course.handed_in import note_collected
from grader.course.lateness import Rule, read_lateness
from grader.gradebook.config import configure
from grader.gradebook.writer import GradebookWriter
from grader.grades.booked import read_booked
from grader.grades.exports import Options
from grader.grades.exports import csv as csv_form
from grader.grades.table import read_table, rows
from grader.grades.unknown_students import strangers
from grader.settings.course_toml import WrongSettingError

DEADLINE = load_assignment("digits").deadline
DAY = 86_400.0
RULE = "[late]\ngrace_minutes = 15\npenalty_per_day = {}\nlatest_days = 7\n"


@pytest.mark.parametrize(
    ("seconds", "days", "share"),
    [
        (0, 0, 0.0),
        (15 * 60, 0, 0.0),
        (15 * 60 + 1, 1, 0.1),
        (DAY, 1, 0.1),
        (DAY + 1, 2, 0.2),  # the grace is not given again each day
        (3 * DAY, 3, 0.3),
        (7 * DAY, 7, 0.7),
        (7 * DAY + 1, 8, 1.0),
    ],
)
def test_rule_takes_a_share_for_each_day_begun(seconds: float, days: int, share: float) -> None:
    rule = Rule(penalty_per_day=0.1, grace_minutes=15, latest_days=7)
    assert (rule.days(seconds), rule.share(seconds)) == (days, share)
    assert bool(rule.words(seconds)) == bool(share)


def test_rule_never_takes_more_than_everything() -> None:
    assert Rule(penalty_per_day=0.4).share(3 * DAY) == 1.0
    assert Rule(penalty_per_day=0.01).share(30 * DAY) == 0.3  # without latest_days the days alone decide
    assert Rule(penalty_per_day=0.1, latest_days=0).share(1) == 1.0


def test_extension_is_read_in_the_time_zone_of_the_deadline(tmp_path: Path) -> None:
    text = '[extensions.digits]\nada = "2030-01-15 23:59"\nbob = "2030-01-15T23:59+00:00"\ncy = 2030-01-15T23:59:00\n'
    (tmp_path / "course.toml").write_text(text)
    lateness = read_lateness(Course(tmp_path))
    local = datetime(2030, 1, 15, 23, 59, tzinfo=DEADLINE.tzinfo)
    utc = datetime(2030, 1, 15, 23, 59, tzinfo=UTC)
    assert lateness.rule is None
    assert lateness.extensions == {"digits": {"ada": local, "bob": utc, "cy": local}}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("late = 3", "late is a table"),
        ("[late]\ngrace_minutes = 15", "lacks penalty_per_day"),
        ("[late]\npenalty_per_day = -0.1", r"penalty_per_day = -0\.1, but"),
        ("[late]\npenalty_per_day = 10", "penalty_per_day = 10, but.*0.1 takes a tenth"),
        ("[late]\npenalty_per_day = 0.1\ngrace_minutes = -1", "grace_minutes = -1, but"),
        ("[late]\npenalty_per_day = 0.1\ngrace_minutes = nan", "grace_minutes = nan, but"),
        ("[late]\npenalty_per_day = 0.1\nlatest_days = 1.5", r"latest_days = 1\.5, but"),
        ("[late]\npenalty_per_day = 0.1\ngrace = 5", r"has no grace.*its keys are grace_minutes"),
        ("[late]\npenalty_per_day = 0.1\ngrace_minute = 3", r"has no grace_minute \(did you mean grace_minutes\?\)"),
        ("[lates]\npenalty_per_day = 0.1", r"lates means nothing here \(did you mean late\?\)"),
        ('[extension.digits]\nada = "2030-01-15 23:59"', r"extension means.*did you mean extensions\?"),
        (
            "penalty_per_day = 0.1",
            r"penalty_per_day means nothing here; its tables are \[data\], \[deadlines\], \[late\]",
        ),
        ("[data]\ndigit = 'mnist'\n[late]\npenalty_per_day = 0.1", "no such assignment.*did you mean digits"),
        ("[extensions.digit]\nada = 1", r"\[extensions.digit\]: there is no such assignment.*did you mean digits"),
        ("[extensions.letters]\nada = 1", r"\[extensions.letters\]: there is no such assignment.*digits"),
        ("[extensions]\ndigits = 1", "extensions.digits is a table"),
        ('[extensions.digits]\nada = "soon"', r"\[extensions.digits\] ada = 'soon'"),
        ('[extensions.digits]\nada = "2030-01-15"', "a date and a time"),
        ("[extensions.digits]\nada = 2030-01-15", "a date and a time"),
        ("[extensions.digits]\nada = 2030-01-15 23:59", "cannot be read.*in quotes"),
        ('[extensions.digits]\nJürgen-7 = "2030-01-15 23:59"', 'a name with an umlaut.*"Jürgen-7" = '),
    ],
)
def test_what_cannot_be_meant_is_refused_and_the_key_named(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "course.toml").write_text(text)
    with pytest.raises(WrongSettingError, match=f"(?s)course.toml.*{says}"):
        read_lateness(Course(tmp_path))


@pytest.mark.parametrize("text", ["[late]\npenalty_per_day = 10\n", "[late\n", "[lates]\n", "[data]\ndigits = 3\n"])
def test_autograde_refuses_a_wrong_rule_before_anything_is_graded(
    built_course: Path, tmp_path: Path, text: str
) -> None:
    course = Course(shutil.copytree(built_course, tmp_path / "ki2"))
    course.submitted("digits", "ada").mkdir(parents=True)
    course.settings.write_text(text)
    result = CliRunner().invoke(app, ["autograde", "digits", "--course", str(course.root)])
    assert result.exit_code == 2 and str(course.settings) in result.output
    assert not course.ledger.exists()


def test_formgraders_button_refuses_a_wrong_rule_before_anything_is_graded(bench: Any) -> None:
    bench.submit(notebook=bench.answered())
    bench.course.settings.write_text("[late]\npenalty_per_day = 10\n")
    outcome = bench.autograde()
    assert not outcome["success"] and "[late] penalty_per_day = 10" in outcome["log"]
    assert bench.engine.asked == []


@pytest.fixture
def late(bench: Any) -> Any:
    """Handed in a day and an hour after the deadline, 18 points from the checks."""
    bench.submit(notebook=bench.answered())
    with bench.gradebook() as gradebook:
        due = DEADLINE.astimezone(UTC).replace(tzinfo=None)
        gradebook.update_or_create_assignment("digits", duedate=due)
    note_collected(bench.course, "digits", "ada", DEADLINE + timedelta(hours=25))
    return bench


def book(bench: Any, settings: str) -> float | None:
    """Set course.toml, book what does not stand, and return the penalty in the gradebook."""
    bench.course.settings.write_text(settings)
    writer = GradebookWriter(bench.course)
    assert not writer.stands(bench.verdicts())
    assert writer.write(bench.work()).written
    assert writer.stands(bench.verdicts())
    with bench.gradebook() as gradebook:
        penalty: float | None = gradebook.find_submission_notebook("digits", "digits", "ada").late_submission_penalty
    return penalty


def test_late_submission_loses_points_in_gradebook_table_and_feedback(late: Any) -> None:
    earned = sum(task.points for task in load_assignment("digits").tasks)
    assert book(late, RULE.format(0.1)) == pytest.approx(0.2 * earned)

    for question in ("shift_curves", "failing_recipe"):  # marked after the booking: the share is of these points too
        late.mark(f"question-{question}", manual_score=1.0)
    path = late.course.root / "grades.csv"
    csv_form.write(read_table(late.course, "digits"), path, Options())
    with path.open(newline="") as file:
        [row] = csv.DictReader(file)
    assert earned == 18 and (row["before_penalty"], row["late_penalty"], row["total"]) == ("20", "4", "16")
    booked = read_booked(late.course, "digits", "ada")
    assert booked.late_penalty == pytest.approx(4.0)
    assert booked.late_reason == "2 days begun since the deadline, 0.2 of the points"
    assert book(late, RULE.format(0.1)) == pytest.approx(4.0)  # and the next run books it


def test_changed_rule_is_booked_again_and_what_it_does_not_touch_stands(late: Any) -> None:
    assert book(late, "") is None
    assert book(late, RULE.format(0.1)) == pytest.approx(3.6)
    assert book(late, RULE.format(0.25)) == pytest.approx(9.0)
    late.course.settings.write_text(RULE.format(0.25).replace("15", "10"))
    assert GradebookWriter(late.course).stands(late.verdicts())
    assert book(late, "") is None


def test_extension_moves_the_deadline_of_one_student(late: Any) -> None:
    until = DEADLINE + timedelta(hours=24)
    line = f'[extensions.digits]\nada = "{until:%Y-%m-%d %H:%M}"\n'
    assert book(late, RULE.format(0.1)) == pytest.approx(3.6)
    assert book(late, RULE.format(0.1) + line) == pytest.approx(1.8)
    assert book(late, RULE.format(0.1) + line.replace("ada", "bob")) == pytest.approx(3.6)
    until += timedelta(hours=1)
    assert book(late, RULE.format(0.1) + f'[extensions.digits]\nada = "{until:%Y-%m-%d %H:%M}"\n') is None
    assert rows(late.course, "digits")[0].late_penalty == 0


def test_extension_of_a_student_whom_nobody_knows_is_told(bench: Any) -> None:
    """Those who have submitted, here another assignment, and those in the gradebook are known."""
    bench.course.submitted("spoken_digits", "grace_hopper").mkdir(parents=True)
    with bench.gradebook() as gradebook:
        gradebook.add_student("ada")
    lines = "".join(f'{name} = "2030-01-15 23:59"\n' for name in ("ada", "grace_hopper", "grace_hoper", "zoe"))
    bench.course.settings.write_text(f"[extensions.digits]\n{lines}")
    near, unknown = strangers(bench.course, "digits")
    assert "[extensions.digits] grace_hoper:" in near and "did you mean grace_hopper?" in near
    assert "[extensions.digits] zoe:" in unknown and "did you mean" not in unknown
    assert list(strangers(bench.course, "spoken_digits")) == []


def test_autograde_warns_of_an_extension_that_counts_for_nobody(bench: Any) -> None:
    bench.course.settings.write_text('[extensions.digits]\nada = "2030-01-15 23:59"\n')
    result = CliRunner().invoke(app, ["autograde", "digits", "--course", str(bench.course.root)])
    assert result.exit_code == 0
    assert "warning:" in result.output and "[extensions.digits] ada: nobody" in result.output


def test_extension_earlier_than_the_deadline_changes_nothing(late: Any) -> None:
    line = '[extensions.digits]\nada = "2020-01-15 23:59"\n'
    assert book(late, RULE.format(0.1) + line) == pytest.approx(3.6)


def test_without_a_rule_the_courses_own_penalty_stays(late: Any) -> None:
    with late.course.config.open("a") as file:
        file.write("\nget_config().LateSubmissionPlugin.penalty_method = 'zero'\n")
    assert book(late, "") == 18
    assert rows(late.course, "digits")[0].late_penalty == 18
    own = Config({"AssignLatePenalties": {"plugin_class": "a.plugin.of.theirs"}})
    configure(own)
    assert own.AssignLatePenalties.plugin_class == "a.plugin.of.theirs"
