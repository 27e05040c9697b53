"""Checks judge alike at home, in the student's own process, and when graded, through the sandbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from exercises.assignment import assignment_names, load_assignment
from exercises.checking import Cause, Status, Verdict
from grader.authoring.dependents import dependents
from grader.authoring.galleries import WrongAnswer, right_answers, solution_files, wrong_answers
from grader.batch.local_pool import local_pool
from grader.measuring.validity.boxed import run_boxed
from grader.measuring.validity.jobs import Job, Outcome, checks_in, run_jobs

QUICK = ("right: loops", "right: kept_kernels", "field_as_array", "returns_numpy", "images_scaled_in_place")
PROCESSES = 2
# Limits that the two sides have of their own.  Code that never ends is stopped after another time and in other words;
# what ends its process ends the run at home; and the sandbox does not ask a class again that did not finish twice.
OVER = (Cause.STOPPED, Cause.GIVEN_UP, Cause.ENDED, Cause.CRASHED, Cause.ON_IMPORT)


def answers(assignment: str) -> dict[str, Job]:
    """Both galleries, with all checks that train nothing.

    Of a mistake only the tasks that it can reach: the others are the solution's, which is among them.
    """
    tasks = {task.name for task in load_assignment(assignment).tasks}
    jobs = [_job("solution", assignment, solution_files(assignment), tasks)]
    jobs += [_job(f"right: {one.name}", assignment, one.files(), tasks) for one in right_answers(assignment)]
    jobs += [_job(one.name, assignment, one.files(), _reached(one)) for one in wrong_answers(assignment)]
    return {job.name: job for job in jobs if job.checks}


def _reached(answer: WrongAnswer) -> set[str]:
    solution = solution_files(answer.assignment)
    mistaken = {name for name, text in answer.files().items() if text != solution.get(name)}
    later = dependents(solution)
    everywhere = {*mistaken, *(other for name in mistaken for other in later.get(name, ()))}
    return {task.name for task in load_assignment(answer.assignment).tasks if task.module in everywhere}


def _job(name: str, assignment: str, files: dict[str, str], tasks: set[str]) -> Job:
    checks = tuple(check.id for check in checks_in(assignment) if check.task in tasks and not check.trains)
    return Job(name, assignment, files, checks, check_s=2 * load_assignment(assignment).limits.request_s)


def differences(jobs: Sequence[Job]) -> list[str]:
    """What one side says and the other does not, in words."""
    at_home = {done.name: done for done in run_jobs(jobs, PROCESSES)}
    pool = local_pool(PROCESSES)
    try:
        graded = {done.name: done for done in run_boxed(jobs, pool)}
    finally:
        pool.shutdown(cancel_futures=True)
    found = []
    for job in jobs:
        assert [one.check for one in graded[job.name].verdicts] == list(job.checks)
        found += _compared(job.name, at_home[job.name], graded[job.name])
    return found


def _compared(name: str, at_home: Outcome, graded: Outcome) -> list[str]:
    here = {one.check: one for one in at_home.verdicts}
    over = False
    found = [f"{name}: a person would be told: {text}" for text in graded.told]
    for there in graded.verdicts:
        mine = here.get(there.check)
        over = over or (mine is not None and mine.cause in OVER)
        if over and (there.cause is Cause.GIVEN_UP or mine is None or (mine.cause in OVER and there.cause in OVER)):
            continue
        if mine is None or _told(mine) != _told(there):
            found.append(f"{name}: {there.check}: at home {mine and _told(mine)}, graded {_told(there)}")
    return found


def _told(one: Verdict) -> tuple[str, ...]:
    return (str(one.status), str(one.cause), one.expected, one.got, one.hint, one.fault, str(one.points))


def test_an_answer_is_told_the_same_at_home_and_when_graded() -> None:
    jobs = answers("digits")
    assert differences([jobs[name] for name in QUICK]) == []


@pytest.mark.slow
@pytest.mark.parametrize("assignment", assignment_names())
def test_every_answer_is_told_the_same_at_home_and_when_graded(assignment: str) -> None:
    """Minutes, with two answers side by side."""
    assert differences(list(answers(assignment).values())) == []


def test_differences_would_be_found() -> None:
    """One side that says less, or something else, is told."""
    passed = Verdict("blocks.skip", "blocks", "", Status.PASSED, 1.0, 1.0)
    wrong = Verdict("blocks.skip", "blocks", "", Status.FAILED, 0.0, 1.0, got="zeros", cause=Cause.WRONG)
    stopped = Verdict("blocks.skip", "blocks", "", Status.FAILED, 0.0, 1.0, got="4 s", cause=Cause.STOPPED)
    used = Verdict("blocks.skip", "blocks", "", Status.FAILED, 0.0, 1.0, got="2 s", cause=Cause.GIVEN_UP)
    behind, given_up = (replace(one, check="blocks.other") for one in (passed, used))
    assert _compared("a", Outcome("a", (passed,)), Outcome("a", (passed,))) == []
    assert _compared("a", Outcome("a", (stopped,)), Outcome("a", (used,))) == []
    assert _compared("a", Outcome("a", (stopped, behind)), Outcome("a", (stopped, given_up))) == []
    assert len(_compared("a", Outcome("a", (behind,)), Outcome("a", (given_up,)))) == 1
    for here, there in ((passed, wrong), (wrong, passed), (stopped, wrong), (stopped, passed), (passed, used)):
        assert len(_compared("a", Outcome("a", (here,)), Outcome("a", (there,)))) == 1
    assert len(_compared("a", Outcome("a", ()), Outcome("a", (passed,)))) == 1
    assert len(_compared("a", Outcome("a", (passed,)), Outcome("a", (passed,), told=("an act",)))) == 1
