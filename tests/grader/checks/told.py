"""What a student's own process says of an answer, beside what grading says of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from exercises.assignment import load_assignment
from exercises.checking import Cause, Verdict
from grader.batch.local_pool import local_pool
from grader.measuring.validity.boxed import run_boxed
from grader.measuring.validity.jobs import Job, Outcome, run_jobs

PROCESSES = 2
# Limits that the two sides have of their own.  Code that never ends is stopped after another time and in other words;
# what ends its process ends the run at home; and the sandbox does not ask a class again that did not finish twice.
OVER = (Cause.STOPPED, Cause.GIVEN_UP, Cause.ENDED, Cause.CRASHED, Cause.ON_IMPORT)


class AtHome:
    """Runs jobs that train nothing in students' own processes, and keeps them with what came of them.

    Args:
        times: each check may take so many times the seconds that grading gives one of its requests.
    """

    def __init__(self, times: float) -> None:
        self.times = times
        self.jobs: list[Job] = []
        self.outcomes: dict[str, Outcome] = {}

    def run(self, jobs: Sequence[Job]) -> list[Outcome]:
        limited = [replace(one, check_s=self.times * load_assignment(one.assignment).limits.request_s) for one in jobs]
        done = list(run_jobs(limited, PROCESSES))
        self.jobs += limited
        self.outcomes |= {one.name: one for one in done}
        return done


def differences(jobs: Sequence[Job], at_home: Iterable[Outcome]) -> list[str]:
    """What one side says of these and the other does not, in words."""
    here = {done.name: done for done in at_home}
    pool = local_pool(PROCESSES)
    try:
        graded = {done.name: done for done in run_boxed(jobs, pool)}
    finally:
        pool.shutdown(cancel_futures=True)
    found = []
    for job in jobs:
        if (asked := [one.check for one in graded[job.name].verdicts]) != list(job.checks):
            found.append(f"{job.name}: graded by {asked}")
        found += compared(job.name, here[job.name], graded[job.name])
    return found


def compared(name: str, at_home: Outcome, graded: Outcome) -> list[str]:
    """What one side says of one answer and the other does not, in words."""
    here = {one.check: one for one in at_home.verdicts}
    over = False
    found = [f"{name}: a person would be told: {text}" for text in graded.told]
    for there in graded.verdicts:
        mine = here.get(there.check)
        over = over or (mine is not None and mine.cause in OVER)
        if over and (there.cause is Cause.GIVEN_UP or mine is None or (mine.cause in OVER and there.cause in OVER)):
            continue
        if mine is None or _said(mine) != _said(there):
            found.append(f"{name}: {there.check}: at home {mine and _said(mine)}, graded {_said(there)}")
    return found


def _said(one: Verdict) -> tuple[str, ...]:
    return (str(one.status), str(one.cause), one.expected, one.got, one.hint, one.fault, str(one.points))
