"""Grading one submission: a pure function of its bytes, the assignment and the course's terms."""

from __future__ import annotations

import functools
import time
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import torch

from datasets import load_digits
from datasets.cache import cache_path
from datasets.digits import GENERATED_SIZES, derived_seed
from exercises.assignment import Assignment, load_assignment
from exercises.checking import Check, LocalStudent, Status, StudentError, Verdict
from exercises.checking.catalogue import checks_of
from exercises.checking.run import run_check

from .hidden_data import HiddenData
from .notebook.cells import cells_to_run, safe_outputs
from .release.bundle import sandbox_bundle
from .results import Graded, Output
from .sandbox.client import Container, SandboxError, SessionEnded
from .sandbox.inside.confine import Limits
from .sandbox.remote import Budget, RemoteStudent
from .submission import Submission
from .terms import Terms


class Reference(LocalStudent):
    """The solution, with the interface that checks know from the student; `hidden` holds the private data."""

    def __init__(self, terms: Terms) -> None:
        super().__init__(f"solutions.{terms.assignment}")
        self._assignment = load_assignment(terms.assignment)
        self.hidden = HiddenData(terms.assignment, terms.seed, terms.source)

    def package_of(self, module: str) -> str:
        return super().package_of(module) if module in self._assignment.modules else self._assignment.package


def graded_checks(assignment: Assignment) -> list[Check]:
    """Public and hidden checks that are worth points, task by task; those without points only inform students."""
    checks = checks_of(assignment, f"exercises.{assignment.name}.checks", f"grader.checks.{assignment.name}")
    return [check for check in checks if check.points > 0]


def grade(submission: Submission, terms: Terms, limits: Limits | None = None, budget: Budget | None = None) -> Graded:
    """Run every check, and the notebook once, in a container of the submission's own.

    A fault of the sandbox gives verdicts with Status.ERROR, which book nothing: a person decides.
    """
    torch.set_num_threads(1)  # results must not depend on how many cores there are
    begin = time.perf_counter()
    assignment = load_assignment(terms.assignment)
    checks = graded_checks(assignment)
    verdicts: list[Verdict] = []
    cells: dict[str, list[Output]] = {}
    problems = list(submission.problems)
    container = Container(_files(submission), limits)
    try:
        with container:
            student = RemoteStudent(container, assignment.name, submission.modules, budget or Budget())
            verdicts.extend(_verdicts(checks, student, Reference(terms)))
            cells, remark = _run_notebook(student, submission)
            student.begin_group()  # ends the notebook's process, so that its processor time is counted
            problems += [*student.acts, *remark]
    except SandboxError as error:
        problems.append(f"the grader could not finish: {error}")
        verdicts = [*verdicts, *(_unfinished(check, str(error)) for check in checks[len(verdicts) :])]
    return Graded(
        student=submission.student,
        assignment=assignment.name,
        submission_hash=submission.hash,
        verdicts=tuple(verdicts),
        cells=cells,
        problems=tuple(problems),
        cpu_s=container.usage.cpu_s,
        wall_s=time.perf_counter() - begin,
    )


def _verdicts(checks: list[Check], student: RemoteStudent, reference: Reference) -> Iterator[Verdict]:
    """The verdicts, each task in a fresh process; public checks may show what they expect, hidden ones do not."""
    earlier: dict[str, Verdict] = {}
    for _, group in groupby(checks, key=lambda check: check.task):
        student.begin_group()
        for check in group:
            student.begin_check(seed=0)
            public = check.run.__module__.startswith("exercises.")
            verdict = run_check(check, student, reference, reveal=public, earlier=earlier)
            earlier[check.id] = verdict
            yield verdict


def _run_notebook(student: RemoteStudent, submission: Submission) -> tuple[dict[str, list[Output]], list[str]]:
    """Outputs of the notebook for the eyes of student and TA, and what to tell the TA; no points depend on it."""
    try:
        claimed: Any = student.run_cells(cells_to_run(submission))
    except (SessionEnded, StudentError) as stopped:
        return {}, [f"the notebook did not run to its end: {stopped}"]
    except Exception as error:  # no points depend on it, so it must not cost any
        return {}, [f"the notebook could not be run: {type(error).__name__}: {error}"]
    return safe_outputs(claimed), []


def _files(submission: Submission) -> dict[str, bytes]:
    """The release bundle with the student's modules laid over it."""
    folder = f"exercises/{submission.assignment}"
    own = {f"{folder}/{name}.py": content for name, content in submission.modules.items()}
    given = dict(_bundle(submission.assignment))
    for name in load_assignment(submission.assignment).modules:
        given.pop(f"{folder}/{name}.py")  # a missing module is missing: the stub is not the student's word
    return {**given, **own}


@functools.cache
def _bundle(assignment: str) -> dict[str, bytes]:
    """What students have, and the public generated digits, so that not every container draws them anew."""
    load_digits("generated")
    paths = [cache_path(n, derived_seed(0, split)) for split, n in GENERATED_SIZES.items()]
    digits = {f".cache/{path.name}": path.read_bytes() for path in paths if path.exists()}
    return {**sandbox_bundle(assignment), **digits}


def _unfinished(check: Check, reason: str) -> Verdict:
    return Verdict(
        check.id, check.task, check.idea, Status.ERROR, 0.0, check.points, check.extra, note=f"not run: {reason}"
    )
