"""A submission graded once more for a person's eyes, beside what is booked."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from exercises.checking import Status
from grader.batch import replay
from grader.cli import app
from grader.course.folder import Course
from grader.grading.checked import plan
from grader.grading.checked.plan import CheckedPlan
from grader.model.problems import Kind, Problem
from grader.model.results import Part
from grader.model.submission import Submission
from tests.grader.batch.crash.conftest import small_release
from tests.grader.batch.crash.kit import full_points, hand_in, run, without_sandbox
from tests.grader.steering import STEERING, steers

__all__ = ["small_release"]


@pytest.fixture
def course(small_release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    shutil.copytree(small_release, tmp_path / "course")
    without_sandbox(monkeypatch)
    monkeypatch.setattr(replay, "grade_groups", full_points)
    monkeypatch.setattr(plan, "groups_of", groups)
    return Course(tmp_path / "course")


def groups(assignment: str) -> tuple[object, ...]:
    """Each task with the one check that `full_points` gives."""
    from grader.grading.checked.groups import groups_of

    return tuple(
        replace(one, checks=tuple(replace(check, id=f"{one.name}.check") for check in one.checks[:1]))
        for one in groups_of(assignment)
    )


def text(course: Course, only: str = "") -> str:
    return "\n".join(line.plain for line in replay.lines(replay.replay(course, "digits", "ada", only)))


def test_proposals_stand_beside_what_else_a_person_is_told_and_what_is_to_be_read(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    def proposing(submission: Submission, plan: CheckedPlan, names: tuple[str, ...]) -> tuple[Part, ...]:
        first, *others = full_points(submission, plan, names)
        verdict = replace(first.verdicts[0], proposed="it cannot be recorded (blocks.py, line 3)")
        audits = (Problem(Kind.DOUBTFUL, "another gradient than ours"),)
        return (replace(first, verdicts=(verdict,), problems=audits), *others)

    monkeypatch.setattr(replay, "grade_groups", proposing)
    hand_in(course, "ada", blocks=2.0)
    path = course.submitted("digits", "ada") / "exercises" / "digits" / "blocks.py"
    path.write_text(path.read_text() + "\nimport gc\n")
    found = text(course)
    assert "proposed  a person will look at these points before they count: it cannot be recorded" in found
    first, second, third = found[found.index("for a person: ") :].splitlines()[:3]
    assert first.endswith("points are proposed: it cannot be recorded (blocks.py, line 3)")
    assert second == "for a person: another gradient than ours"
    assert third.startswith("To be read, without points") and "gc (blocks.py, line " in third
    assert "To be read" not in text(course, "blocks")  # one task, and nothing else


def test_replay_agrees_until_the_submission_or_a_check_changes(course: Course) -> None:
    hand_in(course, "ada", blocks=2.0)
    assert "nothing is booked yet" in text(course)
    run(course, ["ada"])
    assert "agrees with what is booked (5 checks)" in text(course)
    hand_in(course, "ada", blocks=3.0)
    found = text(course)
    assert "other files lie here now" in found and "agrees" not in found
    assert "differs from what is booked: blocks.check: booked 2, now 3" in found
    assert found.count("differs from") == 1


def test_replay_leaves_the_gradebook_as_it_is(course: Course) -> None:
    hand_in(course, "ada", blocks=2.0)
    run(course, ["ada"])
    with closing(sqlite3.connect(course.gradebook)) as gradebook:  # as one that an older version has booked in
        gradebook.execute("DROP TABLE course_checked")
        gradebook.commit()
    before = course.gradebook.read_bytes()
    assert "nothing is booked yet" in text(course)
    assert course.gradebook.read_bytes() == before


def test_one_check_or_task_is_shown_alone(course: Course) -> None:
    hand_in(course, "ada", blocks=2.0)
    run(course, ["ada"])
    for only in ("blocks", "blocks.check"):
        found = text(course, only)
        assert "[blocks.check]" in found and "[pooling.check]" not in found
        assert "agrees with what is booked (1 check)" in found
    with pytest.raises(ValueError, match="no check 'block'; choose one of receptive_field, .*blocks.check"):
        replay.replay(course, "digits", "ada", "block")


def test_notebook_runs_where_that_is_asked_for(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = {
        "cell-1": [{"output_type": "stream", "name": "stdout", "text": "one\ntwo\n"}],
        "cell-2": [{"output_type": "display_data", "metadata": {}, "data": {"image/png": "iVBO", "text/plain": "<F>"}}],
        "cell-3": [{"output_type": "error", "ename": "KeyError", "evalue": "'k'", "traceback": []}],
    }

    def grade(submission: Submission, plan: CheckedPlan, names: tuple[str, ...]) -> tuple[Part, ...]:
        tasks = full_points(submission, plan, [name for name in names if name != "notebook"])
        return (*tasks, *(Part("notebook", cells=shown) for name in names if name == "notebook"))

    monkeypatch.setattr(replay, "grade_groups", grade)
    hand_in(course, "ada", blocks=2.0)
    assert "run here" not in text(course)
    found = replay.replay(course, "digits", "ada", "blocks", run=True)
    told = "\n".join(line.plain for line in replay.lines(found))
    assert "[blocks.check]" in told and "[pooling.check]" not in told
    told = told[told.index("the notebook, run here: 3 cells") :]
    assert [line.split(maxsplit=1) for line in told.splitlines()[1:5]] == [
        ["cell-1", "one"], ["two"], ["cell-2", "a picture"], ["cell-3", "KeyError: 'k'"],
    ]  # fmt: skip
    done = CliRunner().invoke(app, ["show", "digits", "ada", "--run", "--json", "--course", str(course.root)])
    assert done.exit_code == 0 and '"cell-2"' in done.output


def test_what_the_grader_could_not_finish_differs_from_nothing(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    hand_in(course, "ada", blocks=2.0)
    run(course, ["ada"])

    def broken(submission: Submission, plan: CheckedPlan, names: tuple[str, ...]) -> tuple[Part, ...]:
        parts = full_points(submission, plan, names)
        lost = tuple(replace(one, status=Status.ERROR, points=0.0) for one in parts[-2].verdicts)
        return (*parts[:-2], replace(parts[-2], verdicts=lost, finished=False), parts[-1])

    monkeypatch.setattr(replay, "grade_groups", broken)
    found = text(course)
    assert "differs from" not in found and "could not finish" in found
    assert "agrees with what is booked (4 checks)" in found
    shown = CliRunner().invoke(app, ["show", "digits", "ada", "--course", str(course.root)])
    assert shown.exit_code == 1


def test_without_a_secret_it_is_said_what_to_do_and_none_is_made(
    small_release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(small_release, tmp_path / "course")
    course, secret = Course(tmp_path / "course"), tmp_path / "course" / "course.secret"
    hand_in(course, "ada", blocks=2.0)
    secret.unlink()
    for command in ("show", "feedback"):
        student = ["--student", "ada"] if command == "feedback" else ["ada"]
        told = CliRunner().invoke(app, [command, "digits", *student, "--course", str(course.root)])
        assert told.exit_code == 2 and "course.secret is missing" in told.output
        assert f"python -m grader autograde digits --course {course.root}" in told.output
    wrong = CliRunner().invoke(app, ["show", "digits", "ada", "--course", str(tmp_path)])
    assert wrong.exit_code == 2 and "submitted nothing" in wrong.output
    assert not secret.exists() and [path.name for path in tmp_path.iterdir()] == ["course"]
    without_sandbox(monkeypatch)
    run(course, ["ada"])
    assert secret.exists()


def test_nothing_that_is_shown_steers_a_terminal(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    words = f"x{STEERING}y"
    shown = {words: [{"output_type": "error", "ename": words, "evalue": words, "traceback": []}]}

    def grade(submission: Submission, plan: CheckedPlan, names: tuple[str, ...]) -> tuple[Part, ...]:
        first, *others = full_points(submission, plan, names)
        texts = {"expected": words, "got": words, "hint": words, "note": words}
        told = tuple(replace(one, status=Status.FAILED, **texts) for one in first.verdicts)
        return (replace(first, verdicts=told, cells=shown, problems=(Problem(Kind.TAMPERING, words),)), *others)

    monkeypatch.setattr(replay, "grade_groups", grade)
    hand_in(course, "ada", blocks=2.0)
    found = replay.replay(course, "digits", "ada", run=True)
    told = "\n".join(line.plain for line in replay.lines(found))
    assert told.count("xy") >= 8 and not steers(told)
