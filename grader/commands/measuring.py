"""What the grader is worth: thresholds, validity, costs."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from exercises.assignment import assignment_names

from .common import PAGE, AsJson, AssignmentName, Assignments, app, failed, known_assignment


@app.command()
def calibrate(
    assignment: Assignments = None,
    source: Annotated[
        list[str] | None, typer.Option(help="which data; all that lie on this machine if none is named")
    ] = None,
    seeds: Annotated[int, typer.Option(help="how many private seeds", min=60)] = 120,
    processes: Annotated[int, typer.Option(help="how many at once", min=1)] = 2,
    best: Annotated[bool, typer.Option(help="also what the reference reaches on real speech without a budget")] = True,
) -> None:
    """Measure accuracies over private seeds, and write the thresholds that follow, with docs/calibration.md."""
    from ..calibration.command import run

    for name in assignment or assignment_names():
        run(known_assignment(name), source or [], seeds, processes, best, Console())


@app.command()
def validity(
    assignment: Assignments = None,
    seeds: Annotated[int, typer.Option(help="private seeds for each right answer, without training", min=1)] = 50,
    training_seeds: Annotated[int, typer.Option(help="the same with training; 0: train nothing", min=0)] = 20,
    processes: Annotated[int, typer.Option(help="how many answers at once", min=1)] = 2,
    quick: Annotated[bool, typer.Option(help="2 seeds and no training, to see whether it works")] = False,
    out: Annotated[Path, typer.Option(help="the JSON file to write")] = Path("build/validity.json"),
    docs: Annotated[Path, typer.Option(help="the page to write; sections of other assignments stay")] = Path(
        "docs/validity.md"
    ),
) -> None:
    """Whether the checks judge rightly: right answers, mistakes, mutants; exit code 1 where a bar is missed."""
    from ..galleries import GalleryError
    from ..validity.run import run_validity, write

    chosen = tuple(known_assignment(name) for name in assignment or ())
    missed = False
    try:
        for one in run_validity(chosen, 2 if quick else seeds, 0 if quick else training_seeds, processes, Console()):
            write(one, out, None if quick else docs)
            missed |= bool(one.misses())
    except GalleryError as error:
        raise failed(str(error)) from None
    if missed:
        raise typer.Exit(1)


@app.command()
def repeat(
    assignment: AssignmentName,
    size: Annotated[int, typer.Option(help="how many students", min=1)] = 70,
    times: Annotated[int, typer.Option(help="how often each is graded", min=2)] = 20,
    every: Annotated[int, typer.Option(help="take every so many students only, to be quicker", min=1)] = 1,
) -> None:
    """Same in, same out: grade a simulated cohort many times; exit code 1 if any verdict changes."""
    from rich.progress import track

    from ..repeat import repeated

    name, changed, console = known_assignment(assignment), 0, Console()
    taken = -(-size // every)
    gradings = repeated(name, size, times, every)
    for time, student, found in track(gradings, f"grading {name}", taken * times, console=console):
        changed += bool(found)
        for difference in found:
            console.print(f"time {time}, {student}: {difference}", markup=False)
    console.print(f"{name}: {taken} submissions graded {times} times, {changed} differed from the first time")
    if changed:
        raise typer.Exit(1)


@app.command()
def costs(
    assignment: AssignmentName,
    repetitions: Annotated[int, typer.Option(help="how often each is measured, after one round to warm up", min=1)] = 5,
    as_json: AsJson = False,
) -> None:
    """What grading one submission costs, check by check and for the notebook, measured here and now."""
    from ..costs import measure, table

    try:
        found = measure(known_assignment(assignment), repetitions)
    except ValueError as error:
        raise failed(str(error)) from None
    if as_json:
        typer.echo(json.dumps(found.to_json()))
    else:
        Console(width=None if sys.stdout.isatty() else PAGE).print(table(found))


@app.command()
def bench(
    assignment: AssignmentName = "digits",
    submissions: Annotated[int, typer.Option(help="how many submissions each contender grades", min=5)] = 40,
    jobs: Annotated[int, typer.Option(help="how many at once, where a contender can", min=1)] = 2,
    out: Annotated[Path, typer.Option(help="the JSON file to write")] = Path("build/bench.json"),
) -> None:
    """What grading costs: the checks alone, with this grader, with stock nbgrader; takes minutes.

    Exit code 1 if they did not give the same points: then they have not done the same work.
    """
    from ..bench.run import run_bench
    from ..bench.spending import BenchError

    try:
        found = run_bench(known_assignment(assignment), out, submissions, jobs, Console())
    except (BenchError, ValueError) as error:
        raise failed(str(error)) from None
    if found["differences"]:
        typer.echo("these figures compare different work: see who got other points than ours", err=True)
        raise typer.Exit(1)


@app.command("bench-scale")
def bench_scale(
    assignment: AssignmentName = "digits",
    sizes: Annotated[str, typer.Option(help="three or more cohorts, from small to large")] = "100,1000,5000",
    out: Annotated[Path, typer.Option(help="the JSON file to write")] = Path("build/scale.json"),
) -> None:
    """Whether a large cohort costs more per submission than a small one; exit code 1 if it does, or takes memory."""
    from ..bench.scale import measure, missed, write_report

    name, console = known_assignment(assignment), Console()
    try:
        counts = tuple(int(size) for size in sizes.split(","))
    except ValueError:
        counts = ()
    if len(counts) < 3 or list(counts) != sorted({*counts}) or counts[0] < 1:
        raise typer.BadParameter(f"{sizes}: three or more whole numbers are needed, each larger than the one before")
    runs = []
    with console.status(f"{name}: handing in") as status:
        for run in measure(name, counts, lambda size, done: status.update(f"{name}: {done} of {size} graded")):
            runs.append(run)
            each = f"{run.wall_s / run.submissions:.2f} s, {run.cpu_s / run.submissions:.2f} CPU s each"
            console.print(f"{run.submissions} submissions: {run.wall_s:.0f} s ({each}), {run.driver_mb:.0f} MB")
    found = write_report(runs, out)
    for key, value in found.items():
        console.print(f"{key:24}{value:10.3f}")
    console.print(f"written: {out}")
    if misses := missed(found):
        console.print("; ".join(misses))
        raise typer.Exit(1)
