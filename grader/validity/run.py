"""`python -m grader validity`: measure, show, write."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from exercises.assignment import assignment_names

from .measure import measure
from .page import page
from .report import Validity, write_json
from .show import WIDTH, show, with_progress


@dataclass(frozen=True)
class Done:
    """What was found about each assignment."""

    found: tuple[Validity, ...]

    @property
    def missed(self) -> bool:
        return any(one.misses() for one in self.found)

    def write(self, data: Path, docs: Path | None) -> None:
        """The JSON file, and the page where one is wanted."""
        write_json(self.found, data)
        if docs is not None:
            docs.parent.mkdir(parents=True, exist_ok=True)
            docs.write_text(page(self.found), encoding="utf-8")


def run_validity(chosen: tuple[str, ...], seeds: int, training_seeds: int, processes: int, console: Console) -> Done:
    """Measure the assignments, all if none is chosen, and show each as soon as it is done."""
    found = []
    for name in chosen or assignment_names():
        one = measure(name, seeds, training_seeds, with_progress(console, processes))
        show(one, console if console.is_terminal else Console(file=console.file, width=WIDTH))
        found.append(one)
    return Done(tuple(found))
