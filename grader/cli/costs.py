"""`costs`: what each check costs."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from .common import PAGE_COLUMNS, AsJson, AssignmentName, app, failed, known_assignment


@app.command()
def costs(
    assignment: AssignmentName,
    repetitions: Annotated[int, typer.Option(help="how often each is measured, after one round to warm up", min=1)] = 5,
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="of each right answer: what judging a training costs beyond its tensors")
    ] = False,
    answer: Annotated[
        list[str] | None, typer.Option(help="with --sandbox: this right answer alone; may be given again")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """What grading one submission costs, check by check, and its notebook on demand, measured here and now."""
    from grader.measuring.costs import measure, table

    if sandbox:
        _of_trainings(known_assignment(assignment), repetitions, answer or [], as_json)
        return
    try:
        found = measure(known_assignment(assignment), repetitions)
    except ValueError as error:
        raise failed(str(error)) from None
    if as_json:
        typer.echo(json.dumps(found.to_json()))
    else:
        _show(table(found))


def _of_trainings(assignment: str, repetitions: int, answers: list[str], as_json: bool) -> None:
    from grader.measuring.training_costs import measure_trainings, training_table

    try:
        found = measure_trainings(assignment, repetitions, answers)
    except ValueError as error:
        raise failed(str(error)) from None
    if as_json:
        typer.echo(json.dumps([one.to_json() for one in found]))
    else:
        _show(training_table(assignment, found, repetitions))


def _show(page: Table) -> None:
    Console(width=None if sys.stdout.isatty() else PAGE_COLUMNS).print(page)
