"""Verdicts in few lines: what waits for one part that is not written, or for one file, is told once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .verdict import Cause, Status, Verdict

OF_A_FILE = (Cause.UNREADABLE, Cause.NOT_FOUND, Cause.ON_IMPORT)  # then all that imports the file stops there


@dataclass
class Folded:
    """Verdicts that say the same, in their order: there is at least one."""

    verdicts: list[Verdict] = field(default_factory=list)

    @property
    def first(self) -> Verdict:
        return self.verdicts[0]

    @property
    def unwritten(self) -> bool:
        """Whether they wait for a part that is not written yet, which is no mistake."""
        return self.first.cause is Cause.NOT_WRITTEN

    @property
    def extra(self) -> bool:
        """Whether all of them are extra credit."""
        return all(verdict.extra for verdict in self.verdicts)

    @property
    def max_points(self) -> float:
        """What they are worth together."""
        return round(sum(verdict.max_points for verdict in self.verdicts), 2)

    @property
    def head(self) -> str:
        """What is to be done, or what happened, and how many checks wait for it."""
        count = len(self.verdicts)
        checks = f"{count} check{'s' if count > 1 else ''}"
        return f"{self.first.got}  [{checks}]" if self.unwritten else f"{checks} stop at the same place"


def folded(verdicts: Iterable[Verdict]) -> Iterator[Verdict | Folded]:
    """Each verdict as it comes, apart from those that say the same of a part, or of a file.

    Parts that are not written yet follow at the end of their task, and files that cannot be used at the very end, where
    all that they stopped is known.  A check that needs one of these goes with it.
    """
    parts: dict[str, Folded] = {}
    files: dict[str, Folded] = {}
    waiting: dict[str, Folded] = {}  # by the id of a check that is folded
    task = ""
    for verdict in verdicts:
        if verdict.task != task:
            yield from sorted(parts.values(), key=_place)
            parts, task = {}, verdict.task
        if verdict.status is Status.NOT_RUN:
            group = waiting.get(verdict.about)
        elif verdict.status is Status.FAILED and verdict.cause is Cause.NOT_WRITTEN:
            group = parts.setdefault(verdict.got, Folded())
        elif verdict.status is Status.FAILED and verdict.cause in OF_A_FILE:
            group = files.setdefault(verdict.got, Folded())
        else:
            group = None
        if group is None:
            yield verdict
        else:
            group.verdicts.append(verdict)
            waiting[verdict.check] = group
    yield from sorted(parts.values(), key=_place)
    yield from (group if len(group.verdicts) > 1 else group.first for group in files.values())


def stopped_alike(verdict: Verdict, other: Verdict) -> bool:
    """Whether exceptions of the same line stopped two checks of a task, whatever sizes their words name."""
    return (
        verdict.status is other.status is Status.FAILED
        and verdict.cause is other.cause is Cause.RAISED
        and verdict.where is not None
        and (verdict.task, verdict.about, verdict.where) == (other.task, other.about, other.where)
    )


def _place(group: Folded) -> tuple[str, int]:
    """Parts go in the order of their lines; those of which nobody knows it come first."""
    return group.first.where or ("", 0)
