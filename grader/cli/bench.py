"""`bench` and `bench-scale`: what grading costs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from .common import AssignmentName, app, failed, known_assignment


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
    from grader.measuring.bench.run import run_bench
    from grader.measuring.bench.spending import BenchError

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
    from grader.measuring.bench.scale import measure, missed, write_report

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
