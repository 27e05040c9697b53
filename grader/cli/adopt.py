"""`adopt`: somebody's existing nbgrader course under this grader, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grader.course.folder import Course

from .common import app, failed


@app.command()
def adopt(
    course: Annotated[Path, typer.Argument(help="the folder of a course that nbgrader runs in", file_okay=False)],
    undo: Annotated[bool, typer.Option("--undo", help="give the course back to nbgrader alone; grades stay")] = False,
) -> None:
    """Have a course's own test cells run isolated, in parallel and resumably; exit code 1 if some week is not taken."""
    from grader.adopt import taking
    from grader.model.faults import FaultError, in_words

    folder = Course(course)
    try:
        if undo:
            same = taking.undo(folder)
            kept = "" if same else "; other lines of it were changed since, and stay"
            typer.echo(f"{course} is nbgrader's alone again: our lines are out of {folder.config.name}{kept}")
            return
        taken = taking.adopt(folder)
    except taking.AdoptionRefusedError as error:
        raise failed(str(error)) from None
    except (FaultError, OSError) as error:
        raise failed(in_words(error, folder.root)) from None
    for found in taken.assignments:
        if found.definition is None:
            typer.echo(f"not taken: {found.name}: {found.reason}")
        else:
            typer.echo(f"taken: {found.name}: {', '.join(notebook.file for notebook in found.definition.notebooks)}")
    for option in taken.replaced:
        typer.echo(f"does not count while the course is adopted: c.{option}")
    typer.echo(f"{len(taken.assignments)} assignments. What their own cells report is trusted less: docs/adopt.md")
    typer.echo("a JupyterLab that is running grades as before until it is started anew")
    typer.echo(f"next: python -m grader autograde ASSIGNMENT --course {course}")
    if any(found.definition is None for found in taken.assignments):
        raise typer.Exit(1)
