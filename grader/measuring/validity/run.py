"""`python -m grader validity`: measure, show, write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from rich.console import Console

from exercises.assignment import assignment_names
from grader.batch.local_pool import local_pool

from .boxed import run_boxed
from .jobs import Run, run_jobs
from .measure import measure
from .page import updated
from .report import Validity, write_json, write_record
from .show import WIDTH, show, with_progress


def run_validity(
    chosen: Sequence[str], seeds: int, training_seeds: int, processes: int, console: Console, *, boxed: bool = True
) -> Iterator[Validity]:
    """Measure the assignments, all if none is chosen, and show each as soon as it is done.

    Args:
        boxed: judge in the sandbox, as grading does; otherwise in processes of our own, which see less.

    Raises:
        JobError: the sandbox, or a process that judges, has failed.
    """
    with _judging(processes, boxed) as judge:
        for name in chosen or assignment_names():
            one = measure(name, seeds, training_seeds, with_progress(console, judge), boxed)
            show(one, console if console.is_terminal else Console(file=console.file, width=WIDTH))
            yield one


@contextmanager
def _judging(processes: int, boxed: bool) -> Iterator[Run]:
    if not boxed:
        yield partial(run_jobs, processes=processes)
        return
    pool = local_pool(processes)
    try:
        yield partial(run_boxed, pool=pool)
    finally:
        pool.shutdown(cancel_futures=True)


def write(one: Validity, data: Path, docs: Path | None) -> None:
    """Write one assignment into the JSON file, and where a page is wanted into it, with a record of the same name.

    Other assignments stay as they are.
    """
    write_json(one, data)
    if docs is not None:
        docs.parent.mkdir(parents=True, exist_ok=True)
        before = docs.read_text(encoding="utf-8") if docs.exists() else ""
        docs.write_text(updated(before, one), encoding="utf-8")
        write_record(one, docs.with_suffix(".json"))
