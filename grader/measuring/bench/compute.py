"""The compute C: the checks alone, which give all points, in forks of one process that has imported everything.

Run as a program with one argument, a JSON file: assignment, plan, jobs, rounds (lists of students), turns, students
({name: folder with the modules}), results, summary.  No sandbox, no nbgrader, no gradebook.  A
student's modules are imported once.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch

from exercises.assignment import load_assignment
from exercises.checking import Check
from grader.grading.checked.groups import graded_checks
from grader.grading.checked.plan import CheckedPlan
from grader.grading.checked.reference import Reference
from grader.sandbox.inside.warm import PRELOADED

from .checker import Checker, points_by_check
from .turns import Turns

POINTS = "points.json"


def main(job: dict[str, Any]) -> None:
    """Grade all students, round by round, and write a line for each into `results`.

    Raises:
        RuntimeError: a fork failed; its traceback is on standard error.
    """
    torch.set_num_threads(1)
    assignment, plan = job["assignment"], CheckedPlan(**job["plan"])
    _import_all(assignment)
    checks = graded_checks(assignment)
    hidden = Reference(assignment, plan.known_seed, plan.source).hidden
    for task, rules in load_assignment(assignment).training.items():
        for attempt in range(rules.attempts if rules.data else 0):
            hidden.undisguised(task, attempt)  # drawn before the forks; they add a student's disguise
    gc.collect()
    gc.freeze()  # children share these pages as long as the collector leaves them alone
    turns, wall_s = Turns(**job["turns"]), 0.0
    with open(job["results"], "a", encoding="utf-8") as lines:
        for number, students in enumerate(job["rounds"]):
            with turns.turn(number):
                begin = time.perf_counter()
                for row in _graded(students, job, plan, checks):
                    print(json.dumps(row), file=lines, flush=True)
                wall_s += time.perf_counter() - begin
    Path(job["summary"]).write_text(json.dumps({"wall_s": wall_s}), encoding="utf-8")


def _graded(
    students: list[str], job: dict[str, Any], plan: CheckedPlan, checks: list[Check]
) -> Iterator[dict[str, Any]]:
    """Grade students, `jobs` at a time, each in a fork of its own.  Yields a line for each."""
    waiting = list(students)
    under_way: dict[int, tuple[str, Path]] = {}
    while waiting or under_way:
        while waiting and len(under_way) < job["jobs"]:
            student = waiting.pop(0)
            folder = Path(job["students"][student])
            reference = Reference(plan.assignment, plan.known_seed, plan.source, student)
            under_way[_fork(folder, job["assignment"], checks, reference)] = student, folder
        child, status, usage = os.wait4(-1, 0)
        student, folder = under_way.pop(child)
        if status != 0:
            raise RuntimeError(f"{student}: the fork ended with status {status}")
        points = json.loads((folder / POINTS).read_text(encoding="utf-8"))
        yield {"student": student, "cpu_s": usage.ru_utime + usage.ru_stime, "points": points}


def _import_all(assignment: str) -> None:
    """Everything that checks import, but for the student's own modules."""
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


def _fork(folder: Path, assignment: str, checks: list[Check], reference: Reference) -> int:
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
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
