"""One grade, and the total of many: where nobody has marked yet is None, and None spreads into the total."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum
from typing import Any


@dataclass(frozen=True)
class Grade:
    """The points of one task or question.

    Attributes:
        points:  without extra credit; None is "not marked yet", which is not 0.
        extra:   extra credit on top, of the checks and what a person added.
        by_hand: whether a person set the points, which overrules the checks.
    """

    points: float | None
    maximum: float
    extra: float = 0.0
    by_hand: bool = False

    @classmethod
    def of(cls, row: Any) -> Grade:
        """A row of nbgrader's: a person's mark, or else the checks'; neither while it waits for a person."""
        by_hand = row.manual_score is not None
        points = row.manual_score if by_hand else row.auto_score
        if row.needs_manual_grade:  # an older mark by hand does not count either
            points, by_hand = None, False
        return cls(points, row.max_score, row.extra_credit or 0.0, by_hand)


@dataclass(frozen=True)
class Total:
    """The points of a whole submission, or of some of its parts.

    Attributes:
        earned:  of all parts that are marked, with their extra credit, before anything is taken off.
        extra:   extra credit among them.
        penalty: points taken off for lateness.
        maximum: of all parts, without extra credit.
        waiting: the maximum of the parts that are not marked yet.
    """

    earned: float
    extra: float
    penalty: float
    maximum: float
    waiting: float
    complete: bool

    @classmethod
    def of(cls, grades: Iterable[Grade], penalty: float = 0.0) -> Total:
        """Add up, in any order the same to the last digit; what is not marked yet is left out, and said so."""
        grades = list(grades)
        marked = [(grade.points, grade.extra) for grade in grades if grade.points is not None]
        return cls(
            earned=fsum(number for pair in marked for number in pair),
            extra=fsum(extra for _, extra in marked),
            penalty=penalty,
            maximum=fsum(grade.maximum for grade in grades),
            waiting=fsum(grade.maximum for grade in grades if grade.points is None),
            complete=len(marked) == len(grades),
        )

    @property
    def so_far(self) -> float:
        """What is marked, less the penalty, at least 0."""
        return max(0.0, self.earned - self.penalty)

    @property
    def points(self) -> float | None:
        """`so_far` where everything is marked; None while any part is not."""
        return self.so_far if self.complete else None

    @property
    def before_penalty(self) -> float | None:
        """`earned` where everything is marked; None while any part is not."""
        return self.earned if self.complete else None
