"""Runs checks on many answers, each in a fork of one process that has imported torch once.

As a program: a JSON list of jobs on standard input, {"name", "files", "checks"}; results as one JSON object in the file
named by the first argument, {name: [{"check", "status", "points", "got", "note"}]}.  `in_fresh_process` calls it.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[3]
PACKAGE = "student_answer"
GIVEN = "from exercises.digits.training import *\nfrom exercises.digits.training import Recipe\n"
SEED = 7  # of the private data; a course draws its own
Result = dict[str, Any]


def in_fresh_process(answers: Iterable[tuple[str, dict[str, str]]], checks: tuple[str, ...]) -> dict[str, list[Result]]:
    """Run the checks whose ids match one of the patterns on each answer (name, module texts).

    Checks get the model solution as their reference, and private data drawn from the generated digits.
    """
    jobs = [{"name": name, "files": files, "checks": checks} for name, files in answers]
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results.json"
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "OMP_NUM_THREADS": "1"}
        command = [sys.executable, "-m", "tests.grader.checks.gallery_runner", str(results)]
        subprocess.run(command, input=json.dumps(jobs), text=True, check=True, cwd=REPOSITORY, env=environment)
        return dict(json.loads(results.read_text()))


def _run_job(job: dict[str, Any]) -> list[Result]:
    """Lay the answer's files down as a package, and run the checks on it."""
    import torch

    from exercises.assignment import load_assignment
    from exercises.checking import LocalStudent
    from exercises.checking.catalogue import checks_of
    from exercises.checking.run import run_checks
    from grader.hidden_data import HiddenData

    torch.set_num_threads(1)
    torch.manual_seed(0)
    checks = [
        check
        for check in checks_of(load_assignment("digits"), "exercises.digits.checks", "grader.checks.digits")
        if any(fnmatchcase(check.id, pattern) for pattern in job["checks"])
    ]
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / PACKAGE
        package.mkdir()
        (package / "__init__.py").write_text("")
        (package / "training.py").write_text(GIVEN)
        for name, text in job["files"].items():
            (package / f"{name}.py").write_text(text)
        sys.path.insert(0, folder)
        reference = LocalStudent("solutions.digits")
        reference.hidden = HiddenData("digits", SEED, "generated")  # type: ignore[assignment]
        verdicts = list(run_checks(checks, LocalStudent(PACKAGE), reference, reveal=False))
    return [
        {
            "check": v.check,
            "status": str(v.status),
            "points": v.points,
            "got": v.got,
            "hint": v.hint,
            "note": v.note,
            "expected": v.expected,
            "seconds": v.seconds,
        }
        for v in verdicts
    ]


def _forked(job: dict[str, Any], folder: Path) -> list[Result]:
    """Run a job in a child process, so that nothing an answer does reaches the next one."""
    results = folder / "verdicts.json"
    results.unlink(missing_ok=True)
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what answers print is not ours
            results.write_text(json.dumps(_run_job(job)))
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    if status != 0 or not results.exists():
        raise RuntimeError(f"the run of {job['name']} ended with status {status}")
    return list(json.loads(results.read_text()))


def main() -> None:
    # before the forks, so that each child has them; the second is what torch imports when a mode is first used
    for name in ("grader.checks.digits.accuracy", "torch._dynamo"):
        importlib.import_module(name)

    jobs = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as folder:
        done = {job["name"]: _forked(job, Path(folder)) for job in jobs}
    Path(sys.argv[1]).write_text(json.dumps(done))


if __name__ == "__main__":
    main()
