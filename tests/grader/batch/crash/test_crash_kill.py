"""The batch, killed at random moments and started again: everybody is graded once, and nothing is lost or doubled."""

from __future__ import annotations

import itertools
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from grader.course.folder import Course
from grader.grades.table import rows as exported
from grader.model.submission import Submission
from tests.grader.batch.crash.kit import (
    DIGITS,
    FULL,
    autograde,
    autograded,
    become_subreaper,
    children,
    hand_in_cheap,
    kill,
    leftovers,
    recorded,
    scores,
    sound,
    start_autograde,
)

SEED = 20300115
KILLS = 20
STUDENTS = [f"s{n:02d}" for n in range(24)]
ENDS_WITHIN_S = 15.0


def at_start(course: Course, chance: random.Random) -> Iterator[bool]:
    """Some seconds after the start: imports, warm processes, the first submissions."""
    end = time.monotonic() + chance.uniform(0.0, 20.0)
    while time.monotonic() < end:
        yield False
    yield True


def at_record(course: Course, chance: random.Random) -> Iterator[bool]:
    """Just after a part has been recorded: what is booked next is a matter of milliseconds."""
    yield from _after_changes(lambda: _changed(course), chance)


def at_writing(course: Course, chance: random.Random) -> Iterator[bool]:
    """While nbgrader writes: when some student's autograded folder appears."""
    folder = course.root / "autograded"
    yield from _after_changes(lambda: sum(1 for _ in folder.glob("*/digits")), chance)


def _after_changes(look: Callable[[], int], chance: random.Random) -> Iterator[bool]:
    wanted, seen, last = chance.randint(1, 3), 0, look()
    while seen < wanted:
        now = look()
        seen, last = seen + (now != last), now
        yield False
    time.sleep(chance.uniform(0.0, 0.25))
    yield True


def _changed(course: Course) -> int:
    """Changes whenever the ledger does; looked at from outside, so that no lock of ours is in the way."""
    return course.ledger.stat().st_mtime_ns if course.ledger.exists() else 0


@pytest.mark.slow
def test_killed_batch_goes_on_where_it_was(real_course: Course) -> None:
    become_subreaper()
    chance, course = random.Random(SEED), real_course
    due = {student: chance.choice((0.0, 4.0)) for student in STUDENTS}
    for number, student in enumerate(STUDENTS):
        hand_in_cheap(course, student, due[student], student, damage=max(0, number % 6 - 3))
    kept: dict[tuple[str, str, str], tuple[str, str]] = {}
    handed_in = {student: [points] for student, points in due.items()}
    in_time = 0
    for number, moment in zip(range(KILLS), itertools.cycle((at_start, at_record, at_writing)), strict=False):
        if number > 3:  # so that there is always something to grade
            for student in chance.sample(STUDENTS, 3):
                due[student] = 4.0 - due[student]
                handed_in[student].append(due[student])
                hand_in_cheap(course, student, due[student], f"{student} once more, {number}")
        before = children()
        process = start_autograde(course)
        for now in moment(course, chance):
            if now or process.poll() is not None:
                break
            time.sleep(0.002)
        in_time += process.poll() is None
        kill(process)
        assert leftovers(before, ENDS_WITHIN_S) == [], f"kill {number}, {moment.__name__}"
        if course.ledger.exists():
            assert sound(course.ledger)
            found = recorded(course)
            assert {key: found.get(key) for key in kept} == kept, f"kill {number}: graded again, or lost"
            kept = found
        assert sound(course.gradebook)
        for student, row in scores(course).items():
            assert row["receptive_field"] in (None, *handed_in[student]), (number, student)
            assert {row[task] for task in FULL if task != "receptive_field"} <= {None, 0.0}, (number, student)
    assert in_time > KILLS / 2, "the batch was done before most kills"
    code, told, err = autograde(course)
    assert code == 0 and not any(row["problems"] for row in told), (told, err)
    found = recorded(course)
    assert {key: found.get(key) for key in kept} == kept
    rest = {task.name: 0.0 for task in DIGITS.tasks if task.name != "receptive_field"}
    assert scores(course) == {student: {"receptive_field": due[student], **rest} for student in STUDENTS}
    for student in STUDENTS:
        parts = [key for key in found if key[:2] in _looked_at(course.submission("digits", student))]
        assert sorted(checks for _, checks, _ in parts) == sorted(FULL), f"{student}: one part for each task"
        assert autograded(course, student).is_file()
    assert all(None not in row.tasks.values() for row in exported(course, "digits"))
    with closing(sqlite3.connect(course.gradebook)) as database:
        (count,) = database.execute("SELECT count(*) FROM submitted_assignment").fetchone()
        (waiting,) = database.execute(
            "SELECT count(*) FROM grade JOIN base_cell ON base_cell.id = grade.cell_id"
            " WHERE needs_manual_grade AND name LIKE 'task-%'"
        ).fetchone()
    assert (count, waiting) == (len(STUDENTS), 0)
    code, told, _ = autograde(course)
    assert code == 0 and all(row["known"] for row in told) and recorded(course) == found


def _looked_at(submission: Submission) -> set[tuple[str, str]]:
    return {(submission.own_modules_hash, task) for task in FULL}
