"""Results of trainings against their thresholds, and how far the reference's own spread by calibration."""

from __future__ import annotations

import importlib
from collections import Counter
from dataclasses import dataclass
from statistics import median
from typing import Any

from exercises.assignment import Assignment
from grader.checks.calibrated import key_of, read_records

from .facts import Facts


@dataclass(frozen=True)
class Spread:
    """What trainings of the reference reached over private seeds, as shares from 0 to 1."""

    mean: float
    deviation: float
    lowest: float
    trials: int
    date: str


@dataclass(frozen=True)
class Accuracies:
    """One result of everybody whose network was trained.

    Attributes:
        check:     id of the check that judges it; `task`: the title of its task.
        label:     in words: "right", "of known speakers".
        values:    shares from 0 to 1, from low to high.
        untrained: graded submissions without a number: the code stopped, or the recipe was refused.
        threshold: worth full points.
        chance_like: worth nothing.
        spread:    None where nothing was calibrated.
    """

    check: str
    task: str
    idea: str
    label: str
    values: tuple[float, ...]
    untrained: int
    threshold: float
    chance_like: float
    spread: Spread | None = None

    @property
    def reached(self) -> int:
        return sum(value >= self.threshold - 1e-9 for value in self.values)

    @property
    def middle(self) -> float:
        return median(self.values)


def accuracies(facts: Facts) -> tuple[Accuracies, ...]:
    """Every result that anybody's network reached, in the order of the checks."""
    records = read_records()
    found: list[Accuracies] = []
    for check in facts.checks:
        if check.task not in facts.assignment.training:
            continue
        record = records.get(key_of(facts.assignment.name, check.task, facts.source), {})
        verdicts = [v for result in facts.graded for v in result.verdicts if v.check == check.id]
        for name in dict.fromkeys(name for verdict in verdicts for name in verdict.measured):
            mine = [verdict for verdict in verdicts if name in verdict.measured]
            # Verdicts from before a change of the threshold were judged by the old one: most of them decide.
            threshold = Counter(verdict.due[name] for verdict in mine).most_common(1)[0][0]
            found.append(
                Accuracies(
                    check=check.id,
                    task=facts.assignment.task(check.task).title,
                    idea=check.idea,
                    label=label_of(facts.assignment, check.task, name),
                    values=tuple(sorted(verdict.measured[name] for verdict in mine)),
                    untrained=len(verdicts) - len(mine),
                    threshold=threshold,
                    chance_like=facts.assignment.training[check.task].chance_like,
                    spread=_spread(record, name),
                )
            )
    return tuple(found)


def label_of(assignment: Assignment, task: str, name: str) -> str:
    """What a result is a share of, in the words of the task's checks that students have."""
    try:
        words = importlib.import_module(f"{assignment.package}.checks.{task}").words
    except (ImportError, AttributeError):  # a task need not have words of its own
        return name.replace("_", " ")
    return str(words(name))


def _spread(record: dict[str, Any], name: str) -> Spread | None:
    """How far the reference's own result of this name spread."""
    for one in record.get("judgements", []):
        if one["name"] == name:
            return Spread(one["mean"], one["deviation"], one["lowest"], one["trials"], record["date"])
    return None
