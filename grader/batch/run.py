"""Grades a whole cohort: any Executor grades, one writer fills the gradebook, the ledger remembers."""

from __future__ import annotations

import os
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from dataclasses import dataclass, replace

from grader.course.folder import Course
from grader.course.ledger import Ledger
from grader.course.lock import course_lock
from grader.course.lookup import missing, whole
from grader.gradebook.point_changes import Change
from grader.gradebook.writer import GradebookWriter
from grader.grading.run import grade_groups
from grader.model.faults import in_words
from grader.model.results import Graded, Part
from grader.model.submission import Submission

from .local_pool import cores, local_pool

WINDOW_PER_WORKER = 2  # submissions handed out beyond those being graded: memory stays flat for any cohort
TRIES = 3
PATIENCE_S = 900.0  # far beyond the wall clock that one submission may take: whoever is silent for so long is lost


@dataclass(frozen=True)
class Done:
    """One submission's way through the batch.

    Attributes:
        graded:  the result, None where there is none.
        known:   whether the ledger had all of it, so that no student code ran.
        problem: what kept it from being graded or written, empty if all went well.
        change:  the checks that give other points than when it was booked before.
    """

    student: str
    graded: Graded | None
    known: bool = False
    problem: str = ""
    change: Change | None = None

    @property
    def needs_human(self) -> bool:
        return bool(self.problem) or self.graded is None or self.graded.needs_human


@dataclass(frozen=True)
class Work:
    """One submission on its way; `names` are the groups that the ledger does not know."""

    submission: Submission
    known: dict[str, Part]
    names: tuple[str, ...]
    attempt: int


def grade_batch(
    course: Course,
    assignment: str,
    students: Iterable[str],
    make_pool: Callable[[], Executor] = local_pool,
    *,
    again: bool = False,
    workers: Callable[[], int] = cores,
    patience_s: float = PATIENCE_S,
    at_work: Callable[[int], None] = lambda handed_out: None,
) -> Iterator[Done]:
    """Grade these students' submissions and book them, yielding each as soon as it is in the gradebook.

    A submission that cannot be read, graded or written is yielded with its problem, and the batch goes on.  What is
    known to the ledger runs no code, and what is booked already is not booked again.  No more submissions are in
    memory than are under way.  Whoever stops early, or is interrupted, does not wait for those under way.

    Args:
        again:      grade and book also what is known.
        workers:    tells how many submissions the executor grades at once, which may change.
        patience_s: if nothing comes back for so long, everything under way is handed out anew.
        at_work:    is told how many are handed out, each time before the batch waits for one of them.

    Raises:
        BusyError: another process is grading in this course.
    """
    with course_lock(course.root):
        yield from _grade_batch(course, assignment, students, make_pool, again, workers, patience_s, at_work)


def _grade_batch(
    course: Course,
    assignment: str,
    students: Iterable[str],
    make_pool: Callable[[], Executor],
    again: bool,
    workers: Callable[[], int],
    patience_s: float,
    at_work: Callable[[int], None],
) -> Iterator[Done]:
    desk = Desk(course, assignment, again)
    waiting = deque((student, 1) for student in students)
    under_way: dict[Future[tuple[Part, ...]], Work] = {}
    pool: Executor | None = None
    broken = False
    try:
        while waiting or under_way:
            if broken and pool is not None and not under_way:  # each of its futures has ended: time for another pool
                pool.shutdown()
                pool, broken = None, False
            window = workers() * WINDOW_PER_WORKER
            while waiting and not broken and len(under_way) < _narrowed(window, waiting, under_way):
                opened = desk.open(*waiting.popleft())
                if isinstance(opened, Done):
                    yield opened
                    continue
                pool = pool or make_pool()
                try:
                    under_way[pool.submit(grade_groups, opened.submission, desk.plan, opened.names)] = opened
                except BrokenExecutor:
                    waiting.appendleft((opened.submission.student, opened.attempt))
                    broken = True
            at_work(len(under_way))
            finished, silent = wait(under_way, patience_s, FIRST_COMPLETED)
            for future in [one for one in under_way if one in (finished or silent)]:  # in the order handed out
                work = under_way.pop(future)
                error = _error(future) if finished else TimeoutError(f"nothing came back for {patience_s:.0f} s")
                if error is None:
                    yield desk.close(work, future.result())
                elif work.attempt < TRIES:
                    waiting.appendleft((work.submission.student, work.attempt + 1))
                else:
                    problem = f"the grader failed: {type(error).__name__}: {error}"
                    yield Done(work.submission.student, None, problem=problem)
                broken = broken or isinstance(error, BrokenExecutor)
    finally:
        if pool is not None:
            pool.shutdown(cancel_futures=True)


def _narrowed(window: int, waiting: deque[tuple[str, int]], under_way: dict[Future[tuple[Part, ...]], Work]) -> int:
    """One at a time while someone is tried again: if it is this one that breaks the pool, it takes nobody with it."""
    return 1 if waiting[0][1] > 1 or any(work.attempt > 1 for work in under_way.values()) else window


def _error(future: Future[tuple[Part, ...]]) -> BaseException | None:
    try:
        return future.exception()
    except CancelledError as error:  # a distributed executor cancels what it has lost
        return error


class Desk:
    """What is done for a submission before and after it is graded: reading, looking up, recording, booking."""

    def __init__(self, course: Course, assignment: str, again: bool) -> None:
        self._writer = GradebookWriter(course)  # first: it says in words what is wrong in course.toml
        course.prepare(assignment)
        self.plan = course.plan(assignment)
        self._course, self._again = course, again
        self._ledger = Ledger(course.ledger)
        self._useless = ""  # why nothing that is found out can be kept

    def open(self, student: str, attempt: int) -> Work | Done:
        """Read a submission and look it up.  Where everything is known, it is booked at once."""
        if self._useless:
            return Done(student, None, problem=f"not graded, since its grade could not be kept: {self._useless}")
        name = os.fsencode(student).decode("utf-8", "backslashreplace")
        if name != student:  # no database takes it, and no terminal prints it
            return Done(name, None, problem="not graded: the name of its folder is not UTF-8; rename it")
        try:
            submission = self._course.submission(self.plan.assignment, student)
        except OSError as error:
            return Done(student, None, problem=f"cannot be read: {self._words(error)}")
        try:
            known = {} if self._again else self._ledger.known(submission, self.plan)
        except sqlite3.Error as error:
            return Done(student, None, problem=f"not graded: {self._words(error)}")
        names = missing(self.plan, known)
        if names:
            return Work(submission, known, names, attempt)
        result = whole(submission, self.plan, known)
        if self._writer.stands(result):
            return Done(student, result, known=True)
        return self._book(result, known=True)

    def close(self, work: Work, parts: tuple[Part, ...]) -> Done:
        """Record what was found, then book it: whatever happens in between, nothing has to be graded twice."""
        problem = ""
        try:
            self._ledger.put(work.submission, self.plan, parts)
        except sqlite3.Error as error:
            problem = f"could not be recorded, and will be graded again: {self._words(error)}"
        found = work.known | {part.group: part for part in parts}
        done = self._book(whole(work.submission, self.plan, found), known=False)
        if problem and done.problem:
            self._useless = problem
        return replace(done, problem="; ".join(filter(None, (problem, done.problem))))

    def _book(self, graded: Graded, *, known: bool) -> Done:
        outcome = self._writer.write(graded)
        problem = "" if outcome.written else f"not written to the gradebook: {outcome.error}"
        return Done(graded.student, graded, known, problem, outcome.change)

    def _words(self, error: Exception) -> str:
        if isinstance(error, FileNotFoundError) and not error.filename:  # ours, and it says all
            return str(error)
        return in_words(error, self._course.ledger) or str(error)
