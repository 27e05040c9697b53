"""What a check says about an answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How a check ended.  ERROR is a fault of the grader: it is neither 0 nor full points, a person decides."""

    PASSED = "passed"
    PARTLY = "partly"
    FAILED = "failed"
    NOT_RUN = "not run"
    ERROR = "error"


@dataclass(frozen=True)
class Verdict:
    """The outcome of one check, ready to be printed, stored as JSON or added up."""

    check: str
    task: str
    idea: str
    status: Status
    points: float
    max_points: float
    extra: bool = False
    expected: str = ""
    got: str = ""
    hint: str = ""
    note: str = ""  # for the TA, never shown to the student
    seconds: float = 0.0
