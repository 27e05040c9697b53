"""`demo`: a whole course, from the release to the summary."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from exercises.assignment import assignment_names

from .common import app, failed, known_assignment


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="where the demo's course and summary.json go")] = Path("build/demo"),
    assignment: Annotated[
        list[str] | None,
        typer.Option(help="which assignments, each named by an option of its own; all of them if none"),
    ] = None,
    size: Annotated[int, typer.Option(help="how many students of each assignment", min=1)] = 24,
) -> None:
    """The main job from end to end: release, simulate, grade, feedback, summary; exit code 1 if a score is not due."""
    from grader.authoring.galleries import GalleryError
    from grader.authoring.saved_outputs import NoOutputsError
    from grader.model.faults import in_words
    from grader.release.errors import ReleaseError

    from .whole_course import run_demo

    names = [known_assignment(name) for name in dict.fromkeys(assignment or assignment_names())]
    try:
        due = run_demo(out, names, size, Console())
    except (ReleaseError, GalleryError, NoOutputsError) as error:
        raise failed(f"the demo stopped: {error}") from None
    except OSError as error:
        raise failed(f"the demo stopped: {in_words(error, out)}") from None
    if not due:
        raise typer.Exit(1)
