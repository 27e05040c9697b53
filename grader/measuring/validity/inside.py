"""One job, in a process of its own: lay the answer down as a package and run the checks on it.

Checks begin as in grading (grading/checked/run.py), but the answer lives in this process, and its time is limited here.
"""

from __future__ import annotations

import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import torch

from exercises.assignment import load_assignment
from exercises.checking import Cause, StudentError, Verdict
from grader.authoring.answers import laid_out
from grader.grading.checked.one_check import judge
from grader.grading.checked.reference import Reference

from .jobs import Job, checks_in, matches

MEMORY = 6 << 30  # bytes
CHECKS_AT_MOST = 12  # a process may take as much time as so many checks
Lines = dict[str, list[int]]


def run_job(job: Job) -> Iterator[tuple[str, Verdict | None, Lines]]:
    """Yield (check, None, {}) before each check and (check, verdict, lines that ran) after it."""
    torch.set_num_threads(1)
    _limit(job.check_s)
    checks = [check for check in checks_in(job.assignment) if matches(check.id, job.checks)]
    reference = Reference(job.assignment, job.seed, student=job.name)
    module = load_assignment(job.assignment).modules[0]
    earlier: dict[str, Verdict] = {}
    for group in [[check] for check in checks] if job.traced else [checks]:
        with laid_out(job.assignment, job.files) as student:
            package = student.package_of(module) if job.traced else ""
            for check in group:
                yield check.id, None, {}
                torch.manual_seed(0)  # as grading does
                with _traced(package) as lines, _stopped_after(job.check_s):
                    earlier[check.id] = judge(check, student, reference, earlier)
                yield check.id, earlier[check.id], lines


def _limit(check_s: float) -> None:
    """The last resort, where a check's own time limit is caught or never noticed."""
    seconds = int(CHECKS_AT_MOST * check_s) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))


@contextmanager
def _stopped_after(seconds: float) -> Iterator[None]:
    """Whatever runs in here raises a StudentError after so many seconds of processor time."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise StudentError(f"did not end within {seconds:g} s", cause=Cause.STOPPED)

    signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


@contextmanager
def _traced(package: str) -> Iterator[Lines]:
    """The lines of a package that run in here, by module, filled at the end; nothing for the package ""."""
    lines: Lines = {}
    found: dict[str, set[int]] = {}

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        name = str(frame.f_globals.get("__name__", ""))
        if not name.startswith(f"{package}."):
            return None
        found.setdefault(name.rsplit(".", 1)[1], set()).add(frame.f_lineno)
        return trace

    if package:
        sys.settrace(trace)
    try:
        yield lines
    finally:
        sys.settrace(None)
        lines.update({module: sorted(numbers) for module, numbers in found.items()})
