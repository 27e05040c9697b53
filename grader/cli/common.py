"""The program itself, and what its commands share: the arguments they take, and how they refuse."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from exercises.assignment import load_assignment
from grader.course.folder import Course

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Release, grade and report. Exit codes: 0 all well, 1 something needs a person, 2 the command is wrong.",
)
CourseFolder = Annotated[Path, typer.Option("--course", help="the course folder (nbgrader's)", file_okay=False)]
AssignmentName = Annotated[str, typer.Argument(help="the assignment, for example digits")]
Assignments = Annotated[list[str] | None, typer.Argument(help="which assignments; all of them if none")]
AsJson = Annotated[bool, typer.Option("--json", help="print JSON instead of text")]
WORKING_FOLDER = Path()
PAGE_COLUMNS = 140  # columns of a table that goes to a file or another program


def known_assignment(name: str, course: Path | None = None) -> str:
    """The assignment's name; a wrong one is a wrong argument.

    Args:
        course: where it may also be an adopted one.
    """
    try:
        if course is None:
            load_assignment(name)
        else:
            Course(course).kind(name).check(course, name)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    return name


def failed(message: str) -> typer.Exit:
    """To be raised: the message goes to standard error, and the exit code is 2."""
    typer.echo(message, err=True)
    return typer.Exit(2)
