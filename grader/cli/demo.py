"""`demo`: a whole course, from the release to the summary."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from exercises.assignment import assignment_names

from .common import app, failed


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="where the demo's course and summary.json go")] = Path("build/demo"),
    size: Annotated[int, typer.Option(help="how many students", min=1)] = 70,
) -> None:
    """The main job from end to end: release, simulate, grade, feedback, summary; exit code 1 if a score is not due."""
    from grader.authoring.saved_outputs import NoOutputsError
    from grader.model.faults import in_words

    from .whole_course import run_demo

    try:
        due = run_demo(out, assignment_names(), size, Console())
    except NoOutputsError as error:
        raise failed(str(error)) from None
    except OSError as error:
        raise failed(f"the demo stopped: {in_words(error, out)}") from None
    if not due:
        raise typer.Exit(1)
