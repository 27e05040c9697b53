"""Everything that was found about one assignment, the bars that it has to reach, and the JSON file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from grader.measuring.rests_on import RestsOn

from .faults import Fault
from .harmless import Harmless
from .right import RightRow
from .scores import CheckScore, TaskScore, share
from .survivors import Fate
from .wrong import WrongRow

CAUGHT = 0.98
MUTATION_SCORE = 0.95
IN_THE_SANDBOX = "judged in the sandbox, as submissions are graded"
IN_A_PROCESS = (
    "judged in processes of our own, which is faster: what does not travel into the sandbox and out of it, what goes "
    "beyond the limits of grading, and imports that grading does not have are not seen"
)


@dataclass(frozen=True)
class MadeWith:
    """What the results rest on.

    Attributes:
        seeds:          private seeds for each right answer, in the checks that do not train.
        training_seeds: the same in graded training; 0 where nothing was trained, mistakes and mutants included.
        rests_on:       the code and the galleries when it began.
        boxed:          whether answers were judged in the sandbox, as submissions are graded.
    """

    date: str
    seeds: int
    training_seeds: int
    torch: str
    rests_on: RestsOn = field(default_factory=RestsOn)
    boxed: bool = False

    @property
    def way(self) -> str:
        """How answers were judged, in words."""
        return IN_THE_SANDBOX if self.boxed else IN_A_PROCESS

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "rests_on": self.rests_on.to_json()}


@dataclass(frozen=True)
class Validity:
    """What was found about the checks of one assignment.

    Attributes:
        checks:     their ids in order.
        stale:      entries of the list of harmless mutants that fit no mutant, or one that is killed.
        not_judged: names of mistakes that only training could catch, where nothing was trained.
        faults:     checks that failed themselves.
    """

    assignment: str
    made: MadeWith
    checks: tuple[str, ...]
    right: tuple[RightRow, ...]
    wrong: tuple[WrongRow, ...]
    fates: tuple[Fate, ...]
    tasks: tuple[TaskScore, ...]
    scores: tuple[CheckScore, ...]
    stale: tuple[Harmless, ...] = ()
    not_judged: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def mutation_score(self) -> float | None:
        counted = [fate for fate in self.fates if fate.counts]
        return share(sum(bool(fate.killed_by) for fate in counted), len(counted))

    @property
    def holes(self) -> tuple[Fate, ...]:
        """Mutants that survive and are not known to be harmless."""
        return tuple(fate for fate in self.fates if fate.counts and not fate.killed_by)

    @property
    def harmless(self) -> tuple[Fate, ...]:
        return tuple(fate for fate in self.fates if not fate.counts)

    def misses(self) -> tuple[str, ...]:
        """The bars that are missed, in words."""
        found = [f"right answer {row.name}: {row.misses[0]}" for row in self.right if not row.full_marks]
        total, caught = len(self.wrong), sum(row.caught for row in self.wrong)
        named = sum(row.by_named_check for row in self.wrong)
        if caught < CAUGHT * total or named < CAUGHT * total:
            found.append(f"of {total} mistakes {caught} are caught, {named} by the checks that they name")
        found += [f"mistake {row.name}: {', '.join(row.unexpected)}" for row in self.wrong if row.unexpected]
        for name, score in [(f"task {s.task}", s.score) for s in self.tasks] + [
            (s.check, s.score) for s in self.scores
        ]:
            if score is not None and score < MUTATION_SCORE:
                found.append(f"mutation score of {name}: {score:.1%}")
        found += [f"survives, and is not listed as harmless: {fate.mutant}" for fate in self.holes]
        found += map(str, self.faults)
        return (*found, *(f"listed as harmless, but no survivor: {entry}" for entry in self.stale))

    def to_json(self) -> dict[str, Any]:
        """The counts that are asked for first, then everything that they rest on."""
        return {
            "made_with": self.made.to_json(),
            "right": {"total": len(self.right), "full_marks": sum(row.full_marks for row in self.right)},
            "wrong": {
                "total": len(self.wrong),
                "caught": sum(row.caught for row in self.wrong),
                "by_named_check": sum(row.by_named_check for row in self.wrong),
                "not_judged": self.not_judged,
            },
            "mutation_score": self.mutation_score,
            "misses": self.misses(),
            "faults": [asdict(fault) for fault in self.faults],
            "tasks": [{**asdict(score), "score": score.score} for score in self.tasks],
            "checks": [{**asdict(score), "score": score.score} for score in self.scores],
            "right_answers": [asdict(row) for row in self.right],
            "matrix": {row.name: row.cells for row in self.wrong},
            "mutants": [_mutant(fate) for fate in self.fates],
        }


def _mutant(fate: Fate) -> dict[str, Any]:
    return {
        "mutant": str(fate.mutant),
        "place": fate.mutant.place,
        "killed_by": fate.killed_by,
        "elsewhere": fate.elsewhere,
        "harmless": fate.harmless,
    }


def write_json(one: Validity, path: Path) -> None:
    """Write one assignment into the file, an object with the assignments as its keys; the others stay."""
    _put(one.assignment, one.to_json(), path)


def write_record(one: Validity, path: Path) -> None:
    """Write what one assignment's section of the page was made with into the file beside it; the others stay."""
    _put(one.assignment, one.made.to_json(), path)


def _put(assignment: str, found: dict[str, Any], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    path.write_text(json.dumps({**before, assignment: found}, indent=1) + "\n", encoding="utf-8")
