"""`repeat`: whether the same submissions get the same verdicts."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from .common import AssignmentName, app, known_assignment


@app.command()
def repeat(
    assignment: AssignmentName,
    size: Annotated[int, typer.Option(help="how many students", min=1)] = 70,
    times: Annotated[int, typer.Option(help="how often each is graded", min=2)] = 20,
    every: Annotated[int, typer.Option(help="take every so many students only, to be quicker", min=1)] = 1,
) -> None:
    """Same in, same out: grade a simulated cohort many times; exit code 1 if any verdict changes."""
    from rich.progress import track

    from grader.measuring.repeat import repeated

    name, changed, console = known_assignment(assignment), 0, Console()
    taken = -(-size // every)
    gradings = repeated(name, size, times, every)
    for time, student, found in track(gradings, f"grading {name}", taken * times, console=console):
        changed += bool(found)
        for difference in found:
            console.print(f"time {time}, {student}: {difference}", markup=False)
    console.print(f"{name}: {taken} submissions graded {times} times, {changed} differed from the first time")
    if changed:
        raise typer.Exit(1)
