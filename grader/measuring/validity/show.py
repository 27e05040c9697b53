"""Progress while jobs run, and what came of it as tables on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.measuring.progress import rows

from .jobs import Job, Outcome, Run
from .matrix import TaskMatrix, matrices
from .page import percent
from .report import MUTATION_SCORE, Validity
from .wrong import FAILED, FAULT, LEFT_OUT, MEANINGS, MISSED, PARTLY, SURPRISE

WIDTH = 120
UNBROKEN = "\N{NO-BREAK SPACE}"
COLOURS = {FAILED: "green", PARTLY: "green", MISSED: "bold red", SURPRISE: "bold red", FAULT: "bold red"}


def with_progress(console: Console, judge: Run) -> Run:
    """A way to run jobs with a bar for each batch of them, which names the last one that ended."""

    def run(jobs: Sequence[Job]) -> Iterator[Outcome]:
        with rows(console) as begin:
            row = begin(jobs[0].assignment if jobs else "", len(jobs))
            for outcome in judge(jobs):
                row.advance(outcome.name)
                yield outcome

    return run


def show(found: Validity, console: Console) -> None:
    """The matrix, the scores, and what is missed."""
    console.rule(found.assignment)
    for fault in found.faults:
        console.print(Text(str(fault), style="bold red"))
        console.print(Text(fault.traceback))
        console.print()
    for matrix in matrices(found):
        console.print(_matrix(matrix))
        console.print(Text(matrix.legend(UNBROKEN), style="dim"))
        console.print()
    meanings = "; ".join(f"{sign} {words}" for sign, words in MEANINGS.items() if sign != LEFT_OUT)
    console.print(Text(meanings, style="dim"))
    console.print(_task_scores(found))
    console.print(_check_scores(found))
    counts, made = found.to_json(), found.made
    right, wrong = counts["right"], counts["wrong"]
    console.print(f"{made.seeds} seeds without training, {made.training_seeds} with training; {made.way}")
    console.print(f"right answers with full marks: {right['full_marks']} of {right['total']}")
    for row in found.right:
        if row.proposed:
            console.print(Text(f"right, with points that are only proposed: {row.name}: {row.proposed[0]}"))
    console.print(f"mistakes caught: {wrong['caught']} of {wrong['total']}, {wrong['by_named_check']} as they say")
    console.print(f"mutation score: {percent(found.mutation_score)}, {len(found.harmless)} survivors are harmless")
    for words in found.misses():
        console.print(Text(f"missed: {words}", style="red"))


def _matrix(matrix: TaskMatrix) -> Table:
    table = Table(title=matrix.task, title_justify="left", padding=0, pad_edge=False, collapse_padding=True)
    table.add_column("mistake", overflow="ellipsis", no_wrap=True, max_width=36)
    for number in range(1, len(matrix.checks) + 1):
        table.add_column(str(number), justify="center", min_width=2)
    for row, signs in matrix.rows:
        table.add_row(row.name, *(Text(sign, style=COLOURS.get(sign, "dim")) for sign in signs))
    return table


def _task_scores(found: Validity) -> Table:
    table = _numbers("mutants of a task", "task", ("mutants", "harmless", "killed", "elsewhere", "score"))
    for one in found.tasks:
        numbers = (one.mutants, one.harmless, one.killed, one.elsewhere)
        table.add_row(one.task, *map(str, numbers), _score(one.score))
    return table


def _check_scores(found: Validity) -> Table:
    columns = ("mutants", "killed", "by itself", "by it alone", "score")
    table = _numbers("mutants in the lines that a check runs", "check", columns)
    for one in found.scores:
        numbers = (one.mutants, one.killed, one.itself, one.alone)
        table.add_row(one.check, *map(str, numbers), _score(one.score))
    return table


def _numbers(title: str, first: str, others: tuple[str, ...]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column(first)
    for name in others:
        table.add_column(name, justify="right")
    return table


def _score(score: float | None) -> Text:
    return Text(percent(score), style="red" if score is not None and score < MUTATION_SCORE else "")
