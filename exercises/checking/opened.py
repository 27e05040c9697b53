"""Further hints, opened one after the other: how many of them a student has seen of each check that fails."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .kept import keep, read_kept
from .verdict import Cause, Verdict

KEPT = "hints.json"


@dataclass(frozen=True)
class Opened:
    """What is open of the hints that some checks share, told with the first of them that fails."""

    first: Verdict
    hints: tuple[str, ...]

    def __str__(self) -> str:
        count = len(self.first.hints)
        lines = [f"      {f'{number} of {count}':<9} {hint}" for number, hint in enumerate(self.hints, start=1)]
        return "\n".join([f"HINTS {self.first.idea}  [{self.first.check}]", *lines])


def open_next(folder: Path, verdicts: Iterable[Verdict]) -> tuple[Opened, ...]:
    """Open the next hint of each check that fails, below those that are open; checks with the same hints share them.

    A part that is not written yet has its turn where nothing else of its task fails: the first of them alone.
    """
    seen, found = _seen(folder), []
    for part in _parts(verdicts):
        count = min(max(seen.get(one.check, 0) for one in part) + 1, len(part[0].hints))
        found.append(Opened(part[0], part[0].hints[:count]))
        seen.update((one.check, count) for one in part)
    keep(folder, KEPT, seen)
    return tuple(found)


def _parts(verdicts: Iterable[Verdict]) -> list[list[Verdict]]:
    """The verdicts whose next hint is due, those with the same hints together, in their order."""
    tried: dict[tuple[str, tuple[str, ...]], list[Verdict]] = {}
    unwritten: dict[str, list[Verdict]] = {}  # by their task
    for one in verdicts:
        if one.hints and one.cause is Cause.NOT_WRITTEN:
            unwritten.setdefault(one.task, []).append(one)
        elif one.hints:
            tried.setdefault((one.task, one.hints), []).append(one)
    busy = {task for task, _ in tried}
    waiting = [
        [one for one in mine if one.hints == mine[0].hints] for task, mine in unwritten.items() if task not in busy
    ]
    return [*tried.values(), *waiting]


def _seen(folder: Path) -> dict[str, int]:
    """How many hints of each check are open, by its id; none where nothing is known."""
    try:
        return {str(check): int(count) for check, count in read_kept(folder, KEPT).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
