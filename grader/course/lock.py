"""One grading run at a time in a course: two would remove each other's folders and rows halfway."""

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

WAIT_S = 3.0  # a single submission that is booked elsewhere takes less
POLL_S = 0.05

_held: set[tuple[int, Path]] = set()


class BusyError(FaultError):
    """Another process is grading in this course."""


@contextmanager
def course_lock(root: Path, wait_s: float = WAIT_S) -> Iterator[None]:
    """Hold the course's lock: for a whole batch, or for nbgrader's own command or button.

    What runs inside, in the same process, may ask for it again.  The kernel lets go of it when the process ends,
    however that happens; the file stays, since removing it would give two processes a lock each.

    Raises:
        BusyError: another process holds it; the message names it.
        OSError: the file cannot be made.
    """
    path = root.resolve() / "autograded.lock"
    mine = (os.getpid(), path)
    if mine in _held:
        yield
        return
    with open(path, "a+", encoding="utf-8") as file:
        _lock(file, root, wait_s)
        with suppress(OSError):  # on a full disk nobody reads who holds it, but it is held
            file.truncate(0)
            file.write(f"process {os.getpid()} on {platform.node()}")
            file.flush()
        _held.add(mine)
        try:
            yield
        finally:
            _held.discard(mine)


def _lock(file: TextIO, root: Path, wait_s: float) -> None:
    end = time.monotonic() + wait_s
    while True:
        try:
            return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                file.seek(0)
                holder = file.read(200) or "another process"
                raise BusyError(
                    f"another autograde is running in {root} ({holder}): wait until it has ended, and run again"
                ) from None
            time.sleep(POLL_S)
