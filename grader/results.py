"""What grading one submission yields."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from exercises.checking import Status, Verdict

Output = dict[str, Any]  # one nbformat 4 output: stream, error, or display data limited to text and PNG


@dataclass(frozen=True)
class Graded:
    """The verdicts on one submission, and what its notebook showed.

    Attributes:
        cells:    outputs of the notebook's cells by cell id, as they came out of the sandbox (checked and capped).
        problems: for the TA: refused files, a damaged notebook, acts against the grader.
    """

    student: str
    assignment: str
    submission_hash: str
    verdicts: tuple[Verdict, ...]
    cells: dict[str, list[Output]] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    cpu_s: float = 0.0
    wall_s: float = 0.0

    def of_task(self, task: str) -> tuple[Verdict, ...]:
        return tuple(verdict for verdict in self.verdicts if verdict.task == task)

    def task_points(self, task: str) -> float | None:
        """Points of a task without its extra credit; None where the grader itself failed on one of its checks."""
        mine = [verdict for verdict in self.of_task(task) if not verdict.extra]
        if not mine or any(verdict.status is Status.ERROR for verdict in mine):
            return None
        return sum(verdict.points for verdict in mine)

    def extra_points(self, task: str) -> float:
        return sum(verdict.points for verdict in self.of_task(task) if verdict.extra)

    @property
    def unfinished(self) -> bool:
        """Whether the grader itself failed on a check."""
        return any(verdict.status is Status.ERROR for verdict in self.verdicts)

    @property
    def needs_human(self) -> bool:
        """Whether a person has to look: the grader failed somewhere, or there is a problem to read."""
        return bool(self.problems) or self.unfinished

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Graded:
        data = json.loads(text)
        verdicts = tuple(Verdict(**{**v, "status": Status(v["status"])}) for v in data["verdicts"])
        return cls(**{**data, "verdicts": verdicts, "problems": tuple(data["problems"])})
