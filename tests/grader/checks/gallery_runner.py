"""Runs checks on many answers, each in a fork of one process that has imported torch once.

As a program: a JSON list of jobs on standard input, {"name", "assignment", "files", "checks", "seed"}; results as one
JSON object in the file named by the first argument, {name: [{"check", "status", "points", "got", "note"}]}.
`in_fresh_process` calls it.
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
SEED = 7  # of the private data; a course draws its own
Result = dict[str, Any]


def in_fresh_process(
    answers: Iterable[tuple[str, dict[str, str]]],
    checks: tuple[str, ...],
    assignment: str = "digits",
    seed: int = SEED,
) -> dict[str, list[Result]]:
    """Run the checks whose ids match one of the patterns on each answer (name, module texts).

    Checks get the model solution as their reference, and generated private data, drawn from the seed.
    """
    facts = {"assignment": assignment, "checks": checks, "seed": seed}
    jobs = [{"name": name, "files": files, **facts} for name, files in answers]
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results.json"
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "OMP_NUM_THREADS": "1"}
        command = [sys.executable, "-m", "tests.grader.checks.gallery_runner", str(results)]
        subprocess.run(command, input=json.dumps(jobs), text=True, check=True, cwd=REPOSITORY, env=environment)
        return dict(json.loads(results.read_text()))


def _run_job(job: dict[str, Any]) -> list[Result]:
    """Lay the answer's files down as a package, the assignment that it builds on beside it, and run the checks."""
    import torch

    from exercises.assignment import load_assignment
    from exercises.checking import LocalStudent
    from exercises.checking.catalogue import checks_of
    from exercises.checking.run import run_checks
    from grader.grading import Reference
    from grader.terms import Terms

    torch.set_num_threads(1)
    torch.manual_seed(0)
    name = job["assignment"]
    facts = load_assignment(name)
    checks = [
        check
        for check in checks_of(facts, f"exercises.{name}.checks", f"grader.checks.{name}")
        if any(fnmatchcase(check.id, pattern) for pattern in job["checks"])
    ]
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / PACKAGE / name
        package.mkdir(parents=True)
        for place in (package, package.parent):
            (place / "__init__.py").write_text("")
        for module, text in job["files"].items():
            (package / f"{module}.py").write_text(text)
        if facts.builds_on:
            (package.parent / facts.builds_on).symlink_to(REPOSITORY / "solutions" / facts.builds_on)
        sys.path.insert(0, folder)

        class Student(LocalStudent):
            def package_of(self, module: str) -> str:
                return f"{PACKAGE}.{name}" if module in facts.modules else facts.package

        reference = Reference(Terms(name, job["seed"]))
        verdicts = list(run_checks(checks, Student(f"{PACKAGE}.{name}"), reference, reveal=False))
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
    jobs = json.load(sys.stdin)
    # before the forks, so that each child has them; the last is what torch imports when a mode is first used
    checks = {f"grader.checks.{job['assignment']}.accuracy" for job in jobs}
    for name in (*sorted(checks), "torchaudio", "torch._dynamo"):
        importlib.import_module(name)
    with tempfile.TemporaryDirectory() as folder:
        done = {job["name"]: _forked(job, Path(folder)) for job in jobs}
    Path(sys.argv[1]).write_text(json.dumps(done))


if __name__ == "__main__":
    main()
