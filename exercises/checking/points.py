"""Points that can be foreseen at home: those that public checks give, and what the hidden ones are about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..assignment import Assignment
from ..given import HiddenPart
from .check import Check
from .verdict import Verdict

HUNDREDTHS = 9  # decimals to which sums of hundredths are rounded, far below one


@dataclass(frozen=True)
class Foreseen:
    """What a task, or its extra credit, is worth.

    Attributes:
        passed: points that the public checks give now.
        points: all that there are, those of hidden checks included.
        hidden: those that only grading gives.
        topics: what the hidden checks are about, in a word or two each; empty where nobody says it.
    """

    task: str
    passed: float
    points: float
    hidden: float
    topics: tuple[str, ...] = ()
    extra: bool = False

    def __str__(self) -> str:
        name = f"{self.task}, extra credit" if self.extra else self.task
        words = f"{name}: passed {self.passed:g} of {self.points:g} points"
        if not self.hidden:
            return words
        about = f": {', '.join(self.topics)}" if self.topics else ""
        return f"{words}; {self.hidden:g} {'is' if self.hidden == 1 else 'are'} hidden{about}"


def foreseen(
    facts: Assignment,
    tasks: Iterable[str],
    checks: Iterable[Check],
    verdicts: Iterable[Verdict],
    hidden: Iterable[HiddenPart],
) -> tuple[Foreseen, ...]:
    """What each of these tasks is worth, and its extra credit where it has some.

    The points that no public check gives are hidden; of extra credit, `hidden` alone says them.

    Args:
        checks: the public ones of these tasks.
        hidden: what the release says of hidden checks; empty in the course's own folder.
    """
    found = []
    public, given, parts = list(checks), list(verdicts), list(hidden)
    for task in tasks:
        for extra in (False, True):
            seen = sum(one.points for one in public if one.task == task and one.extra is extra)
            passed: float = sum(one.points for one in given if one.task == task and one.extra is extra)
            mine = [part for part in parts if part.task == task and part.extra is extra]
            total = seen + sum(part.points for part in mine) if extra else facts.task(task).points
            topics = tuple(dict.fromkeys(part.topic for part in mine if part.topic))
            if total:
                passed, total, left = (round(number, HUNDREDTHS) for number in (passed, total, total - seen))
                found.append(Foreseen(task, passed, total, left, topics, extra))
    return tuple(found)
