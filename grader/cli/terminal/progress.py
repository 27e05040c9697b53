"""A batch that shows how far it is: a table that is kept up to date in a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import nullcontext
from datetime import timedelta

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from grader.batch.desk import Done
from grader.batch.local_pool import cores, local_pool
from grader.batch.run import grade_batch
from grader.course.folder import Course
from grader.model.problems import Problem
from grader.model.text import fit

from .attention import needs

REFRESHES_A_SECOND = 2.0  # of the table; each draws a dozen short lines, whatever the size of the course
LINE_EVERY_S = 30.0  # without a terminal
RECENT_SUBMISSIONS = (
    40  # submissions that the time left is guessed from: unchanged ones take none, and come in any order
)
MAX_PROBLEMS = 4  # problems in the table


def graded_with_progress(
    course: Course,
    assignment: str,
    students: list[str],
    console: Console,
    make_pool: Callable[[], Executor] = local_pool,
    *,
    again: bool = False,
    run_notebooks: bool = False,
    workers: Callable[[], int] = cores,
) -> Iterator[Done]:
    """`grade_batch`, showing how many are done, unchanged, running and need a person, and how long it will take.

    Without a terminal each problem is a line as soon as it is known.
    """
    tally = Tally(assignment, len(students))
    live = console.is_terminal and not console.is_dumb_terminal
    table = Live(tally, console=console, refresh_per_second=REFRESHES_A_SECOND) if live else nullcontext()
    said_at = time.monotonic()

    def at_work(handed_out: int) -> None:
        tally.running = min(handed_out, workers())

    batch = grade_batch(
        course,
        assignment,
        students,
        make_pool,
        again=again,
        run_notebooks=run_notebooks,
        workers=workers,
        at_work=at_work,
    )
    with table:
        for done in batch:
            found = needs(done)
            tally.take(done, found)
            if not live:
                for need in found:
                    console.print(fit(f"{done.student}: {need.text}"), markup=False, highlight=False, soft_wrap=True)
                if time.monotonic() - said_at >= LINE_EVERY_S:
                    said_at = time.monotonic()
                    console.print(tally.line(), markup=False, highlight=False, soft_wrap=True)
            yield done
        tally.running = 0


class Tally:
    """Counts, kept while a batch goes on.  Each takes the same time to keep, however large the course is.

    Args:
        clock: seconds, for what has passed and what is left.
    """

    def __init__(self, assignment: str, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.assignment, self.total = assignment, total
        self.done = self.unchanged = self.people = self.running = 0
        self.latest: tuple[tuple[str, str], ...] = ()  # student and problem
        self._clock = clock
        self._begin = clock()
        self._ends: deque[float] = deque([self._begin], maxlen=RECENT_SUBMISSIONS + 1)

    def take(self, one: Done, found: tuple[Problem, ...]) -> None:
        """Count a submission that is done with, and what it needs a person for."""
        self.done += 1
        self.unchanged += one.known
        self.people += bool(found)
        self.latest = (*self.latest, *((one.student, need.text) for need in found))[-MAX_PROBLEMS:]
        self._ends.append(self._clock())

    @property
    def left_s(self) -> float | None:
        """Seconds that the rest will take at the pace of the latest; None while nothing is done."""
        if not self.done:
            return None
        pace = (self._ends[-1] - self._ends[0]) / (len(self._ends) - 1)
        return max(0.0, pace * (self.total - self.done) - (self._clock() - self._ends[-1]))

    def line(self) -> str:
        """ "grading digits: 34 of 70 done, 12 unchanged, 2 running, 3 need a person; 0:01:12, about 0:01:20 left" """
        counts = f"{self.done} of {self.total} done, {self.unchanged} unchanged, {self.running} running"
        return f"grading {self.assignment}: {counts}, {self.people} need a person; {self._times()}"

    def _times(self) -> str:
        left = self.left_s
        passed = _words(self._clock() - self._begin)
        return passed if left is None or self.done == self.total else f"{passed}, about {_words(left)} left"

    def __rich__(self) -> RenderableType:
        head = Table.grid(padding=(0, 2))
        head.add_row(f"grading {self.assignment}", ProgressBar(self.total, self.done, width=40), self._times())
        counts = Table.grid(padding=(0, 1, 0, 2))
        counts.add_column(justify="right")
        for count, words, style in (
            (f"{self.done}/{self.total}", "done", "green"),
            (self.unchanged, "unchanged since they were last graded", ""),
            (self.running, "running", "cyan"),
            (self.people, "need a person", "bold yellow" if self.people else ""),
        ):
            counts.add_row(Text(str(count), style=style), words)
        latest = [Text(fit(f"  {who}: {text}"), no_wrap=True, overflow="ellipsis") for who, text in self.latest]
        return Group(head, counts, *([Text("  latest:", style="dim"), *latest] if latest else []))


def _words(seconds: float) -> str:
    return str(timedelta(seconds=round(seconds)))
