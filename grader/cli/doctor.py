"""`doctor`: what this machine lacks."""

from __future__ import annotations

import json

import typer
from rich.console import Console
from rich.table import Table

from .common import WORKING_FOLDER, AsJson, CourseFolder, app


@app.command()
def doctor(course: CourseFolder = WORKING_FOLDER, as_json: AsJson = False) -> None:
    """Whether this machine can grade safely, and the command that mends what is missing.

    A warning says that others can read the course folder; the exit code does not hang on it.
    """
    from dataclasses import asdict

    from grader.doctor import examine

    findings = examine(course)
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings]))
    else:
        table = Table()
        for title in ("", "what", "found", "what to do"):
            table.add_column(title, overflow="fold")
        for finding in findings:
            sign = "NO" if not finding.ok else "warning" if finding.warns else "ok"
            table.add_row(sign, finding.name, finding.what, "" if sign == "ok" else finding.mend)
        Console().print(table)
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)
