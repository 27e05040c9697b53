"""A batch with a progress bar."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from .batch import Done, grade_batch
from .course import Course
from .workers import cores, local_pool


def graded_with_progress(
    course: Course,
    assignment: str,
    students: list[str],
    console: Console,
    make_pool: Callable[[], Executor] = local_pool,
    *,
    again: bool = False,
    workers: Callable[[], int] = cores,
) -> Iterator[Done]:
    """`grade_batch`, with a line that tells how far it is, how many need a person, and how long it will take."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as bar:
        row = bar.add_task(f"grading {assignment}", total=len(students))
        human = 0
        for done in grade_batch(course, assignment, students, make_pool, again=again, workers=workers):
            human += done.needs_human
            label = f"grading {assignment}" + (f" ({human} need a person)" if human else "")
            bar.update(row, advance=1, description=label)
            yield done
