"""The writer, killed at any moment: no row is lost or doubled, and none holds a score of an earlier submission."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
from contextlib import closing
from typing import Any

import pytest

from grader.course.folder import Course
from tests.grader.batch.crash.kit import FULL, autograded, fill_ledger, hand_in, run, scores, sound

SEED = 20300115
STUDENTS = [f"s{n:02d}" for n in range(8)]
KILLS = 12


def killed_after(seconds: float, course: Course, students: list[str]) -> bool:
    """Book what the ledger knows in a process of its own, and kill it; returns whether it was still at work."""
    child = os.fork()
    if child == 0:
        try:
            run(course, students)
        finally:
            os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def without_notebook(course: Course, student: str) -> None:
    (course.submitted("digits", student) / "digits.ipynb").unlink()


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_killed_writer_leaves_each_row_due_or_not_graded(course: Course) -> None:
    chance = random.Random(SEED)
    due = dict.fromkeys(STUDENTS, 5.0)
    handed_in = {name: [5.0] for name in STUDENTS}  # an older one counts until the newer one's turn has come
    hand_in(course, *STUDENTS)
    without_notebook(course, "s03")
    fill_ledger(course, STUDENTS)
    begin = time.monotonic()
    run(course, STUDENTS[4:])
    half = time.monotonic() - begin
    interrupted = 0
    for number in range(KILLS):
        for student in chance.sample(STUDENTS, 4):
            due[student] = number / 10
            handed_in[student].append(due[student])
            hand_in(course, student, blocks=due[student])
            if student == "s03":
                without_notebook(course, student)
            fill_ledger(course, [student])
        interrupted += killed_after(chance.uniform(0.0, 0.5 * half), course, STUDENTS)
        assert sound(course.gradebook) and sound(course.ledger)
        for name, row in scores(course).items():
            assert row["blocks"] in (None, *handed_in[name]), (number, name, row)
            assert all(row[task] in (None, FULL[task]) for task in FULL if task != "blocks"), (number, name, row)
    assert interrupted >= KILLS / 3, "the writer was done before most kills"
    done = run(course, STUDENTS)
    assert all(one.known and not one.problem for one in done.values())
    assert scores(course) == {name: {**FULL, "blocks": points} for name, points in due.items()}
    assert all(autograded(course, name).is_file() for name in STUDENTS)
    with closing(sqlite3.connect(course.gradebook)) as database:
        for table in ("submitted_assignment", "course_standing"):
            assert database.execute(f"SELECT count(*) FROM {table}").fetchone() == (len(STUDENTS),)
    assert all(one.known for one in run(course, STUDENTS).values())


class Killed(BaseException):
    """Stands for a kill that nothing may tidy up after."""


STEPS = (
    "grader.gradebook.converter.forget",
    "grader.gradebook.converter.void",
    "nbgrader.converters.base.rmtree",
    "nbgrader.api.Gradebook.update_or_create_submission",
    "nbgrader.preprocessors.SaveAutoGrades.preprocess",
    "grader.gradebook.steps.book.BookVerdicts.preprocess",
    "grader.gradebook.converter.note",
)


@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_kill_beside_each_step_is_mended_by_the_next_run(
    course: Course, monkeypatch: pytest.MonkeyPatch, step: str, late: bool
) -> None:
    """A resubmission without a notebook, whose answer had been marked: the mark still waits to be looked at."""
    hand_in(course, "ada")
    fill_ledger(course, ["ada"])
    run(course, ["ada"])
    with closing(sqlite3.connect(course.gradebook)) as database, database:
        database.execute(
            "UPDATE grade SET manual_score = 0.5, needs_manual_grade = 0 WHERE cell_id IN"
            " (SELECT id FROM base_cell WHERE name = 'question-shift_curves')"
        )
    hand_in(course, "ada", blocks=1.0)
    without_notebook(course, "ada")
    fill_ledger(course, ["ada"])
    kills = 0
    for _ in range(2):  # first the new submission, then the same again
        with monkeypatch.context() as patch:
            target, name = step.rsplit(".", 1)
            owner = _resolve(target)
            original = getattr(owner, name)

            def killed(*arguments: Any, _original: Any = original, **options: Any) -> None:
                if late:
                    _original(*arguments, **options)
                raise Killed

            patch.setattr(owner, name, killed)
            try:
                _write(course, "ada")
            except Killed:
                kills += 1
        assert scores(course)["ada"]["blocks"] in (None, 5.0, 1.0)
    assert kills, "this step was never taken"
    assert run(course, ["ada"])["ada"].problem == ""
    assert scores(course) == {"ada": {**FULL, "blocks": 1.0}}
    with closing(sqlite3.connect(course.gradebook)) as database:
        marks = database.execute("SELECT manual_score, needs_manual_grade FROM grade WHERE manual_score IS NOT NULL")
        assert marks.fetchall() == [(0.5, 1)]


def _resolve(path: str) -> Any:
    import importlib

    try:
        return importlib.import_module(path)
    except ModuleNotFoundError:
        module, name = path.rsplit(".", 1)
        return getattr(_resolve(module), name)


def _write(course: Course, student: str) -> None:
    from grader.course.lookup import Work
    from grader.gradebook.writer import GradebookWriter
    from grader.model.results import Graded
    from tests.grader.batch.crash.kit import full_points

    submission = course.submission("digits", student)
    plan = course.plan("digits")
    parts = full_points(submission, plan, FULL)
    GradebookWriter(course).write(Work(submission, plan, Graded.of(submission, parts)))
