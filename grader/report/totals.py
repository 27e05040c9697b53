"""Points of the whole course: what counts as known, average, and how long grading took."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean, median

from .facts import Facts


@dataclass(frozen=True)
class Totals:
    """Points that are known, from low to high.

    Attributes:
        complete: whether they are totals; False: the checks' points alone, since not every total is known.
        maximum:  without extra credit.
        missing:  students in the gradebook whose points are not known; they are left out and never counted as 0.
        questions_open: students with points from the checks, but with a written question that nobody has marked.
    """

    values: tuple[float, ...]
    complete: bool
    maximum: float
    missing: int
    questions_open: int

    @property
    def mean(self) -> float:
        return fmean(self.values)

    @property
    def middle(self) -> float:
        return median(self.values)


@dataclass(frozen=True)
class Times:
    """Processor seconds in the sandbox and seconds on the clock, of each graded submission, from low to high."""

    cpu_s: tuple[float, ...]
    wall_s: tuple[float, ...]


def totals(facts: Facts) -> Totals:
    """Totals where all whose tasks are marked have one; else the points from the checks, for all alike."""
    checked = [grades for grades in facts.grades if grades.from_checks is not None]
    known = [grades.total for grades in checked if grades.total is not None]
    from_checks = [grades.from_checks for grades in checked if grades.from_checks is not None]
    complete = len(known) == len(checked)
    tasks = sum(task.points for task in facts.assignment.tasks)
    questions = sum(question.points for question in facts.assignment.questions)
    return Totals(
        values=tuple(sorted(known if complete else from_checks)),
        complete=complete,
        maximum=tasks + questions if complete else tasks,
        missing=facts.students - len(checked),
        questions_open=sum(None in grades.questions.values() for grades in checked),
    )


def times(facts: Facts) -> Times:
    return Times(
        tuple(sorted(result.cpu_s for result in facts.graded if result.cpu_s is not None)),
        tuple(sorted(result.wall_s for result in facts.graded if result.wall_s is not None)),
    )
