"""How much processor time and time on the clock one submission may use, in single requests and in all."""

from __future__ import annotations

from dataclasses import dataclass

from exercises.assignment import IMPORT_ALLOWANCE_S


@dataclass(frozen=True)
class Allowance:
    """How much one request may take.  Wall clock is generous: a busy machine must not cost points."""

    cpu_s: float
    wall_s: float


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

    total_cpu_s: float = 90.0
    total_wall_s: float = 300.0
    request: Allowance = Allowance(cpu_s=2.0, wall_s=30.0)
    importing: Allowance = Allowance(cpu_s=IMPORT_ALLOWANCE_S, wall_s=120.0)
    training: Allowance = Allowance(cpu_s=12.0, wall_s=120.0)
    notebook: Allowance = Allowance(cpu_s=12.0 + IMPORT_ALLOWANCE_S, wall_s=240.0)
    imports: Allowance = Allowance(cpu_s=150.0, wall_s=300.0)

    @property
    def most_cpu_s(self) -> int:
        """What all processes of a submission may use in the end, the notebook's included."""
        return int(self.total_cpu_s + self.imports.cpu_s + self.notebook.cpu_s)


class Account:
    """What one submission has used of its budget, on the clock: imports apart from all other requests."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._waited_s = 0.0
        self._imported_s = 0.0

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
