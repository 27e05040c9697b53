"""Wrong answers: each mistake should be caught by the checks that it names, and by no others."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from exercises.assignment import load_assignment
from exercises.checking import Check, Status
from grader.authoring.dependents import dependents
from grader.authoring.galleries import WrongAnswer, solution_files, wrong_answers

from .jobs import SEED, Job, Outcome, Run, checks_in

CHECK_S, ENDLESS_S = 120.0, 4.0

# What a cell of the matrix says.
FAILED, NOT_RUN, PASSED, PARTLY = "x", "-", ".", "p"  # as the mistake says
MISSED, SURPRISE, LEFT_OUT = "!", "?", " "  # named, but passed; not named, but not passed; not run here
FAULT = "e"  # says nothing of the mistake
MEANINGS = {
    FAILED: "fails, as the mistake says",
    NOT_RUN: "not run, since it needs one that fails",
    PARTLY: "gives the part of its points that the mistake says",
    PASSED: "passes, since the mistake does not touch it",
    MISSED: "passes, though the mistake names it",
    SURPRISE: "does not pass, though the mistake does not name it",
    FAULT: "failed itself: the fault is listed above",
    LEFT_OUT: "did not run here: it trains, and the mistake does not say what it does to training",
}


@dataclass(frozen=True)
class WrongRow:
    """One mistake.

    Attributes:
        module: the module with the mistake; "" where it is in all of them.
        cells:  what each check made of it, by id.
    """

    name: str
    description: str
    module: str
    cells: dict[str, str] = field(default_factory=dict)

    @property
    def caught(self) -> bool:
        """Whether any check fails."""
        return any(cell in (FAILED, PARTLY, SURPRISE) for cell in self.cells.values())

    @property
    def by_named_check(self) -> bool:
        """Whether the checks that it names fail (or need one that does), and all others pass."""
        return self.caught and not self.unexpected

    @property
    def unexpected(self) -> tuple[str, ...]:
        """The checks that did something else than the mistake says."""
        return tuple(check for check, cell in self.cells.items() if cell in (MISSED, SURPRISE))


def judge_wrong(
    assignment: str, training: bool, run: Run, *, everywhere: bool = True, names: Collection[str] | None = None
) -> Iterator[WrongRow]:
    """Run the checks on every mistake, or on those of these names.

    Without `training` those are left out that nothing but a training could catch.  Unless `everywhere`, so are those
    of the tasks whose modules neither hold the mistake nor import one that does.
    """
    checks = checks_in(assignment)
    solution = solution_files(assignment)
    later = dependents(solution)
    tasks = load_assignment(assignment).tasks
    judged = {}
    for answer in wrong_answers(assignment):
        if names is not None and answer.name not in names:
            continue
        mistaken = [name for name, text in answer.files().items() if text != solution.get(name)]
        reached = {*mistaken, *(other for name in mistaken for other in later.get(name, ()))}
        near = {task.name for task in tasks if everywhere or task.module in reached}
        chosen = tuple(
            check.id
            for check in checks
            if (check.task in near or _is_named(answer, check.id)) and _wanted(answer, check, checks, training)
        )
        if any(_is_named(answer, check) for check in chosen):
            judged[answer.name] = answer, chosen
    jobs = [
        Job(name, assignment, answer.files(), chosen, SEED, CHECK_S if answer.ends else ENDLESS_S)
        for name, (answer, chosen) in judged.items()
    ]
    for outcome in run(jobs):
        answer, chosen = judged[outcome.name]
        yield WrongRow(answer.name, answer.description, answer.module, _cells(answer, checks, chosen, outcome))


def _wanted(answer: WrongAnswer, check: Check, checks: Sequence[Check], training: bool) -> bool:
    """Training takes seconds, so it runs only where it counts and where the mistake says what comes of it."""
    if not check.trains:
        return True
    says = any(_is_named(answer, one.id) for one in checks if one.trains)
    return training and says and check.points > 0


def _is_named(answer: WrongAnswer, check: str) -> bool:
    return answer.catches(check) or check in answer.partly


def _cells(answer: WrongAnswer, checks: tuple[Check, ...], chosen: tuple[str, ...], outcome: Outcome) -> dict[str, str]:
    cells = {check.id: LEFT_OUT for check in checks}
    cells |= {check: FAILED if answer.catches(check) else SURPRISE for check in chosen}  # the process may have died
    for verdict in outcome.verdicts:
        if verdict.status is Status.ERROR:
            cell = FAULT
        elif verdict.check in answer.partly:
            low, high = answer.partly[verdict.check]
            cell = PARTLY if low <= verdict.points <= high else SURPRISE
        elif verdict.status is Status.PASSED:
            cell = MISSED if answer.catches(verdict.check) else PASSED
        elif not answer.catches(verdict.check):
            cell = SURPRISE
        else:
            cell = NOT_RUN if verdict.status is Status.NOT_RUN else FAILED
        cells[verdict.check] = cell
    return cells
