"""Several grade in one course at once, and hand-ins change under them: each booking is whole, newest files count."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from nbgrader.apps import NbGraderAPI

from grader.batch import run as batch
from grader.batch.run import grade_batch
from grader.course.folder import Course
from grader.gradebook import converter
from grader.gradebook.config import load_config
from grader.gradebook.point_changes import regrades_file
from tests.grader.batch.crash.kit import FULL, Inline, autograded, fill_ledger, hand_in, run, scores, sound

pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
SEED = 20300115
STUDENTS = [f"s{n:02d}" for n in range(8)]


def shown(course: Course, student: str = "ada") -> str:
    """The first line of the module that a person who marks sees."""
    path = course.autograded("digits", student) / "exercises" / "digits" / "blocks.py"
    return path.read_text(encoding="utf-8").splitlines()[0]


def begin_run(course: Course, students: list[str], log: Path) -> int:
    """Grade and book in a process of its own, which writes whom it books into a file; returns its id."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        original = converter.note

        def logged(place: Any, graded: Any) -> Any:
            with log.open("a") as file:
                file.write(f"{place.student}\n")
            return original(place, graded)

        converter.note = logged  # type: ignore[assignment]
        code = int(any(one.problem for one in run(course, students).values()))
    finally:
        os._exit(code)


def rows(course: Course, table: str) -> int:
    with closing(sqlite3.connect(course.gradebook)) as database:
        (count,) = database.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(count)


def test_two_runs_at_once_book_everybody_once(course: Course, asked: list[str], tmp_path: Path) -> None:
    due = {student: number / 2 for number, student in enumerate(STUDENTS)}
    for student, points in due.items():
        hand_in(course, student, blocks=points)
    log = tmp_path / "booked.txt"
    both = [begin_run(course, STUDENTS, log), begin_run(course, STUDENTS, log)]
    assert [os.waitpid(child, 0)[1] for child in both] == [0, 0]
    assert Counter(log.read_text().split()) == dict.fromkeys(STUDENTS, 1)
    assert scores(course) == {student: {**FULL, "blocks": points} for student, points in due.items()}
    assert sound(course.gradebook) and sound(course.ledger)
    assert all(autograded(course, student).is_file() for student in STUDENTS)
    assert all(rows(course, table) == len(STUDENTS) for table in ("submitted_assignment", "course_standing"))
    assert not regrades_file(course, "digits").exists()
    assert all(one.known for one in run(course, STUDENTS).values())


@pytest.mark.slow
def test_run_goes_on_where_another_is_killed_beside_it(course: Course, asked: list[str], tmp_path: Path) -> None:
    chance, log, in_time = random.Random(SEED), tmp_path / "booked.txt", 0
    for number in range(8):
        hand_in(course, *STUDENTS, blocks=number / 2)
        first, second = (begin_run(course, STUDENTS, log) for _ in range(2))
        time.sleep(chance.uniform(0.05, 0.5))
        os.kill(first, signal.SIGKILL)
        in_time += os.WIFSIGNALED(os.waitpid(first, 0)[1])
        assert os.waitpid(second, 0)[1] == 0
        assert sound(course.gradebook) and sound(course.ledger)
        assert scores(course) == {student: {**FULL, "blocks": number / 2} for student in STUDENTS}
        assert all(rows(course, table) == len(STUDENTS) for table in ("submitted_assignment", "course_standing"))
    assert in_time >= 4, "the first run was done before most kills"


def test_older_files_are_never_booked_over_newer_ones(
    course: Course, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One run still grades what was handed in first when another one has booked what was handed in later."""
    hand_in(course, "ada", blocks=1.5)
    slow = grade_batch(course, "digits", ["ada"], Inline, workers=lambda: 1)
    original = batch.grade_groups

    def overtaken(submission: Any, *rest: Any) -> Any:
        monkeypatch.setattr(batch, "grade_groups", original)
        hand_in(course, "ada", blocks=4.5)
        assert run(course, ["ada"])["ada"].problem == ""
        return original(submission, *rest)

    monkeypatch.setattr(batch, "grade_groups", overtaken)
    (done,) = slow
    assert done.problem == "" and done.change is None and asked == ["ada", "ada"]
    assert scores(course)["ada"]["blocks"] == 4.5 and shown(course) == "# 4.5"
    assert not regrades_file(course, "digits").exists()


def test_folder_that_is_replaced_before_it_is_booked_is_graded_anew(
    course: Course, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A `collect` in the middle of a run: points and marked files are of the same bytes, the newer ones."""
    hand_in(course, "ada", blocks=1.5)
    original = batch.grade_groups

    def replace(submission: Any, *rest: Any) -> Any:
        hand_in(course, "ada", blocks=4.5)
        return original(submission, *rest)

    monkeypatch.setattr(batch, "grade_groups", replace)
    assert run(course, ["ada"])["ada"].problem == ""
    assert scores(course)["ada"]["blocks"] == 4.5 and shown(course) == "# 4.5"
    assert asked == ["ada", "ada"] and run(course, ["ada"])["ada"].known


def test_folder_that_is_replaced_while_it_is_booked_shows_what_was_judged(
    course: Course, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once a booking has begun, all of it is of the bytes that were judged; the next run books the new ones."""
    hand_in(course, "ada", blocks=1.5)
    original = converter.forget

    def replace(place: Any) -> None:
        hand_in(course, "ada", blocks=4.5)
        original(place)

    with monkeypatch.context() as patch:
        patch.setattr(converter, "forget", replace)
        assert run(course, ["ada"])["ada"].problem == ""
    assert scores(course)["ada"]["blocks"] == 1.5 and shown(course) == "# 1.5"
    assert run(course, ["ada"])["ada"].problem == ""
    assert scores(course)["ada"]["blocks"] == 4.5 and shown(course) == "# 4.5"


def test_button_grades_anew_what_is_replaced_before_it_is_booked(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(course, "ada", blocks=1.5)
    fill_ledger(course, ["ada"])
    original = converter.work_on

    def replace(course: Course, assignment: str, student: str) -> Any:
        found = original(course, assignment, student)
        hand_in(course, "ada", blocks=4.5)
        fill_ledger(course, ["ada"])
        return found

    monkeypatch.setattr(converter, "work_on", replace)
    assert NbGraderAPI(config=load_config(course)).autograde("digits", "ada")["success"]
    assert scores(course)["ada"]["blocks"] == 4.5 and shown(course) == "# 4.5"
