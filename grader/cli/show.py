"""`show`: one submission again, with its verdicts."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console

from grader.course.folder import Course

from .common import WORKING_FOLDER, AsJson, AssignmentName, CourseFolder, app, failed, known_assignment


@app.command()
def show(
    assignment: AssignmentName,
    student: str,
    course: CourseFolder = WORKING_FOLDER,
    check: Annotated[str, typer.Option(help="only this check or task; nothing else runs")] = "",
    run: Annotated[
        bool, typer.Option("--run", help="run the notebook too, and say what it showed: no points depend on it")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Grade one submission anew: its evidence check by check, and whether it agrees with what is booked.

    Exit code 1 where the grader itself could not finish.
    """
    from grader.batch.replay import lines, replay

    folder, name = Course(course), known_assignment(assignment, course)
    try:
        found = replay(folder, name, student, check, run=run)
    except (OSError, ValueError) as error:
        raise failed(str(error)) from None
    if as_json:
        typer.echo(json.dumps({**json.loads(found.graded.to_json()), "booked": found.booked}))
    else:
        console = Console()
        for line in lines(found):
            console.print(line, soft_wrap=True)
    if found.graded.unfinished:
        raise typer.Exit(1)
