"""`calibrate`: the thresholds of trainings, measured."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from exercises.assignment import assignment_names

from .common import Assignments, app, known_assignment


@app.command()
def calibrate(
    assignment: Assignments = None,
    source: Annotated[
        list[str] | None, typer.Option(help="which data; all that lie on this machine if none is named")
    ] = None,
    seeds: Annotated[int, typer.Option(help="how many private seeds", min=60)] = 120,
    processes: Annotated[int, typer.Option(help="how many at once", min=1)] = 2,
    best: Annotated[bool, typer.Option(help="also what the reference reaches on real data without a budget")] = True,
) -> None:
    """Train over private seeds, and write the thresholds that follow, with docs/calibration.md."""
    from grader.measuring.calibration.command import run

    for name in assignment or assignment_names():
        run(known_assignment(name), source or [], seeds, processes, best, Console())
