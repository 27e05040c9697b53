"""Mutation scores: what share of the mutants that are wrong answers the checks kill.

A task's score is killed / (all - harmless) over the mutants of its module, where harmless are those that survive and
stand in the solution's list of harmless mutants.

A check's score looks at the code that it exercises: of the mutants in those lines of its task's module that run while
this check runs on the solution, without the harmless ones, the share that is killed, by whichever check.  So a low
score says that code which this check runs is held in place neither by it nor by those beside it.  How many a check
kills itself, and how many it alone kills, stands beside the score: a check that only looks at shapes is not meant to
kill those that change values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from exercises.assignment import load_assignment

from .jobs import Outcome
from .survivors import Fate

Lines = dict[str, dict[str, list[int]]]


@dataclass(frozen=True)
class TaskScore:
    """The mutants of one task's module.

    Attributes:
        elsewhere: how many are killed only by the checks of tasks that build on it.
    """

    task: str
    mutants: int
    harmless: int
    killed: int
    elsewhere: int

    @property
    def score(self) -> float | None:
        return share(self.killed, self.mutants - self.harmless)


@dataclass(frozen=True)
class CheckScore:
    """The mutants of the task's module, without the harmless ones, in the lines that run while one check runs.

    Attributes:
        killed: by any check.
        itself: by this one.
        alone:  by this one and by no other.
    """

    check: str
    mutants: int
    killed: int
    itself: int
    alone: int

    @property
    def score(self) -> float | None:
        return share(self.killed, self.mutants)


def share(part: int, whole: int) -> float | None:
    """Their quotient, and None of nothing."""
    return part / whole if whole else None


def task_scores(assignment: str, found: Sequence[Fate]) -> tuple[TaskScore, ...]:
    """In the order of the tasks; a task without mutants is left out."""
    scores = []
    for task in load_assignment(assignment).tasks:
        mine = [fate for fate in found if fate.task == task.name]
        if mine:
            counted = [fate for fate in mine if fate.counts]
            killed = sum(bool(fate.killed_by) for fate in counted)
            elsewhere = sum(fate.elsewhere for fate in counted)
            scores.append(TaskScore(task.name, len(mine), len(mine) - len(counted), killed, elsewhere))
    return tuple(scores)


def check_scores(checks: Sequence[str], found: Sequence[Fate], solution: Outcome) -> tuple[CheckScore, ...]:
    """One score for each check, from a traced run of them on the solution."""
    return tuple(_check_score(check, found, solution.lines.get(check, {})) for check in checks)


def _check_score(check: str, found: Sequence[Fate], lines: dict[str, list[int]]) -> CheckScore:
    reached = [fate for fate in found if fate.counts and _runs(fate, check.split(".")[0], lines)]
    return CheckScore(
        check,
        len(reached),
        sum(bool(fate.killed_by) for fate in reached),
        sum(check in fate.killed_by for fate in reached),
        sum(fate.killed_by == (check,) for fate in reached),
    )


def _runs(fate: Fate, task: str, lines: dict[str, list[int]]) -> bool:
    mutant = fate.mutant
    return fate.task == task and any(mutant.first <= line <= mutant.last for line in lines.get(mutant.module, ()))
