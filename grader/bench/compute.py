"""The compute C: the checks and the notebook's cells alone, in forks of one process that has imported everything.

Run as a program with one argument, a JSON file: assignment, terms, jobs, students ({name: {folder and hash of the
modules}}), cells, results, summary.  No sandbox, no nbgrader, no gradebook.  Student's modules are imported once.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
import time
import traceback
from pathlib import Path
from typing import Any

import torch

from exercises.assignment import load_assignment
from exercises.checking import Check
from grader.grading import Reference
from grader.groups import graded_checks
from grader.sandbox.inside.cells import run_cells
from grader.sandbox.inside.warm import PRELOADED
from grader.terms import Terms

from .checker import Checker, points_by_check
from .hidden_files import ATTEMPTS

POINTS = "points.json"


def main(job: dict[str, Any]) -> None:
    """Grade all students, `jobs` at a time, and write a line for each into `results`.

    Raises:
        RuntimeError: a fork failed; its traceback is on standard error.
    """
    torch.set_num_threads(1)
    assignment, terms = job["assignment"], Terms(**job["terms"])
    _import_all(assignment)
    checks = graded_checks(assignment)
    for attempt in range(ATTEMPTS):
        Reference(terms).hidden.digits(attempt)  # drawn before the forks; they add a submission's disguise
    gc.collect()
    gc.freeze()  # children share these pages as long as the collector leaves them alone
    waiting = list(job["students"].items())
    under_way: dict[int, tuple[str, Path]] = {}
    begin = time.perf_counter()
    with open(job["results"], "a", encoding="utf-8") as lines:
        while waiting or under_way:
            while waiting and len(under_way) < job["jobs"]:
                student, given = waiting.pop(0)
                folder = Path(given["folder"])
                child = _fork(folder, assignment, checks, Reference(terms, given["hash"]), job["cells"])
                under_way[child] = student, folder
            child, status, usage = os.wait4(-1, 0)
            student, folder = under_way.pop(child)
            if status != 0:
                raise RuntimeError(f"{student}: the fork ended with status {status}")
            points = json.loads((folder / POINTS).read_text(encoding="utf-8"))
            row = {"student": student, "cpu_s": usage.ru_utime + usage.ru_stime, "points": points}
            print(json.dumps(row), file=lines, flush=True)
    Path(job["summary"]).write_text(json.dumps({"wall_s": time.perf_counter() - begin}), encoding="utf-8")


def _import_all(assignment: str) -> None:
    """Everything that checks and cells import, but for the student's own modules."""
    modules = load_assignment(assignment).modules
    for name in PRELOADED:
        importlib.import_module(name)
    given = Path(importlib.import_module(f"exercises.{assignment}").__path__[0])
    for path in sorted(given.rglob("*.py")):
        parts = path.relative_to(given).with_suffix("").parts
        if parts[0] not in modules and "__init__" not in parts:
            importlib.import_module(".".join((f"exercises.{assignment}", *parts)))
    for module in modules:
        importlib.import_module(f"solutions.{assignment}.{module}")
        if f"exercises.{assignment}.{module}" in sys.modules:
            raise RuntimeError(f"exercises.{assignment}.{module} is imported already: the student's would not count")


def _fork(folder: Path, assignment: str, checks: list[Check], reference: Reference, cells: list[list[str]]) -> int:
    """Start the fork for one submission; its points go into a file beside the modules."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        package = importlib.import_module(f"exercises.{assignment}")
        package.__path__ = [str(folder), *package.__path__]
        points = points_by_check(Checker(assignment, reference), checks)
        (folder / POINTS).write_text(json.dumps(points), encoding="utf-8")
        run_cells(cells)
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
