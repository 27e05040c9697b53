"""What grading one submission yields."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from exercises.checking import Status, Verdict

from .problems import Kind, Problem, proposed
from .submission import Submission

Output = dict[str, Any]  # one nbformat 4 output: stream, error, or display data limited to text and PNG


@dataclass(frozen=True)
class Part:
    """What one group of checks, or a run of the notebook, yields: the unit that the ledger remembers.

    Attributes:
        cells:    outputs of the notebook's cells by cell id, where the grader has run it (checked and fit to show).
        problems: for the TA: acts against the grader, a notebook that did not run.
        cpu_s:    processor time in the sandbox.
    """

    group: str
    verdicts: tuple[Verdict, ...] = ()
    cells: dict[str, list[Output]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    cpu_s: float = 0.0
    wall_s: float = 0.0
    finished: bool = True  # False where the grader itself failed

    @property
    def at_fault(self) -> bool:
        """Whether one of its checks failed itself."""
        return any(verdict.fault for verdict in self.verdicts)

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Part:
        """The opposite of `to_json`.

        Raises:
            AttributeError, KeyError, TypeError, ValueError: another version of the grader wrote it.
        """
        data = json.loads(text)
        verdicts = tuple(map(Verdict.from_json, data["verdicts"]))
        problems = tuple(Problem(**{**problem, "kind": Kind(problem["kind"])}) for problem in data["problems"])
        return cls(**{**data, "verdicts": verdicts, "problems": problems})


@dataclass(frozen=True)
class Graded:
    """The verdicts on one submission, and what its notebook showed where the grader was asked to run it.

    Attributes:
        cells:    as in `Part`.
        problems: for the TA: refused files, a damaged notebook, acts against the grader.
    """

    student: str
    assignment: str
    submission_hash: str
    verdicts: tuple[Verdict, ...]
    cells: dict[str, list[Output]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    cpu_s: float = 0.0
    wall_s: float = 0.0

    @classmethod
    def of(cls, submission: Submission, parts: Iterable[Part]) -> Graded:
        """Put the parts of a submission together, in their order."""
        parts = list(parts)
        return cls(
            student=submission.student,
            assignment=submission.assignment,
            submission_hash=submission.hash,
            verdicts=tuple(verdict for part in parts for verdict in part.verdicts),
            cells={cell: outputs for part in parts for cell, outputs in part.cells.items()},
            problems=tuple(dict.fromkeys([*submission.problems, *(p for part in parts for p in part.problems)])),
            cpu_s=sum(part.cpu_s for part in parts),
            wall_s=sum(part.wall_s for part in parts),
        )

    @property
    def digest(self) -> str:
        """Hash of everything that is told about the submission; how long it took is left out."""
        told = [{**vars(verdict), "seconds": 0.0} for verdict in self.verdicts]
        problems = [vars(problem) for problem in self.problems]
        text = json.dumps([self.student, self.assignment, self.submission_hash, told, self.cells, problems])
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def tasks(self) -> tuple[str, ...]:
        """The tasks that there are verdicts on, in their order."""
        return tuple(dict.fromkeys(verdict.task for verdict in self.verdicts))

    def of_task(self, task: str) -> tuple[Verdict, ...]:
        return tuple(verdict for verdict in self.verdicts if verdict.task == task)

    def task_points(self, task: str) -> float | None:
        """Points of a task without its extra credit; None where the grader itself failed on one of its checks."""
        mine = [verdict for verdict in self.of_task(task) if not verdict.extra]
        if not mine or any(verdict.status is Status.ERROR for verdict in mine):
            return None
        return _total(mine)

    def extra_points(self, task: str) -> float:
        return _total(verdict for verdict in self.of_task(task) if verdict.extra)

    @property
    def proposed(self) -> tuple[Verdict, ...]:
        """The verdicts whose points are only proposed, so that their tasks wait for a person."""
        return tuple(verdict for verdict in self.verdicts if verdict.proposed and verdict.points)

    @property
    def proposals(self) -> tuple[Problem, ...]:
        """`proposed` in words, one by one."""
        return tuple(proposed(one.check, one.points, one.max_points, one.proposed) for one in self.proposed)

    @property
    def unfinished(self) -> bool:
        """Whether the grader itself failed on a check."""
        return any(verdict.status is Status.ERROR for verdict in self.verdicts)

    @property
    def needs_human(self) -> bool:
        """Whether a person has to look: the grader failed, points are proposed, or there is a problem to read."""
        return bool(self.problems) or bool(self.proposed) or self.unfinished

    def to_json(self) -> str:
        return json.dumps(asdict(self))


def _total(verdicts: Iterable[Verdict]) -> float:
    """Points together.  They are hundredths, and ten tenths are to be one."""
    return round(sum(verdict.points for verdict in verdicts), 2)
