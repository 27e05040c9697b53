"""`new`: where an assignment begins."""

from __future__ import annotations

from typing import Annotated

import typer

from .common import app, failed


@app.command()
def new(name: Annotated[str, typer.Argument(help="the new assignment, a lower-case Python name")]) -> None:
    """Start a new assignment that grades at once, to be changed from there (docs/authoring.md)."""
    from grader import repository
    from grader.authoring.new import NameRefusedError, new_assignment
    from grader.release.errors import ReleaseError

    try:
        folders = new_assignment(name)
    except NameRefusedError as error:
        raise typer.BadParameter(str(error), param_hint="NAME") from None
    except (ReleaseError, OSError) as error:
        raise failed(f"nothing was written: {error}") from None
    for folder in folders:
        typer.echo(f"written: {repository.relative(folder)}/")
    typer.echo("docs/authoring.md says what to do next; each course sets its own deadline in its course.toml.")
