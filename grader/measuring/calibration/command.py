"""`grader calibrate`: measure, with progress, and write down what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from datasets import DataError, load_digits, load_speech
from exercises.assignment import load_assignment
from grader.measuring.rests_on import GENERATED, best_rests_on, calibration_rests_on

from .best import best_on_fsdd
from .records import keep, keep_best
from .summary import Summary, summarise
from .trials import Trial, trials


def run(assignment: str, sources: Sequence[str], seeds: int, processes: int, best: bool, console: Console) -> None:
    """Calibrate one assignment on these sources of data, or on all that lie on this machine.

    Wrong answers are trained on generated data alone, which everybody has.

    Args:
        best: measure also what the reference reaches on real speech without a budget, which takes a quarter of an hour.
    """
    facts = load_assignment(assignment)
    if not facts.training:
        console.print(f"{assignment} trains nothing: it has no threshold to measure", markup=False)
    for source in sources or facts.sources:
        if reason := _missing(facts.data, source):
            console.print(f"{assignment} on {source}: left out, {reason}", markup=False)
            continue
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        measured: list[Trial] = []
        wrong = source == GENERATED
        rests_on = calibration_rests_on(assignment, wrong)  # as it is now: a file may change within the hour
        with Progress(*columns, console=console) as progress:
            task = progress.add_task(f"{assignment} on {source}, seeds", total=seeds)
            for found in trials(assignment, source, seeds, wrong, processes):
                measured += found
                progress.advance(task)
        today = datetime.now(UTC).date().isoformat()
        summary = summarise(assignment, source, measured, seeds, today, facts.training["accuracy"].examples_seen)
        keep(replace(summary, rests_on=rests_on))
        console.print(_table(summary))
        if source == "fsdd" and best:
            best_on = best_rests_on()
            with console.status("the reference without a budget: the official split, and each speaker left out"):
                found_best = best_on_fsdd()
            keep_best(source, {"date": today, **found_best, "rests_on": best_on.to_json()})
            console.print(f"official split {found_best['official']:.1%}, left out {found_best['left_out_mean']:.1%}")


def _missing(kind: str, source: str) -> str:
    """Why these data cannot be loaded here, empty where they can."""
    try:
        if source != "generated":
            (load_speech if kind == "speech" else load_digits)(source)
    except DataError as error:
        return str(error)
    return ""


def _table(summary: Summary) -> Table:
    table = Table(title=f"{summary.assignment} on {summary.source} data, {summary.seeds} seeds")
    for title in ("accuracy", "threshold", "mean", "sd", "lowest", "missed", "at most"):
        table.add_column(title, justify="left" if title == "accuracy" else "right")
    for one in summary.judgements:
        table.add_row(
            one.name,
            f"{one.threshold:.2f}",
            f"{one.mean:.3f}",
            f"{one.deviation:.3f}",
            f"{one.lowest:.3f}",
            f"{one.misses} of {one.trials}",
            f"{one.miss_rate:.1%}",
        )
    return table
