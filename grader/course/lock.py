"""Who may change a course's grades, and when: one booking at a time, and nobody takes the course away meanwhile.

Two bookings at once would remove each other's folders and rows halfway.  Grading itself needs no lock: several people
may grade a course at the same time, each booking takes its turn.
"""

from __future__ import annotations

import fcntl
import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from grader.model.faults import FaultError

BOOKING_FILE = "autograded.lock"
RUNS_FILE = "autograding.lock"
WAIT_S = 60.0  # a booking takes less than a second, and many may wait for their turn
POLL_S = 0.02

_held: set[tuple[int, Path]] = set()


class BusyError(FaultError):
    """Another process is booking in this course, or grades there."""


@contextmanager
def booking_lock(root: Path, wait_s: float | None = None) -> Iterator[None]:
    """Hold a course's gradebook for one booking.

    What runs inside, in the same process, may ask for it again.  The kernel lets go of it when the process ends,
    however that happens; the file stays, since removing it would give two processes a lock each.

    Args:
        wait_s: how long to wait for whoever books there; `WAIT_S` where nothing is said.

    Raises:
        BusyError: another process has held it all the time; the message names it.
        OSError: the file cannot be made.
    """
    path = root.resolve() / BOOKING_FILE
    mine = (os.getpid(), path)
    if mine in _held:
        yield
        return
    with open(path, "a+", encoding="utf-8") as file:
        wait_s = WAIT_S if wait_s is None else wait_s
        if not _locked(file, fcntl.LOCK_EX, wait_s):
            raise BusyError(
                f"the grades in {root} were held for {wait_s:.0f} s by another autograde ({_holder(file)}): "
                "run this again when that books or has ended"
            )
        with suppress(OSError):  # on a full disk nobody reads who holds it, but it is held
            file.truncate(0)
            file.write(f"process {os.getpid()} on {platform.node()}")
            file.flush()
        _held.add(mine)
        try:
            yield
        finally:
            _held.discard(mine)


@contextmanager
def grading_run(root: Path) -> Iterator[None]:
    """Grade in a course: as many may as like, but not while somebody changes what the course is.

    Raises:
        BusyError: somebody does (`adopt --undo`).
        OSError: the file cannot be made.
    """
    with open(root.resolve() / RUNS_FILE, "a+", encoding="utf-8") as file:
        if not _locked(file, fcntl.LOCK_SH, POLL_S):
            raise BusyError(f"{root} is being given back just now (adopt --undo): nothing is graded there")
        yield


@contextmanager
def no_grading_run(root: Path) -> Iterator[None]:
    """Have a course while nobody grades in it.

    Raises:
        BusyError: somebody does.
        OSError: the file cannot be made.
    """
    with open(root.resolve() / RUNS_FILE, "a+", encoding="utf-8") as file:
        if not _locked(file, fcntl.LOCK_EX, POLL_S):
            raise BusyError(f"autograde is running in {root}: wait until it has ended, and run this again")
        yield


def _locked(file: TextIO, kind: int, wait_s: float) -> bool:
    """Whether the lock could be had within a time."""
    end = time.monotonic() + wait_s
    while True:
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() >= end:
                return False
            time.sleep(POLL_S)


def _holder(file: TextIO) -> str:
    file.seek(0)
    return file.read(200) or "another process"
