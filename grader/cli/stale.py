"""`stale`: which results in docs/ have to be measured anew."""

from __future__ import annotations

import typer

from .common import app, failed


@app.command()
def stale() -> None:
    """Which results of validity and calibrate in docs/ rest on what has changed since, and how to renew them.

    Exit code 1 only where a record does not say what it rests on.
    """
    from grader.authoring.galleries import GalleryError
    from grader.measuring.stale import kept_results
    from grader.release.errors import ReleaseError

    try:
        results = kept_results()
    except (GalleryError, ReleaseError, OSError, ValueError) as error:
        raise failed(str(error)) from None
    for result in results:
        measured = f" ({result.date})" if result.date else ""
        typer.echo(f"{'stale' if result.changes else 'holds'}: {result.name}{measured}")
        for change in result.changes:
            typer.echo(f"       {change}")
    if renewals := list(dict.fromkeys(result.renewal for result in results if result.changes and result.renewal)):
        typer.echo("renew them with (each may take an hour):")
        for command in renewals:
            typer.echo(f"    {command}")
    if any(result.without_basis for result in results):
        raise typer.Exit(1)
