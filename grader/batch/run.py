"""Grades a whole cohort: any Executor grades, one writer fills the gradebook, the ledger remembers."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait

from grader.course.folder import Course
from grader.course.lock import grading_run
from grader.grading.run import grade_groups
from grader.model.results import Part

from .desk import Desk, Done, Opened
from .local_pool import cores, local_pool

WINDOW_PER_WORKER = 2  # submissions handed out beyond those being graded: memory stays flat for any cohort
MAX_TRIES = 3
PATIENCE_S = 900.0  # far beyond the wall clock that one submission may take: whoever is silent for so long is lost


def grade_batch(
    course: Course,
    assignment: str,
    students: Iterable[str],
    make_pool: Callable[[], Executor] = local_pool,
    *,
    again: bool = False,
    run_notebooks: bool = False,
    workers: Callable[[], int] = cores,
    patience_s: float = PATIENCE_S,
    at_work: Callable[[int], None] = lambda handed_out: None,
) -> Iterator[Done]:
    """Grade these students' submissions and book them, yielding each as soon as it is in the gradebook.

    A submission that cannot be read, graded or written is yielded with its problem, and the batch goes on.  What is
    known to the ledger runs no code, and what is booked already is not booked again.  Who hands in anew while being
    graded is graded anew: verdicts on older files are never booked over those on newer ones.  No more submissions are
    in memory than are under way.  Whoever stops early, or is interrupted, does not wait for those under way.

    Args:
        again:      grade and book also what is known.
        run_notebooks: run notebooks too where that is not known; no points depend on it.
        workers:    tells how many submissions the executor grades at once, which may change.
        patience_s: if nothing comes back for so long, everything under way is handed out anew.
        at_work:    is told how many are handed out, each time before the batch waits for one of them.

    Raises:
        BusyError: the course is being given back (`adopt --undo`).
    """
    with grading_run(course.root):
        desk = Desk(course, assignment, again, run_notebooks)
        yield from _grade_batch(desk, students, make_pool, workers, patience_s, at_work)


def _grade_batch(
    desk: Desk,
    students: Iterable[str],
    make_pool: Callable[[], Executor],
    workers: Callable[[], int],
    patience_s: float,
    at_work: Callable[[int], None],
) -> Iterator[Done]:
    waiting = deque((student, 1) for student in students)
    under_way: dict[Future[tuple[Part, ...]], Opened] = {}
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
                    done = desk.close(work, future.result())
                    if done is None:
                        waiting.appendleft((work.submission.student, work.attempt))
                    else:
                        yield done
                elif work.attempt < MAX_TRIES:
                    waiting.appendleft((work.submission.student, work.attempt + 1))
                else:
                    problem = f"the grader failed: {type(error).__name__}: {error}"
                    yield Done(work.submission.student, None, problem=problem)
                broken = broken or isinstance(error, BrokenExecutor)
    finally:
        if pool is not None:
            pool.shutdown(cancel_futures=True)


def _narrowed(window: int, waiting: deque[tuple[str, int]], under_way: dict[Future[tuple[Part, ...]], Opened]) -> int:
    """One at a time while someone is tried again: if it is this one that breaks the pool, it takes nobody with it."""
    return 1 if waiting[0][1] > 1 or any(work.attempt > 1 for work in under_way.values()) else window


def _error(future: Future[tuple[Part, ...]]) -> BaseException | None:
    try:
        return future.exception()
    except CancelledError as error:  # a distributed executor cancels what it has lost
        return error
