"""What a person has to read about a submission, each thing of a kind that says what there is to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """In the order in which they are listed."""

    AT_FAULT = "check at fault"  # a check failed itself, so that its task waits
    NOT_GRADED = "not graded"  # a file is missing or was refused, or the grader itself failed
    CRASHED = "crashed"
    PROPOSED = "points proposed"  # they wait for a person
    DOUBTFUL = "doubtful"  # a mistake or an act: only who reads the code can tell
    TAMPERING = "act against the grader"


@dataclass(frozen=True)
class Problem:
    """One thing that a person has to look at.

    Attributes:
        file: the path of the submitted file that is missing or was refused, where that is the problem.
    """

    kind: Kind
    text: str
    file: str = ""

    def __str__(self) -> str:
        return self.text


def missing(file: str) -> Problem:
    """A file that should have been handed in and was not."""
    return Problem(Kind.NOT_GRADED, f"{file} is missing", file)


def refused(file: str, reason: str) -> Problem:
    """A file that was handed in and is not read."""
    return Problem(Kind.NOT_GRADED, f"{file} was refused: {reason}", file)


def unfinished(reason: str) -> Problem:
    """The grader itself failed."""
    return Problem(Kind.NOT_GRADED, f"the grader could not finish: {reason}")


def proposed(check: str, points: float, maximum: float, reason: str) -> Problem:
    """A check that proposes points."""
    return Problem(Kind.PROPOSED, f"{check}: {points:g} of {maximum:g} points are proposed: {reason}")
