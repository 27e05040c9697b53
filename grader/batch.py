"""Grades a whole cohort: any Executor grades, one writer fills the gradebook, the ledger remembers."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

from .course import Course
from .gradebook.writer import GradebookWriter
from .grading import grade
from .ledger import Ledger
from .results import Graded
from .submission import Submission
from .terms import Terms

WINDOW_PER_WORKER = 2  # submissions handed out beyond those being graded: memory stays flat for any cohort
TRIES = 2


@dataclass(frozen=True)
class Done:
    """One submission's way through the batch.

    Attributes:
        graded:  the result, None where there is none.
        known:   whether the ledger had it, so that no student code ran.
        problem: what kept it from being graded or written, empty if all went well.
    """

    student: str
    graded: Graded | None
    known: bool = False
    problem: str = ""

    @property
    def needs_human(self) -> bool:
        return bool(self.problem) or self.graded is None or self.graded.needs_human


def local_pool(workers: int | None = None) -> ProcessPoolExecutor:
    """A process for each core.  Spawned, not forked: each one starts a warm process of its own."""
    return ProcessPoolExecutor(workers or os.cpu_count() or 1, mp_context=multiprocessing.get_context("spawn"))


def grade_batch(
    course: Course,
    assignment: str,
    students: list[str],
    make_pool: Callable[[], Executor] = local_pool,
    *,
    again: bool = False,
    workers: int | None = None,
) -> Iterator[Done]:
    """Grade these students' submissions and book them, yielding each as soon as it is in the gradebook.

    A submission that cannot be read, graded or written is yielded with its problem, and the batch goes on.  What is
    known to the ledger is booked without running anything.

    Args:
        again:   grade also what is known.
        workers: how many submissions are under way at once (by default, the number of cores).
    """
    terms, ledger, writer = course.terms(assignment), Ledger(course.ledger), GradebookWriter(course)
    waiting: list[Submission] = []
    for student in students:
        try:
            submission = course.submission(assignment, student)
        except OSError as error:
            yield Done(student, None, problem=f"cannot be read: {error}")
            continue
        known = None if again else ledger.get(submission, terms)
        if known is None:
            waiting.append(submission)
        else:
            yield _book(writer, known, known=True)
    for submission, result in _graded(waiting, terms, make_pool, workers or os.cpu_count() or 1):
        if isinstance(result, Graded):
            if not result.unfinished:
                ledger.put(result, terms)
            yield _book(writer, result, known=False)
        else:
            yield Done(submission.student, None, problem=f"the grader failed: {result}")


def _book(writer: GradebookWriter, graded: Graded, *, known: bool) -> Done:
    outcome = writer.write(graded)
    problem = "" if outcome.written else f"not written to the gradebook: {outcome.error}"
    return Done(graded.student, graded, known, problem)


def _graded(
    waiting: list[Submission], terms: Terms, make_pool: Callable[[], Executor], workers: int
) -> Iterator[tuple[Submission, Graded | str]]:
    """Results as they come.  A pool that broke (its process was killed) is replaced and asked once more."""
    left = [(submission, 1) for submission in reversed(waiting)]
    while left:
        with make_pool() as pool:
            under_way: dict[Future[Graded], tuple[Submission, int]] = {}
            broken = False
            while under_way or (left and not broken):
                while left and not broken and len(under_way) < workers * WINDOW_PER_WORKER:
                    submission, attempt = left.pop()
                    try:
                        under_way[pool.submit(grade, submission, terms)] = (submission, attempt)
                    except BrokenProcessPool:
                        left.append((submission, attempt))
                        broken = True
                finished, _ = wait(under_way, return_when=FIRST_COMPLETED)
                for future in finished:
                    submission, attempt = under_way.pop(future)
                    error = future.exception()
                    if error is None:
                        yield submission, future.result()
                    elif attempt < TRIES:
                        left.append((submission, attempt + 1))
                    else:
                        yield submission, f"{type(error).__name__}: {error}"
                    broken = broken or isinstance(error, BrokenProcessPool)
