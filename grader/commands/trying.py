"""Whether it works here: this machine, and the main job from end to end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from exercises.assignment import assignment_names

from .common import HERE, AsJson, CourseFolder, app, failed


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="where the demo's course and summary.json go")] = Path("build/demo"),
    size: Annotated[int, typer.Option(help="how many students", min=1)] = 70,
) -> None:
    """The main job from end to end: release, simulate, grade, feedback, summary; exit code 1 if a score is not due."""
    from ..demo import run_demo
    from ..faults import in_words

    try:
        due = run_demo(out, assignment_names(), size, Console())
    except OSError as error:
        raise failed(f"the demo stopped: {in_words(error, out)}") from None
    if not due:
        raise typer.Exit(1)


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Whether this machine can grade safely, and the command that mends what is missing."""
    from dataclasses import asdict

    from ..doctor import examine

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


@app.command()
def lab(course: CourseFolder = HERE, port: Annotated[int, typer.Option(help="0: any free one", min=0)] = 0) -> None:
    """Open JupyterLab with formgrader on a course folder, until Ctrl-C; without a display, print its address alone."""
    import os
    import signal
    import webbrowser

    from ..course import Course
    from ..lab import LabError, start_lab

    if not Course(course).config.is_file():
        raise failed(f"{course} is no course folder: it has no {Course(course).config.name}")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # JupyterLab ends with this program, however that ends
    try:
        with start_lab(course, ["--log-level=WARN"], port=port) as running:
            address = running.url(formgrader="true")
            typer.echo(f"JupyterLab with formgrader: {address}\nCtrl-C ends it")
            if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
                webbrowser.open(address)
            running.process.wait()
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except LabError as error:
        raise failed(str(error)) from None
