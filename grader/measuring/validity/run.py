"""`python -m grader validity`: measure, show, write."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from exercises.assignment import assignment_names

from .measure import measure
from .page import updated
from .report import Validity, write_json, write_record
from .show import WIDTH, show, with_progress


def run_validity(
    chosen: tuple[str, ...], seeds: int, training_seeds: int, processes: int, console: Console
) -> Iterator[Validity]:
    """Measure the assignments, all if none is chosen, and show each as soon as it is done."""
    for name in chosen or assignment_names():
        one = measure(name, seeds, training_seeds, with_progress(console, processes))
        show(one, console if console.is_terminal else Console(file=console.file, width=WIDTH))
        yield one


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
