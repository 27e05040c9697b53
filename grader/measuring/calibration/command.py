"""`grader calibrate`: measure, with progress, and write down what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table

from datasets import DataError
from exercises.assignment import GENERATED, load_assignment
from grader.checks.calibrated import best_of_reference
from grader.checks.private.kinds import kind_of
from grader.measuring.progress import rows
from grader.measuring.rests_on import best_rests_on, calibration_rests_on

from .records import keep, keep_best
from .summary import Summary, summarise
from .trials import Trial, trials


def run(assignment: str, sources: Sequence[str], seeds: int, processes: int, best: bool, console: Console) -> None:
    """Calibrate the tasks of one assignment on these sources of data, or on all that lie on this machine.

    Wrong answers are trained on generated data alone, which everybody has.

    Args:
        best: measure also what the reference reaches on real data without a budget, which takes a quarter of an hour.

    Raises:
        ValueError: a task's checks do not offer what measures a training, or there are too few seeds.
    """
    facts = load_assignment(assignment)
    if not facts.training:
        console.print(f"{assignment} trains nothing: it has no threshold to measure", markup=False)
    for task, rules in facts.training.items():
        for source in sources or rules.threshold or (GENERATED,):
            if source not in (*rules.threshold, GENERATED):
                reason = f"assignment.toml has no [training.{task}.threshold.{source}]"
            else:
                reason = _missing(assignment, rules.data, source)
            if reason:
                console.print(f"{assignment}, {task}, on {source}: left out, {reason}", markup=False)
            else:
                _measure(assignment, task, rules.examples_seen, source, seeds, processes, console)
    for source, measure in best_of_reference(assignment).items() if best else ():
        if facts.training and source in (sources or facts.sources) and not _missing(assignment, facts.data, source):
            rests_on = best_rests_on(assignment)
            with console.status(f"{assignment} on {source}: the reference without a budget"):
                found = measure()
            keep_best(assignment, source, {"date": _today(), **found, "rests_on": rests_on.to_json()})
            console.print(found["reached"], markup=False)


def _measure(
    assignment: str, task: str, examples_seen: int, source: str, seeds: int, processes: int, console: Console
) -> None:
    """Calibrate one task on one source of data, and write down what was found."""
    measured: list[Trial] = []
    wrong = source == GENERATED
    rests_on = calibration_rests_on(assignment, task, wrong)  # as it is now: a file may change within the hour
    with rows(console) as begin:
        row = begin(f"{assignment}, {task}, on {source}, seeds", seeds)
        for found in trials(assignment, task, source, seeds, wrong, processes):
            measured += found
            row.advance()
    summary = summarise(assignment, task, source, measured, seeds, _today(), examples_seen)
    keep(replace(summary, rests_on=rests_on))
    console.print(_table(summary))


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def _missing(assignment: str, kind: str, source: str) -> str:
    """Why these data cannot be loaded here, empty where they can."""
    try:
        if kind:
            kind_of(assignment, kind).require(source)
    except DataError as error:
        return str(error)
    return ""


def _table(summary: Summary) -> Table:
    table = Table(title=f"{summary.assignment}, {summary.task}, on {summary.source} data, {summary.seeds} seeds")
    for title in ("result", "threshold", "mean", "sd", "lowest", "missed", "at most"):
        table.add_column(title, justify="left" if title == "result" else "right")
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
