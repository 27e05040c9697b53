"""Runs checks on many answers as grading does: in the sandbox, each answer in a container of its own.

What is said here of an answer is what grading says of a submission with these bytes: the same limits, the same order of
requests, a fresh session for each task, the same random numbers, and nothing but what travels.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, as_completed
from itertools import groupby

from exercises.assignment import GENERATED
from exercises.checking import Verdict
from grader.grading.plan import Group
from grader.model.results import Part
from grader.model.submission import Submission

from .jobs import Job, JobError, Outcome, checks_in, matches


def run_boxed(jobs: Iterable[Job], pool: Executor) -> Iterator[Outcome]:
    """Run each job in one of the pool's processes, and yield what came of it as soon as it is known.

    Raises:
        JobError: the sandbox, or a process of the pool, has failed.
    """
    waiting = [pool.submit(judge, job) for job in jobs]
    try:
        for future in as_completed(waiting):
            yield future.result()
    except BrokenExecutor as error:
        raise JobError(f"a process that judges has ended: {error}") from error
    finally:
        for future in waiting:
            future.cancel()


def judge(job: Job) -> Outcome:
    """Grade one answer, as far as its checks match.

    Raises:
        JobError: the sandbox has failed; the message says why.
    """
    from grader.grading.checked.run import run_groups  # brings torch

    checks = [check for check in checks_in(job.assignment) if matches(check.id, job.checks)]
    groups = [Group(task, tuple(mine)) for task, mine in groupby(checks, lambda check: check.task)]
    modules = {name: text.encode() for name, text in job.files.items()}
    parts = run_groups(Submission(job.name, job.assignment, modules, None), groups, job.seed, GENERATED)
    if reasons := [problem.text for part in parts if not part.finished for problem in part.problems]:
        raise JobError(reasons[0])
    return Outcome(job.name, _verdicts(parts), told=tuple(str(one) for part in parts for one in part.problems))


def _verdicts(parts: Iterable[Part]) -> tuple[Verdict, ...]:
    return tuple(verdict for part in parts for verdict in part.verdicts)
