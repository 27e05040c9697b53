"""Somebody else holds the gradebook, the ledger or the course: said in one sentence, soon, and nothing is lost."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from nbgrader.apps import NbGraderAPI

from grader.batch import run as batch_run
from grader.batch.run import grade_batch
from grader.course.folder import Course
from grader.course.lock import BusyError, booking_lock, no_grading_run
from grader.gradebook.config import load_config
from grader.model.faults import Patience
from tests.grader.batch.crash.kit import (
    FULL,
    Inline,
    fill_ledger,
    hand_in,
    holding,
    other_program,
    run,
    scores,
    sound,
    start_autograde,
)

pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
STUDENTS = [f"s{n:02d}" for n in range(6)]


@contextmanager
def booking(course: Course) -> Iterator[int]:
    """Another process that books in this course, and does not come to an end; yields its id."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        with booking_lock(course.root):
            os.write(theirs, b"held")
            signal.pause()
    try:
        assert os.read(ours, 4) == b"held"
        yield child
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(ours)
        os.close(theirs)


@pytest.fixture(autouse=True)
def less_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    for user in ("grader.course.ledger", "grader.gradebook.writer"):
        monkeypatch.setattr(f"{user}.Patience", lambda: Patience(1.0, 0.05))
    monkeypatch.setattr("grader.course.lock.WAIT_S", 0.2)


@pytest.mark.parametrize(
    "statement",
    ["BEGIN EXCLUSIVE", "BEGIN IMMEDIATE", "BEGIN;SELECT * FROM base_cell"],
    ids=["alone", "writing", "reading"],
)
def test_locked_gradebook_is_named_soon_and_the_verdicts_are_kept(
    course: Course, asked: list[str], statement: str
) -> None:
    hand_in(course, *STUDENTS)
    with holding(course.gradebook, statement):
        begin = time.monotonic()
        done = run(course, STUDENTS)
        took = time.monotonic() - begin
    told = f"not written to the gradebook: {course.gradebook} is locked: another program holds it."
    assert all(one.problem.startswith(told) for one in done.values()), done["s00"].problem
    assert took < 15, "a lock that stays may not hold up each submission anew"  # nbgrader alone: 15 s for each
    assert sorted(asked) == STUDENTS and scores(course) == {}
    again = run(course, STUDENTS)
    assert not any(one.problem for one in again.values()) and all(one.known for one in again.values())
    assert sorted(asked) == STUDENTS
    assert scores(course) == dict.fromkeys(STUDENTS, FULL) and sound(course.gradebook)


def test_lock_of_a_moment_is_waited_for(course: Course, asked: list[str]) -> None:
    hand_in(course, "ada")
    script = (
        "import sqlite3, sys, time; base = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "base.execute('BEGIN EXCLUSIVE'); print('held', flush=True); time.sleep(0.4); base.rollback(); sys.stdin.read()"
    )
    with other_program(script, str(course.gradebook)):
        assert run(course, ["ada"])["ada"].problem == ""
    assert scores(course) == {"ada": FULL}


@pytest.mark.slow
def test_lock_in_the_middle_of_a_booking_leaves_no_score_of_an_earlier_submission(
    course: Course, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """nbgrader itself waits five seconds then, and again when the rows are withdrawn."""
    hand_in(course, "ada", "bob")
    assert not any(one.problem for one in run(course, ["ada", "bob"]).values())
    hand_in(course, "ada", blocks=2.5)
    from grader.gradebook.steps import show_verdicts

    held = []
    original = show_verdicts.task_outputs

    def lock(*arguments: object) -> object:
        if not held:
            held.append(holding(course.gradebook))
            held[0].__enter__()
        return original(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(show_verdicts, "task_outputs", lock)
    done = run(course, ["ada"])
    held[0].__exit__(None, None, None)
    assert f"{course.gradebook} is locked" in done["ada"].problem and "Traceback" not in done["ada"].problem
    assert scores(course) == {"ada": dict.fromkeys(FULL), "bob": FULL}
    assert run(course, ["ada", "bob"])["ada"].problem == ""
    assert scores(course) == {"ada": {**FULL, "blocks": 2.5}, "bob": FULL}


def test_locked_ledger_is_named_and_nobody_is_graded_unrecorded(course: Course, asked: list[str]) -> None:
    hand_in(course, *STUDENTS)
    fill_ledger(course, STUDENTS[:3])
    with holding(course.ledger):
        begin = time.monotonic()
        done = run(course, STUDENTS)
        assert time.monotonic() - begin < 15
    told = f"not graded: {course.ledger} is locked: another program holds it."
    assert all(one.problem.startswith(told) for one in done.values()) and asked == []
    assert "Move it away" not in done["s00"].problem  # it is in order, and holds everything
    assert not any(one.problem for one in run(course, STUDENTS).values())
    assert sorted(asked) == STUDENTS[3:]
    assert scores(course) == dict.fromkeys(STUDENTS, FULL)


def test_ledger_locked_after_grading_costs_no_grade(course: Course, asked: list[str]) -> None:
    """The gradebook has the points; what was not recorded is graded again, and stands."""
    hand_in(course, "ada", "bob")
    fill_ledger(course, ["bob"])
    with holding(course.ledger, "BEGIN IMMEDIATE"):  # it can be read, and not written
        done = run(course, ["ada"])
    assert "could not be recorded, and will be graded again" in done["ada"].problem
    assert f"{course.ledger} is locked" in done["ada"].problem
    assert scores(course) == {"ada": FULL}
    assert run(course, ["ada"])["ada"].problem == "" and asked == ["ada", "ada"]


def test_booking_of_another_process_is_waited_for_and_named(course: Course, asked: list[str]) -> None:
    hand_in(course, "ada")
    with booking(course) as first:
        done = run(course, ["ada"])["ada"]
        assert re.search(rf"held for .* by another autograde \(process {first} on .*\)", done.problem), done.problem
        outcome = NbGraderAPI(config=load_config(course)).autograde("digits", "ada")  # formgrader's button
        assert not outcome["success"] and "by another autograde" in outcome["log"]
    assert asked == ["ada"] and scores(course) == {}  # the verdicts are kept
    assert run(course, ["ada"])["ada"].problem == "" and asked == ["ada"]
    assert scores(course) == {"ada": FULL}


def test_course_is_free_again_when_its_holder_was_killed(course: Course) -> None:
    with booking(course), pytest.raises(BusyError), booking_lock(course.root):
        pass
    with booking_lock(course.root), booking_lock(course.root):  # the writer, and in it nbgrader's converter
        pass


def test_a_batch_holds_the_gradebook_for_its_bookings_alone(course: Course, asked: list[str]) -> None:
    hand_in(course, "ada", "bob", "cy")
    fill_ledger(course, ["cy"])
    batch = grade_batch(course, "digits", ["ada", "bob"], Inline, workers=lambda: 1)
    assert next(batch).student == "ada"
    with booking(course):  # between two bookings it is free for another process
        pass
    assert NbGraderAPI(config=load_config(course)).autograde("digits", "cy")["success"]
    assert [one.problem for one in batch] == [""]
    assert scores(course) == dict.fromkeys(("ada", "bob", "cy"), FULL)


def test_what_another_run_has_booked_meanwhile_stands(
    course: Course, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(course, "ada")
    first = grade_batch(course, "digits", ["ada"], Inline, workers=lambda: 1)
    original = batch_run.grade_groups
    booked = []

    def graded_elsewhere_too(*arguments: Any) -> Any:
        if not booked:
            booked.append(0)
            assert run(course, ["ada"])["ada"].problem == ""  # the other run is faster
            booked.append(course.autograded("digits", "ada").stat().st_ino)
        return original(*arguments)

    monkeypatch.setattr(batch_run, "grade_groups", graded_elsewhere_too)
    assert [one.problem for one in first] == [""]
    assert course.autograded("digits", "ada").stat().st_ino == booked[1], "it was booked a second time"
    assert scores(course) == {"ada": FULL} and sound(course.gradebook)


def test_nobody_adopts_or_gives_back_while_a_batch_runs(course: Course, asked: list[str]) -> None:
    hand_in(course, "ada", "bob")
    batch = grade_batch(course, "digits", ["ada", "bob"], Inline, workers=lambda: 1)
    next(batch)
    with pytest.raises(BusyError, match="autograde is running in"), no_grading_run(course.root):
        pass
    batch.close()
    with no_grading_run(course.root), pytest.raises(BusyError, match="just now"):
        run(course, ["bob"])


def test_batch_that_is_given_up_lets_go_of_the_course(course: Course, asked: list[str]) -> None:
    hand_in(course, "ada", "bob")
    batch = grade_batch(course, "digits", ["ada", "bob"], Inline, workers=lambda: 1)
    next(batch)
    batch.close()
    with booking(course), no_grading_run(course.root):
        pass


def test_button_works_while_nobody_grades(course: Course) -> None:
    hand_in(course, "ada")
    fill_ledger(course, ["ada"])
    assert NbGraderAPI(config=load_config(course)).autograde("digits", "ada")["success"]
    assert scores(course) == {"ada": FULL}


@pytest.mark.slow
def test_two_commands_at_once_double_nothing(course: Course, tmp_path: Path) -> None:
    hand_in(course, *STUDENTS)
    fill_ledger(course, STUDENTS)
    both = [start_autograde(course), start_autograde(course)]
    for process in both:
        said = process.communicate(timeout=240)
        assert process.returncode == 0, said
    assert scores(course) == dict.fromkeys(STUDENTS, FULL) and sound(course.gradebook)
    last = start_autograde(course)
    said = last.communicate(timeout=120)
    assert last.returncode == 0, said
    assert scores(course) == dict.fromkeys(STUDENTS, FULL) and sound(course.gradebook)
