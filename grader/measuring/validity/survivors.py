"""Runs the checks on every mutant of a solution, and says which of them survive.

A mutant is killed where a check that is worth points does not pass: it fails, it gives a part of its points, or the
code does not end.  First the checks of the mutated module's own tasks run.  Only where they all pass, those of the
tasks run whose modules import it.  Graded training is left out, except for a module that holds choices only, as a
recipe does; there, one that survives has reached the threshold, and is right.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, replace

from exercises.assignment import load_assignment
from exercises.checking import Status
from grader.authoring.dependents import dependents
from grader.authoring.galleries import solution_files

from .harmless import harmless_mutants
from .jobs import SEED, Job, Outcome, Run, checks_in
from .mutate import Mutant, mutants

ANOTHER_CHOICE = "Another choice: whichever reaches the threshold is right."
CHECK_S = 5.0  # a check takes less than 0.2 s of processor time on the solution
TRAINING_S = 120.0


@dataclass(frozen=True)
class Fate:
    """What became of a mutant.

    Attributes:
        task:      the first task of the mutated module.
        killed_by: the checks that did not pass, without those that were not run.
        elsewhere: whether its own tasks' checks pass, and only those of tasks that build on it do not.
        harmless:  why it is a right answer too, from the list; "" where it is not listed.
    """

    mutant: Mutant
    task: str
    killed_by: tuple[str, ...] = ()
    elsewhere: bool = False
    harmless: str = ""

    @property
    def counts(self) -> bool:
        """Whether it is one that the checks should kill."""
        return bool(self.killed_by) or not self.harmless


@functools.cache
def holds_choices(assignment: str, module: str) -> bool:
    """Whether a module is judged by training alone: every check of its tasks that is worth points trains."""
    tasks = {task.name for task in load_assignment(assignment).tasks if task.module == module}
    scored = [check for check in checks_in(assignment) if check.task in tasks and check.points > 0]
    return bool(scored) and all(check.trains for check in scored)


def all_mutants(assignment: str, choices: bool = True) -> tuple[Mutant, ...]:
    """The mutants of every module, in the order of the tasks.  Modules that hold choices only may be left out."""
    files = solution_files(assignment)
    chosen = [name for name in files if choices or not holds_choices(assignment, name)]
    return tuple(mutant for name in chosen for mutant in mutants(files[name], name))


def fates(assignment: str, chosen: tuple[Mutant, ...], run: Run) -> Iterator[Fate]:
    """Run the checks on each mutant and yield what became of it.

    One that survives its own tasks' checks comes after all that do not.
    """
    tasks = tuple(load_assignment(assignment).tasks)
    own = {name: tuple(task.name for task in tasks if task.module == name) for name in solution_files(assignment)}
    later = dependents(solution_files(assignment))
    open_fates: list[Fate] = []
    jobs = {str(i): _job(assignment, str(i), mutant, own[mutant.module]) for i, mutant in enumerate(chosen)}
    for outcome in run(list(jobs.values())):
        mutant = chosen[int(outcome.name)]
        fate = _judged(Fate(mutant, own[mutant.module][0]), outcome)
        if fate.killed_by or not later[mutant.module]:
            yield _with_reason(fate, assignment)
        else:
            open_fates.append(fate)
    others = [tuple(task for name in later[fate.mutant.module] for task in own[name]) for fate in open_fates]
    second = [
        _job(assignment, str(i), fate.mutant, names)
        for i, (fate, names) in enumerate(zip(open_fates, others, strict=True))
    ]
    for outcome in run(second):
        fate = _judged(open_fates[int(outcome.name)], outcome)
        yield _with_reason(replace(fate, elsewhere=bool(fate.killed_by)), assignment)


def _job(assignment: str, name: str, mutant: Mutant, tasks: tuple[str, ...]) -> Job:
    choice = holds_choices(assignment, mutant.module)
    training = load_assignment(assignment).training
    checks = tuple(
        check.id
        for check in checks_in(assignment)
        if check.task in tasks and check.points > 0 and (choice or not (check.trains and check.task in training))
    )
    files = solution_files(assignment) | {mutant.module: mutant.text}
    return Job(name, assignment, files, checks, SEED, TRAINING_S if choice else CHECK_S)


def _judged(fate: Fate, outcome: Outcome) -> Fate:
    failed = tuple(v.check for v in outcome.verdicts if v.status in (Status.FAILED, Status.PARTLY))
    return replace(fate, killed_by=(*fate.killed_by, *failed))


def _with_reason(fate: Fate, assignment: str) -> Fate:
    if holds_choices(assignment, fate.mutant.module) and not fate.killed_by:
        return replace(fate, harmless=ANOTHER_CHOICE)
    reasons = [entry.reason for entry in harmless_mutants(assignment) if entry.fits(fate.mutant)]
    return replace(fate, harmless=reasons[0] if reasons else "")
