"""What grading one submission costs in tensor work: each graded check; beside it the notebook, which runs on demand.

It is measured here and now, on the model solution: warm (all first uses lie behind), one thread, without sandbox and
without nbgrader. The data are there already, as they are in a batch, which draws them once.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from rich.table import Table

from exercises.cells import first_line
from exercises.checking import Status, Verdict
from grader import repository
from grader.authoring.galleries import solution_files
from grader.grading.checked.groups import graded_checks
from grader.grading.checked.notebook import cells_to_run
from grader.grading.checked.one_check import judge
from grader.grading.checked.reference import Reference
from grader.measuring.rests_on import costs_rest_on
from grader.model.submission import Submission
from grader.release.bundle import write_folder
from grader.release.packages import sandbox_bundle

DEAREST = 5  # cells that the table shows one by one
OURS = ("exercises", "datasets", "solutions", "grader")  # packages that a session imports anew


@dataclass(frozen=True)
class CheckCost:
    """Processor time of one graded check, student's and reference's code together."""

    task: str
    check: str
    points: float
    cpu_s: float


@dataclass(frozen=True)
class CellCost:
    """Processor time of one notebook cell, its outputs included; `title` is its first line of code."""

    title: str
    cpu_s: float


@dataclass(frozen=True)
class Costs:
    """Medians over the repetitions.

    Attributes:
        modules_s: compiling and importing the assignment's own modules, which each task's session does anew.
        shell_s:   starting the shell that the cells run in. Neither of these two is part of `compute_s`.
    """

    assignment: str
    repetitions: int
    checks: tuple[CheckCost, ...]
    cells: tuple[CellCost, ...]
    modules_s: float
    shell_s: float

    @property
    def checks_s(self) -> float:
        return sum(one.cpu_s for one in self.checks)

    @property
    def cells_s(self) -> float:
        return sum(one.cpu_s for one in self.cells)

    @property
    def compute_s(self) -> float:
        """The compute C of one submission: its checks, which all points come from."""
        return self.checks_s

    def to_json(self) -> dict[str, Any]:
        """The parts, their sums, and what they rest on: whoever keeps them can tell whether they still hold."""
        sums = {"checks_s": self.checks_s, "cells_s": self.cells_s, "compute_s": self.compute_s}
        return {**asdict(self), **sums, "rests_on": costs_rest_on(self.assignment).to_json()}


def measure(assignment: str, repetitions: int = 5) -> Costs:
    """Run everything once to warm up, then `repetitions` times.

    Raises:
        ValueError: there are no repetitions, or the model solution fails a check or a cell, so that the time of it
            would say nothing.
    """
    if repetitions < 1:
        raise ValueError("at least one repetition is needed")
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        checks = _checks(assignment, repetitions)
    finally:
        torch.set_num_threads(threads)
    with tempfile.TemporaryDirectory() as folder:
        _lay_out(assignment, Path(folder))
        cells = cells_to_run(Submission("", assignment, {}, repository.notebook(assignment).read_bytes()))
        # A process of its own, since it imports the packages from the folder instead of from here.
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
            work = pool.submit(_cells, assignment, folder, cells, repetitions)
            times, modules_s, shell_s = work.result()
    costs = tuple(CellCost(first_line(source), times[cell]) for cell, source in cells)
    return Costs(assignment, repetitions, checks, costs, modules_s, shell_s)


def table(costs: Costs) -> Table:
    """Task, check, points, CPU ms and share of C; then the sum; then the cells, which are no part of it."""

    def row(task: str, name: str, points: str, seconds: float, *, counts: bool = True) -> None:
        share = f"{seconds / costs.compute_s:.1%}" if counts else ""
        shown.add_row(task, name, points, f"{1000 * seconds:.1f}", share)

    shown = Table(title=f"{costs.assignment}: compute of one submission, median of {costs.repetitions}")
    shown.add_column("task")
    shown.add_column("check or cell", overflow="ellipsis", no_wrap=True, max_width=60)
    for title in ("points", "CPU ms", "share"):
        shown.add_column(title, justify="right")
    for one in costs.checks:
        row(one.task, one.check, f"{one.points:g}", one.cpu_s)
    shown.add_section()
    points = f"{sum(one.points for one in costs.checks):g}"
    row("", f"C, all {len(costs.checks)} checks", points, costs.compute_s)
    shown.add_section()
    row("notebook", f"on demand: all {len(costs.cells)} cells that run then", "", costs.cells_s, counts=False)
    for cell in sorted(costs.cells, key=lambda cell: -cell.cpu_s)[:DEAREST]:
        row("", f"  {cell.title}", "", cell.cpu_s, counts=False)
    shown.caption = (
        f"Besides: {1000 * costs.modules_s:.0f} ms to import the assignment's modules, for each task's session anew; "
        f"{1000 * costs.shell_s:.0f} ms to start the notebook's shell."
    )
    return shown


def _checks(assignment: str, repetitions: int) -> tuple[CheckCost, ...]:
    """The solution is graded against itself."""
    checks = graded_checks(assignment)
    solution = Reference(assignment, seed=0)
    spent: list[list[float]] = [[] for _ in checks]
    for _ in range(1 + repetitions):
        earlier: dict[str, Verdict] = {}
        for check, times in zip(checks, spent, strict=True):
            torch.manual_seed(0)  # as for a student
            with _cpu_s(times):
                verdict = earlier[check.id] = judge(check, solution, solution, earlier)
            if verdict.status is not Status.PASSED:
                raise ValueError(f"the solution does not pass {check.id}: {verdict.got} {verdict.note}")
    return tuple(
        CheckCost(check.task, check.id, check.points, _median(times))
        for check, times in zip(checks, spent, strict=True)
    )


def _lay_out(assignment: str, folder: Path) -> None:
    """The released packages with the solution's modules in the place of the stubs."""
    own = {f"exercises/{assignment}/{name}.py": text.encode() for name, text in solution_files(assignment).items()}
    write_folder({**sandbox_bundle(assignment), **own}, folder)


def _cells(
    assignment: str, folder: str, cells: list[list[str]], repetitions: int
) -> tuple[dict[str, float], float, float]:
    """Medians by cell id, and of the two things beside them; runs in a process of its own."""
    from grader.sandbox.inside.cells import Notebook

    torch.set_num_threads(1)
    sys.dont_write_bytecode = True  # a session finds its files laid out anew, without compiled ones beside them
    os.chdir(folder)
    sys.path.insert(0, folder)
    os.environ |= {"COURSE_STATIC": "1", "MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    modules = [f"exercises.{assignment}.{name}" for name in solution_files(assignment)]
    times: dict[str, list[float]] = {cell: [] for cell, _ in cells}
    modules_s: list[float] = []
    shell_s: list[float] = []
    for _ in range(1 + repetitions):
        _forget_modules()
        with _cpu_s(modules_s):
            for module in modules:
                importlib.import_module(module)
        _forget_modules()
        with _cpu_s(shell_s):
            notebook = Notebook()
        for cell, source in cells:
            with _cpu_s(times[cell]):
                outputs = notebook.run(source)
            if errors := [output["evalue"] for output in outputs if output["output_type"] == "error"]:
                raise ValueError(f"the cell {first_line(source)!r} does not run with the solution: {errors[0]}")
        type(notebook.shell).clear_instance()
    return {cell: _median(spent) for cell, spent in times.items()}, _median(modules_s), _median(shell_s)


def _forget_modules() -> None:
    for name in [name for name in sys.modules if name.split(".")[0] in OURS]:
        del sys.modules[name]


@contextmanager
def _cpu_s(into: list[float]) -> Iterator[None]:
    """Append the processor time of the block."""
    begin = time.process_time()
    yield
    into.append(time.process_time() - begin)


def _median(times: list[float]) -> float:
    """Without the first one, which warmed up."""
    return statistics.median(times[1:])
