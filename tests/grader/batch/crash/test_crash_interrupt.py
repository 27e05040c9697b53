"""Whoever presses Ctrl-C gets the terminal back soon, is told how far it came, and goes on from there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import CancelledError
from concurrent.futures.process import BrokenProcessPool

import pytest

from grader.batch.local_pool import local_pool
from grader.course.folder import Course
from grader.repository import REPOSITORY
from tests.grader.batch.crash.kit import (
    DIGITS,
    autograde,
    become_subreaper,
    children,
    hand_in_cheap,
    leftovers,
    recorded,
    scores,
    sound,
    start_autograde,
)


def test_pool_that_is_given_up_does_not_wait_for_work_under_way() -> None:
    before = children()
    pool = local_pool(2)
    try:
        assert pool.submit(time.sleep, 0).result(60) is None
        under_way = [pool.submit(time.sleep, 300) for _ in range(6)]
        time.sleep(0.2)
    finally:
        begin = time.monotonic()
        pool.shutdown(cancel_futures=True)
    assert time.monotonic() - begin < 10
    for future in under_way:
        with pytest.raises((BrokenProcessPool, CancelledError)):
            future.result(0)
    tracker = [line for line in leftovers(before, within_s=5) if "resource_tracker" not in line]
    assert tracker == []


POOL = """
import os, sys, time
from grader.batch.local_pool import local_pool
if __name__ == "__main__":
    pool = local_pool(2)
    first = pool.submit(os.getpid)
    try:
        print("started", flush=True)  # the interrupt may come before this has returned
        time.sleep(60)
    except KeyboardInterrupt:
        assert first.result(60)
        assert pool.submit(sum, [1, 2]).result(60) == 3
        pool.shutdown(cancel_futures=True)
        sys.exit(130)
"""


def test_interrupt_reaches_the_driver_alone_even_while_workers_start() -> None:
    """A terminal sends it to the whole group; the workers must neither die of it nor print about it."""
    process = subprocess.Popen(
        [sys.executable, "-c", POOL],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
        process_group=0,
    )
    assert process.stdout and process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130 and said == ""


@pytest.mark.slow
def test_interrupted_command_ends_soon_and_the_next_goes_on(real_course: Course) -> None:
    become_subreaper()
    before = children()
    quick, slow = [f"a{n}" for n in range(4)], [f"z{n}" for n in range(6)]
    for student in (*quick, *slow):
        hand_in_cheap(real_course, student, 4.0, student)
    for student in slow:  # computes for as long as it may, over and over
        module = real_course.submitted("digits", student) / "exercises" / "digits" / "pooling.py"
        module.write_text(f"# {student}\nwhile True:\n    pass\n")
    process = start_autograde(real_course)
    end = time.monotonic() + 180
    while len(_booked(real_course)) < len(quick) and time.monotonic() < end:
        assert process.poll() is None, process.communicate()
        time.sleep(0.2)
    time.sleep(2)  # the slow ones are under way
    begin = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert time.monotonic() - begin < 15
    assert process.returncode == 130, err
    said = " ".join((out + err).split())
    count = len(_booked(real_course))
    assert f"stopped: {count} of 10 submissions are done" in said and "goes on from there" in said
    assert "Traceback" not in said
    assert [line for line in leftovers(before, within_s=10) if "resource_tracker" not in line] == []
    assert sound(real_course.gradebook) and sound(real_course.ledger)
    kept = recorded(real_course)
    for student in slow:
        hand_in_cheap(real_course, student, 4.0, f"{student} again")
    code, rows, err = autograde(real_course)
    assert code == 0, err
    assert sum(row["known"] for row in rows) >= count
    after = recorded(real_course)
    assert {key: after[key] for key in kept} == kept
    due = {"receptive_field": 4.0, **{task.name: 0.0 for task in DIGITS.tasks if task.name != "receptive_field"}}
    assert scores(real_course) == dict.fromkeys([*quick, *slow], due)


def _booked(course: Course) -> list[str]:
    """Who has a notebook in autograded/: the gradebook itself is left in peace while it is written."""
    return [path.parts[-3] for path in (course.root / "autograded").glob("*/digits/digits.ipynb")]
