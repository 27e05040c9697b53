"""Grades a submission of an assignment of ours: its container, the session in it, and the checks of each group."""

from __future__ import annotations

import functools
import json
import time
from collections.abc import Iterator, Sequence

import torch

from exercises.assignment import load_assignment
from exercises.checking import Check, Status, StudentError, Verdict
from grader.checks.private.kinds import public_files
from grader.grading.plan import NOTEBOOK, Group
from grader.model.problems import Kind, Problem, unfinished
from grader.model.results import Output, Part
from grader.model.submission import Submission
from grader.notebook.outputs import Space, fit_to_show, safe_outputs
from grader.release.packages import is_program, sandbox_bundle
from grader.sandbox.errors import SandboxError, SessionEndedError
from grader.sandbox.inside.confine import Limits
from grader.sandbox.outside.budget import Budget, container_limits
from grader.sandbox.outside.bytecode import compiled
from grader.sandbox.outside.container import Container
from grader.sandbox.outside.given import GivenFiles
from grader.sandbox.outside.student import RemoteStudent
from grader.sandbox.protocol import DATA_FOLDER

from .notebook import cells_to_run
from .one_check import judge
from .reference import Reference

MAX_NOTEBOOK_CHARACTERS = 16 << 20  # as JSON, of all cells together


def run_groups(
    submission: Submission,
    groups: Sequence[Group],
    seed: int,
    source: str,
    limits: Limits | None = None,
    budget: Budget | None = None,
) -> tuple[Part, ...]:
    """Run the checks of these groups, each in a fresh process of the submission's own container.

    A fault of the sandbox gives verdicts with Status.ERROR, which book nothing: a person decides.

    Args:
        seed:   the course's private one.
        source: the data that trainings are judged on.
    """
    torch.set_num_threads(1)  # results must not depend on how many cores there are
    parts: list[Part] = []
    facts = load_assignment(submission.assignment)
    budget = budget or Budget.of(facts.limits)
    limits = limits or container_limits(facts.limits, budget)
    files = files_of(submission)
    if any(group.name == NOTEBOOK for group in groups):
        files |= public_data(submission.assignment)
    container = Container(files, limits, shelf(submission.assignment))
    try:
        with container:
            student = RemoteStudent(container, submission.assignment, submission.modules, budget, facts.given)
            reference = Reference(submission.assignment, seed, source, submission.student)
            for group in groups:
                parts.append(_part(group, submission, student, reference, budget.check_wall_s))
    except SandboxError as error:
        parts += [_unfinished(group, str(error)) for group in groups[len(parts) :]]
    return tuple(parts)


def _part(group: Group, submission: Submission, student: RemoteStudent, reference: Reference, limit_s: float) -> Part:
    begin, spent, acts = time.perf_counter(), student.cpu_s, len(student.acts)
    verdicts: tuple[Verdict, ...] = ()
    cells: dict[str, list[Output]] = {}
    remarks: list[Problem] = []
    if group.name != NOTEBOOK:
        reference.remarks.clear()
        verdicts = tuple(_verdicts(group.checks, student, reference, limit_s))
        remarks = list(reference.remarks)
    elif submission.notebook is not None:
        cells, remarks = _run_notebook(student, submission)
    student.end()  # so that the processor time of its processes is counted
    return Part(
        group=group.name,
        verdicts=verdicts,
        cells=cells,
        problems=(*(Problem(Kind.TAMPERING, act) for act in student.acts[acts:]), *remarks),
        cpu_s=student.cpu_s - spent,
        wall_s=time.perf_counter() - begin,
    )


def _verdicts(
    checks: tuple[Check, ...], student: RemoteStudent, reference: Reference, limit_s: float
) -> Iterator[Verdict]:
    """The verdicts of one task, each check in a process that is seeded anew.

    Args:
        limit_s: seconds on the clock after which a check is at fault.
    """
    earlier: dict[str, Verdict] = {}
    for check in checks:
        student.begin(seed=0)
        earlier[check.id] = judge(check, student, reference, earlier, limit_s)
        yield earlier[check.id]


def _run_notebook(student: RemoteStudent, submission: Submission) -> tuple[dict[str, list[Output]], list[Problem]]:
    """Outputs of the notebook for the eyes of student and TA, and what to tell the TA; no points depend on it."""
    found: dict[str, list[Output]] = {}
    room, space = MAX_NOTEBOOK_CHARACTERS, Space()
    try:
        for cell, claimed in student.run_cells(cells_to_run(submission)):
            shown, _ = fit_to_show(safe_outputs(claimed), space)
            room -= len(json.dumps(shown))
            if room < 0:
                return found, [Problem(Kind.CRASHED, "the notebook was stopped: its outputs are too large together")]
            found[cell] = shown
    except (SessionEndedError, StudentError) as stopped:
        return found, [Problem(Kind.CRASHED, f"the notebook did not run to its end: {stopped}")]
    except Exception as error:  # no points depend on it, so it must not cost any
        return found, [Problem(Kind.CRASHED, f"the notebook could not be run: {type(error).__name__}: {error}")]
    return found, []


def files_of(submission: Submission) -> dict[str, bytes]:
    """The student's modules with the given files beside them.  A missing module is missing: no stub takes its place.

    What is given stays as it is, whatever a module of the student's is called.
    """
    folder = f"exercises/{submission.assignment}"
    own = {f"{folder}/{name}.py": content for name, content in submission.modules.items()}
    return {**own, **given_files(submission.assignment)}


@functools.cache
def shelf(assignment: str) -> GivenFiles | None:
    """The given files that are no code: they may be large, and come to the sandbox once."""

    def read() -> dict[str, bytes]:
        return sandbox_bundle(assignment, lambda path: not is_program(path))

    return GivenFiles.of(read) if read() else None


@functools.cache
def given_files(assignment: str) -> dict[str, bytes]:
    """The code that students have beside their own modules; what else is given lies on the `shelf`."""
    facts = load_assignment(assignment)
    stubs = {f"exercises/{assignment}/{name}.py" for name in facts.modules}
    files = {path: content for path, content in sandbox_bundle(assignment, is_program).items() if path not in stubs}
    return {**files, **compiled(files)}


@functools.cache
def public_data(assignment: str) -> dict[str, bytes]:
    """The public data, so that no notebook makes them anew."""
    return {f"{DATA_FOLDER}{path.name}": path.read_bytes() for path in public_files(assignment)}


def _unfinished(group: Group, reason: str) -> Part:
    verdicts = tuple(
        Verdict(c.id, c.task, c.idea, Status.ERROR, 0.0, c.points, c.extra, note=f"not run: {reason}")
        for c in group.checks
    )
    return Part(group.name, verdicts, problems=(unfinished(reason),), finished=False)
