"""`doctor`: what this machine lacks."""

from __future__ import annotations

import json

import typer
from rich.console import Console
from rich.table import Table

from .common import AsJson, app


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Whether this machine can grade safely, and the command that mends what is missing."""
    from dataclasses import asdict

    from grader.doctor import examine

    findings = examine()
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings]))
    else:
        table = Table()
        for title in ("", "what", "found", "what to do"):
            table.add_column(title, overflow="fold")
        for finding in findings:
            table.add_row("ok" if finding.ok else "NO", finding.name, finding.what, "" if finding.ok else finding.mend)
        Console().print(table)
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)
