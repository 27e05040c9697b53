"""`validity`: whether the checks judge rightly."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from .common import Assignments, app, failed, known_assignment


@app.command()
def validity(
    assignment: Assignments = None,
    seeds: Annotated[int, typer.Option(help="private seeds for each right answer, without training", min=1)] = 50,
    training_seeds: Annotated[int, typer.Option(help="the same with training; 0: train nothing", min=0)] = 20,
    processes: Annotated[int, typer.Option(help="how many answers at once", min=1)] = 2,
    quick: Annotated[
        bool,
        typer.Option(help="2 seeds, no training and no sandbox, to see whether it works; says what that leaves out"),
    ] = False,
    out: Annotated[Path, typer.Option(help="the JSON file to write")] = Path("build/validity.json"),
    docs: Annotated[Path, typer.Option(help="the page to write; sections of other assignments stay")] = Path(
        "docs/validity.md"
    ),
) -> None:
    """Whether the checks judge rightly: right answers, mistakes, mutants, judged as submissions are graded.

    Exit code 1 where a bar is missed or a check fails itself.
    """
    from grader.authoring.galleries import GalleryError
    from grader.measuring.validity.jobs import JobError
    from grader.measuring.validity.run import run_validity, write

    chosen = tuple(known_assignment(name) for name in assignment or ())
    missed = False
    try:
        numbers = (2, 0) if quick else (seeds, training_seeds)
        for one in run_validity(chosen, *numbers, processes, Console(), boxed=not quick):
            write(one, out, None if quick else docs)
            missed |= bool(one.misses())
    except GalleryError as error:
        raise failed(str(error)) from None
    except JobError as error:
        raise failed(f"{error}\n--quick judges without the sandbox, and sees less") from None
    if missed:
        raise typer.Exit(1)
