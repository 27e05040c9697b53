"""What needs a person after grading, sorted by what the person has to do."""

from __future__ import annotations

from dataclasses import dataclass, replace

from exercises.checking import Cause, Status, Verdict
from grader.batch.desk import Done
from grader.model.problems import Kind, Problem
from grader.model.results import Graded
from grader.model.text import clean

MAX_TEXT_LENGTH = 300  # characters of one text

# A module does not import, or its process is gone.
CRASHES = {
    Cause.UNREADABLE,
    Cause.NOT_FOUND,
    Cause.ON_IMPORT,
    Cause.STOPPED,
    Cause.CRASHED,
    Cause.ENDED,
    Cause.GIVEN_UP,
}
# Each of these may stop every check of a task; a single one is a wrong answer, or told as an act.
EXCEPTIONS = {Cause.RAISED, Cause.LOST}

TITLES = {
    Kind.AT_FAULT: "Checks that failed themselves, so that their tasks wait: mend the check and grade again",
    Kind.NOT_GRADED: "Not graded, or not all of it: a file is missing or was refused, or the grader failed",
    Kind.CRASHED: "Crashed: a module does not import, or the code was stopped",
    Kind.PROPOSED: "Points proposed, so that their tasks wait: read the code, then enter the points in formgrader",
    Kind.DOUBTFUL: "Doubtful: a mistake or an act, to be read before anything is said",
    Kind.TAMPERING: "Acts against the grader, to be read",
}


@dataclass(frozen=True)
class Fault:
    """A check that failed itself: what it raised and where, and the traceback."""

    check: str
    what: str
    traceback: str


def faults(done: Done) -> tuple[Fault, ...]:
    """The checks that failed themselves on one submission."""
    verdicts = done.graded.verdicts if done.graded else ()
    return tuple(Fault(one.check, clean(one.fault), clean(one.note)) for one in verdicts if one.fault)


def needs(done: Done) -> tuple[Problem, ...]:
    """Everything about one submission that needs a person, written answers apart: those wait in formgrader."""
    found = [Problem(Kind.NOT_GRADED, done.problem)] if done.problem else []
    if done.graded is not None:
        found += [Problem(Kind.AT_FAULT, f"the check {one.check} failed itself: {one.what}") for one in faults(done)]
        found += done.graded.problems
        if done.graded.unfinished and not found:
            found.append(Problem(Kind.NOT_GRADED, "the grader could not finish; `show` says why"))
        found += [Problem(Kind.CRASHED, text) for text in _crashes(done.graded)]
        found += done.graded.proposals
    return tuple(map(_fit_to_print, dict.fromkeys(found)))


def proposals(done: Done) -> dict[str, tuple[Problem, ...]]:
    """Those of the `needs` that are points only proposed, by their tasks."""
    found: dict[str, tuple[Problem, ...]] = {}
    if done.graded is not None:
        for verdict, problem in zip(done.graded.proposed, done.graded.proposals, strict=True):
            found[verdict.task] = (*found.get(verdict.task, ()), _fit_to_print(problem))
    return found


def _fit_to_print(problem: Problem) -> Problem:
    return replace(problem, text=" ".join(clean(problem.text, MAX_TEXT_LENGTH).split()))


def _crashes(graded: Graded) -> list[str]:
    """What stopped the code of a task as a whole, each with the tasks that it cost; a single exception is none."""
    tasks: dict[str, dict[str, None]] = {}
    for verdict in graded.verdicts:
        if _is_told_as_missing(graded, verdict):
            continue
        if verdict.status is Status.FAILED and (verdict.cause in CRASHES or _stops_all(graded, verdict)):
            tasks.setdefault(verdict.got, {})[verdict.task] = None
    return [f"{', '.join(names)}: {got}" for got, names in tasks.items()]


def _is_told_as_missing(graded: Graded, verdict: Verdict) -> bool:
    """Whether what was not found is a file that is missing or was refused: that is a problem of its own."""
    missing = {problem.file.removesuffix(".py").replace("/", ".") for problem in graded.problems if problem.file}
    return verdict.cause is Cause.NOT_FOUND and verdict.about in missing


def _stops_all(graded: Graded, verdict: Verdict) -> bool:
    """Whether each check of a task that ran, of two or more, met this very exception: then it is the import's."""
    ran = [one for one in graded.of_task(verdict.task) if one.status is not Status.NOT_RUN]
    return len(ran) > 1 and verdict.cause in EXCEPTIONS and all(one.got == verdict.got for one in ran)
