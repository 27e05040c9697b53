"""How much processor time and time on the clock one submission may use, in single requests and in all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from exercises.limits import USUAL, AssignmentLimits
from grader.sandbox.inside.confine import Limits

ALL_TOGETHER = 2  # so many times the memory of one process


@dataclass(frozen=True)
class Allowance:
    """How much one request may take.  Wall clock is generous: a busy machine must not cost points."""

    cpu_s: float
    wall_s: float


def _amounts(limits: AssignmentLimits) -> dict[str, Any]:
    """The fields of the `Budget` of an assignment; docs/security.md has the same numbers in a table."""
    return {
        "total_cpu_s": limits.submission_s,
        "total_wall_s": limits.submission_s * 10 / 3,
        "request": Allowance(limits.request_s, wall_s=15 * limits.request_s),
        "importing": Allowance(limits.import_s, wall_s=6 * limits.import_s),
        "training": Allowance(limits.training_s, wall_s=10 * limits.training_s),
        "notebook": Allowance(limits.notebook_s, wall_s=7.5 * limits.notebook_s),
        "imports": Allowance(7.5 * limits.import_s, wall_s=15 * limits.import_s),
    }


_USUAL = _amounts(USUAL)


@dataclass(frozen=True)
class Budget:
    """What the checks of one submission may use together, and single requests.

    Attributes:
        importing: for one module and all that it imports, anew in each process.
        training: for requests to the given training loop, whose work is bounded by the images that it may see.
        notebook: for one cell, imports included; the next one is begun only if all before it have used no more.
        imports:  by so much the totals may grow with what imports take: five to seven processes import a module on
            which others build.
    """

    total_cpu_s: float = _USUAL["total_cpu_s"]
    total_wall_s: float = _USUAL["total_wall_s"]
    request: Allowance = _USUAL["request"]
    importing: Allowance = _USUAL["importing"]
    training: Allowance = _USUAL["training"]
    notebook: Allowance = _USUAL["notebook"]
    imports: Allowance = _USUAL["imports"]

    @classmethod
    def of(cls, limits: AssignmentLimits) -> Budget:
        """What an assignment's limits come to."""
        return cls(**_amounts(limits))

    @property
    def check_wall_s(self) -> float:
        """Seconds on the clock after which a check is at fault: twice what a submission's requests may take in all."""
        return 2 * (self.total_wall_s + self.imports.wall_s)

    @property
    def most_cpu_s(self) -> int:
        """What all processes of a submission may use in the end, the notebook's included."""
        return int(self.total_cpu_s + self.imports.cpu_s + self.notebook.cpu_s)


class Meter(Protocol):
    """A container, as far as its processor time counts."""

    spent_cpu_s: float  # of what has ended there


class Account:
    """What one submission has used of its budget, in all its containers: imports apart from all other requests."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._waited_s = 0.0
        self._imported_s = 0.0
        self._meters: list[Meter] = []

    def count(self, meter: Meter) -> None:
        """From here on the processor time of this container counts too."""
        self._meters.append(meter)

    @property
    def spent_cpu_s(self) -> float:
        """Processor time of what has ended so far."""
        return sum(meter.spent_cpu_s for meter in self._meters)

    def book(self, seconds: float, *, importing: bool) -> None:
        if importing:
            self._imported_s += seconds
        else:
            self._waited_s += seconds

    def left_s(self, *, importing: bool) -> float:
        """Seconds on the clock that are left for a request."""
        room = self._budget.imports.wall_s - self._imported_s
        return self._budget.total_wall_s - self._waited_s + (room if importing else min(room, 0.0))

    @property
    def total_wall_s(self) -> float:
        """What all requests may take together, as far as imports have let it grow."""
        return self._budget.total_wall_s + min(self._imported_s, self._budget.imports.wall_s)

    @property
    def total_cpu_s(self) -> float:
        """The same in processor time.  An import counts by the clock: it takes no more processor time than that."""
        return self._budget.total_cpu_s + min(self._imported_s, self._budget.imports.cpu_s)


def container_limits(limits: AssignmentLimits, budget: Budget) -> Limits:
    """What the container of one submission is held to."""
    return Limits(
        memory_mb=limits.memory_mb,
        all_memory_mb=ALL_TOGETHER * limits.memory_mb,
        cpu_s=budget.most_cpu_s,
        answer_mb=limits.answer_mb,
    )
