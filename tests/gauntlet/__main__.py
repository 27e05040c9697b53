"""`python -m tests.gauntlet`: run the gauntlet, print its table, write build/gauntlet.json.

Exit codes: 0 all honest (but for known gaps) and nothing harmed, 1 something was not, 2 the command is wrong.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from grader.nbgrader_base.runs import put_programs_on_path, quiet_database

from .cases import Case, chosen, load_cases
from .run import WITNESS_EVERY, Outcome, Row, run, without_training

PAGE = 140  # columns where the table goes to a file or another program: its longest row has room


def main(
    only: Annotated[
        list[str] | None, typer.Option(help='cases (or themes) of such names, for example "forged_*"; may be repeated')
    ] = None,
    out: Annotated[Path, typer.Option(help="the report", dir_okay=False)] = Path("build/gauntlet.json"),
    workers: Annotated[int, typer.Option(min=1, help="submissions that are graded at once")] = 2,
    fast: Annotated[bool, typer.Option("--fast", help="only the cases that `make test` runs")] = False,
) -> None:
    """Run the gauntlet of hostile and accidental submissions."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    put_programs_on_path()
    quiet_database()
    console = Console(width=None if sys.stdout.isatty() else PAGE)
    cases = chosen(load_cases(), *(only or ["*"]))
    if fast:
        cases = [without_training(case) for case in cases if case.fast]
    if not cases:
        console.print(f"no case is like {', '.join(only or [])}", markup=False)
        raise typer.Exit(2)
    outcome = _run(cases, workers, console)
    _show(outcome, console)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(outcome.to_json(), indent=1), encoding="utf-8")
    console.print(f"report: {out}", markup=False)
    raise typer.Exit(0 if outcome.all_well else 1)


def _run(cases: list[Case], workers: int, console: Console) -> Outcome:
    columns = (TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bar:
        total = len(cases) + -(-len(cases) // WITNESS_EVERY) + 1
        task = bar.add_task("gauntlet", total=total)

        def seen(row: Row) -> None:
            bar.update(task, advance=1)
            for fault in row.faults:
                bar.console.print(Text(f"{row.theme}/{row.name}: {fault}"))

        return run(cases, workers, seen)


def _show(outcome: Outcome, console: Console) -> None:
    table = Table(title="gauntlet")
    for title in ("case", "due", "got", "waiting", "reported", "seconds", "verdict"):
        table.add_column(title, justify="left" if title in ("case", "verdict") else "right", no_wrap=title == "case")
    for row in sorted((*outcome.rows, *outcome.witnesses), key=lambda row: row.theme):
        low, high = row.due
        due = f"{low:g}" if low == high else f"{low:g} to {high:g}"
        got = "-" if row.got is None else f"{row.got:g}"
        verdict = "honest" if row.honest else "known gap" if row.gap else "NOT HONEST"
        cells = (
            f"{row.theme}/{row.name}",
            due,
            got,
            f"{row.waiting:g}",
            str(row.reported),
            f"{row.seconds:.1f}",
            verdict,
        )
        table.add_row(*(Text(cell) for cell in cells))
    console.print(table)
    for row in (*outcome.rows, *outcome.witnesses):
        for fault in row.faults:
            console.print(Text(f"{row.theme}/{row.name}: {fault}"))
    themes = Counter(row.theme for row in outcome.rows)
    console.print(f"{len(outcome.rows)} cases ({', '.join(f'{n} {theme}' for theme, n in themes.items())})")
    good = sum(row.honest for row in outcome.witnesses)
    for row in outcome.rows:
        if row.gap and not row.honest:
            console.print(Text(f"known gap, {row.name}: {row.gap}"))
    console.print(f"honest: {outcome.honest}; witnesses with full marks: {good} of {len(outcome.witnesses)}")
    for title, found in (
        ("stopped the batch", outcome.stopped_batch),
        ("reached a listener", outcome.harm.connections),
        ("touched outside", outcome.harm.touched),
        ("left running", outcome.harm.running),
    ):
        console.print(Text(f"{title}: {len(found)}" + "".join(f"\n    {one}" for one in found[:20])))
    console.print(f"{outcome.wall_s:.0f} s")


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
app.command()(main)

if __name__ == "__main__":
    app(prog_name="python -m tests.gauntlet")
