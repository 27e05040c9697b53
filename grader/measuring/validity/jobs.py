"""Runs checks on many answers, each in a fork of one process that has imported torch once.

An interpreter that imports torch takes seconds, a fork of one that has done so takes milliseconds.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from exercises.assignment import load_assignment
from exercises.checking import Check, Verdict
from exercises.checking.catalogue import checks_of
from grader.repository import REPOSITORY

SEED = 7  # of the private data; a course draws its own


class JobError(RuntimeError):
    """The process that runs the jobs has ended before its work was done."""


@dataclass(frozen=True)
class Job:
    """Checks on one answer.

    Attributes:
        name:    of the answer: it is graded as the submission of a student of that name.
        files:   the text of every module, by name without ".py".
        checks:  patterns of the ids of the checks to run.
        seed:    of the private data.
        check_s: processor seconds that one check may take where no sandbox limits them.
        traced:  whether to note which lines of the answer run in which check; each check then imports it anew.
    """

    name: str
    assignment: str
    files: dict[str, str]
    checks: tuple[str, ...] = ("*",)
    seed: int = SEED
    check_s: float = 120.0
    traced: bool = False


@dataclass(frozen=True)
class Outcome:
    """What came of one job.

    Attributes:
        verdicts: one for each check that matched, in order; those behind the death of the process are missing.
        lines:    for each check of a traced job, the lines of the answer that ran, by module.
        problem:  how the process ended, where it did not come to its end.
        told:     what grading would have a person read of it.
    """

    name: str
    verdicts: tuple[Verdict, ...]
    lines: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    problem: str = ""
    told: tuple[str, ...] = ()


Run = Callable[[Sequence[Job]], Iterable[Outcome]]  # how the stages have jobs run: `run_jobs`, or with a progress bar


def checks_in(assignment: str) -> tuple[Check, ...]:
    """All checks of an assignment, public and hidden ones."""
    return tuple(
        checks_of(load_assignment(assignment), f"exercises.{assignment}.checks", f"grader.checks.{assignment}")
    )


def matches(check_id: str, patterns: Iterable[str]) -> bool:
    """Whether one of the patterns fits."""
    return any(fnmatchcase(check_id, pattern) for pattern in patterns)


def run_jobs(jobs: Iterable[Job], processes: int = 1) -> Iterator[Outcome]:
    """Run each job in a process of its own, `processes` at a time, and yield what came of it as soon as it is known.

    Checks get the model solution as their reference, and generated private data, drawn from the job's seed.

    Raises:
        JobError: the process that forks them has failed.
    """
    work = [asdict(job) for job in jobs]
    if not work:
        return
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "jobs.json"
        listed.write_text(json.dumps(work))
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "OMP_NUM_THREADS": "1"}
        command = [sys.executable, "-m", "grader.measuring.validity.warm", str(listed), str(processes)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY, env=environment) as warm:
            assert warm.stdout is not None
            try:
                for line in warm.stdout:
                    yield _outcome(json.loads(line))
            finally:
                warm.terminate()  # nothing where it has ended; its children have gone with it
    if warm.returncode != 0:
        raise JobError(f"the process that runs the checks ended with {warm.returncode}")


def _outcome(data: dict[str, Any]) -> Outcome:
    return Outcome(data["name"], tuple(map(Verdict.from_json, data["verdicts"])), data["lines"], data["problem"])
