"""What a kept result rests on, so that it can be told later whether it still holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from exercises.assignment import load_assignment
from grader.authoring.galleries import right_answers, wrong_answers
from grader.checks.calibrated import best_module
from grader.grading.fingerprint.checked import basis_of
from grader.grading.fingerprint.imports import reach
from grader.grading.fingerprint.versions import hash_files, hash_value
from grader.grading.plan import NOTEBOOK

from .validity.harmless import harmless_mutants

MUTATION = "grader.measuring.validity.mutate"  # the module that makes mutants
BEST = "best"  # in the place of a task: what the reference reaches on real data without a grader's budget


@dataclass(frozen=True)
class RestsOn:
    """What one result rests on.

    Attributes:
        tasks:     the fingerprint of each task's verdicts, without the versions; "notebook" counts as a task.
        versions:  of Python and the packages that compute, by name, without what stands behind a "+".
        galleries: hash of the answers that were judged; empty where none were.
        before:    for results that are older than fingerprints: when they were measured, in words.
    """

    tasks: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    galleries: str = ""
    before: str = ""

    def to_json(self) -> dict[str, Any]:
        """The parts that are not empty."""
        return {name: value for name, value in asdict(self).items() if value}

    def changes(self, now: RestsOn) -> list[str]:
        """What is another one now, in words; nothing where the result still holds."""
        if self.before:
            return [self.before]
        found = []
        if tasks := [name for name in {**self.tasks, **now.tasks} if self.tasks.get(name) != now.tasks.get(name)]:
            found.append(f"other verdict code: {', '.join(tasks)}")
        for name in sorted({**self.versions, **now.versions}):
            then, today = self.versions.get(name, "none"), now.versions.get(name, "none")
            if then != today:
                found.append(f"{name} was {then}, is {today}")
        if self.galleries != now.galleries:
            found.append("other answers in the galleries")
        return found


def read_rests_on(record: Mapping[str, Any]) -> RestsOn | None:
    """What a record says that it rests on; None where it does not say so, or not in a form that can be compared."""
    found = record.get("rests_on")
    if not isinstance(found, dict) or not (found.get("before") or found.get("tasks")):
        return None
    try:
        return RestsOn(**found)
    except TypeError:
        return None


def validity_rests_on(assignment: str, training: bool) -> RestsOn:
    """The checks of all tasks, thresholds included, both galleries, and the mutants.

    Args:
        training: whether answers were trained; without, the tasks that train were not judged.
    """
    facts = load_assignment(assignment)
    tasks = [task.name for task in facts.tasks if training or task.name not in facts.training]
    return _rests_on(assignment, tasks, thresholds=True, galleries=_answers(assignment, wrong=True, mutants=True))


def calibration_rests_on(assignment: str, task: str, wrong: bool) -> RestsOn:
    """A task's checks without the thresholds, which follow from the result.

    Args:
        wrong: whether wrong answers were trained beside the right ones.
    """
    return _rests_on(assignment, [task], thresholds=False, galleries=_answers(assignment, wrong=wrong))


def best_rests_on(assignment: str) -> RestsOn:
    """The tasks that train, and what measures the reference; no answers of the galleries."""
    found = _rests_on(assignment, load_assignment(assignment).training, thresholds=False)
    return replace(found, tasks={**found.tasks, BEST: hash_files(reach([best_module(assignment)]).files)})


def costs_rest_on(assignment: str) -> RestsOn:
    """Everything that grading runs."""
    groups = (*(task.name for task in load_assignment(assignment).tasks), NOTEBOOK)
    return _rests_on(assignment, groups, thresholds=True)


def _rests_on(assignment: str, tasks: Iterable[str], *, thresholds: bool, galleries: str = "") -> RestsOn:
    hashes: dict[str, str] = {}
    versions: dict[str, str] = {}
    for task in tasks:
        basis = basis_of(assignment, task)
        hashes[task] = hash_value([basis.code, basis.threshold]) if thresholds else basis.code
        versions |= {name: version.partition("+")[0] for name, version in basis.versions.items()}
    return RestsOn(hashes, versions, galleries)


def _answers(assignment: str, *, wrong: bool, mutants: bool = False) -> str:
    """Hash of the answers that are judged: right ones, mistakes with what catches them, and how mutants are made."""
    found: list[Any] = [[one.name, one.files()] for one in right_answers(assignment)]
    if wrong:
        found += [{**asdict(one), "description": "", "files": one.files()} for one in wrong_answers(assignment)]
    if mutants:
        found += [{**asdict(one), "reason": ""} for one in harmless_mutants(assignment)]
        found.append(hash_files(reach([MUTATION]).files))
    return hash_value(found)
