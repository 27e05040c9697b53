"""`costs`: what each check costs."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer
from rich.console import Console

from .common import PAGE_COLUMNS, AsJson, AssignmentName, app, failed, known_assignment


@app.command()
def costs(
    assignment: AssignmentName,
    repetitions: Annotated[int, typer.Option(help="how often each is measured, after one round to warm up", min=1)] = 5,
    as_json: AsJson = False,
) -> None:
    """What grading one submission costs, check by check, and its notebook on demand, measured here and now."""
    from grader.measuring.costs import measure, table

    try:
        found = measure(known_assignment(assignment), repetitions)
    except ValueError as error:
        raise failed(str(error)) from None
    if as_json:
        typer.echo(json.dumps(found.to_json()))
    else:
        Console(width=None if sys.stdout.isatty() else PAGE_COLUMNS).print(table(found))
