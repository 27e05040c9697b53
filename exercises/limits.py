"""What code may take while it is graded: [limits] of assignment.toml, each number within bounds.

MB are 2**20 bytes, KB 2**10, seconds are processor time.  What a key leaves out is as it is for every assignment.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Range:
    """The lowest and the highest value that an assignment may set."""

    lowest: float
    highest: float


@dataclass(frozen=True)
class AssignmentLimits:
    """What the code of one submission may take, as [limits] of assignment.toml says.

    Attributes:
        memory_mb:    memory of one process, beside what Python and torch take; all processes together have twice that.
        request_s:    one question of a check.
        training_s:   one question that trains.
        import_s:     importing one module and all that it imports, in each process anew.
        notebook_s:   the cells of the notebook together, imports included.
        submission_s: all that the checks of one submission ask, imports apart.
        answer_mb:    tensors of one answer.
        given_mb:     given files together, as they lie in the student's folder.
        record_kb:    how a network is built and the longest of its passes, the numbers that it brings along included.
    """

    memory_mb: int = 1024
    request_s: float = 2
    training_s: float = 12
    import_s: float = 20
    notebook_s: float = 32
    submission_s: float = 90
    answer_mb: int = 16
    given_mb: int = 100
    record_kb: int = 40

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> AssignmentLimits:
        """The limits that a [limits] table sets.

        Raises:
            ValueError: there is no such key, or its value is out of bounds; the message names key, value and bounds.
        """
        for key, value in table.items():
            if key not in RANGES:
                near = difflib.get_close_matches(key, RANGES, 1)
                advice = f"is {near[0]} meant?" if near else f"choose from {', '.join(RANGES)}"
                raise ValueError(f"[limits] has no key {key}: {advice}")
            _require_in_range(key, value, RANGES[key])
        limits = cls(**table)
        for key in ("request_s", "training_s", "import_s"):
            if getattr(limits, key) > limits.submission_s:
                raise ValueError(
                    f"[limits] {key} = {getattr(limits, key):g} is more than all questions of a submission may take "
                    f"together, submission_s = {limits.submission_s:g}: raise that one too"
                )
        return limits


USUAL = AssignmentLimits()
RANGES = {
    "memory_mb": Range(256, 8192),
    "request_s": Range(1, 60),
    "training_s": Range(2, 600),
    "import_s": Range(5, 120),
    "notebook_s": Range(10, 600),
    "submission_s": Range(30, 3600),
    "answer_mb": Range(1, 64),
    "given_mb": Range(1, 500),
    "record_kb": Range(16, 4096),
}
WHOLE = frozenset(one.name for one in fields(AssignmentLimits) if one.type == "int")


def _require_in_range(key: str, value: object, allowed: Range) -> None:
    kinds = int if key in WHOLE else (int, float)
    if isinstance(value, bool) or not isinstance(value, kinds) or not allowed.lowest <= value <= allowed.highest:
        kind = "a whole number" if key in WHOLE else "a number"
        raise ValueError(f"[limits] {key} = {value!r}, but it is {kind} from {allowed.lowest:g} to {allowed.highest:g}")
