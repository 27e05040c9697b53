"""Who gained and who lost points by grading again, and by which check: the words at the end of a batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from grader.gradebook.point_changes import Change, CheckChange
from grader.model.text import fit

MAX_LINES = 10  # lines of one list
MAX_CHECKS = 4  # of a task, on one line


def changes_in_words(changes: Sequence[Change], table: Path, most: int = MAX_LINES) -> Iterator[str]:
    """Lines to be printed; none where nothing changed.

    Args:
        table: where all changes are kept, those that are cut here too.
        most:  lines of one list.
    """
    if not changes:
        return
    yield f"Other points than before, by the checks; each is in {table}:"
    yield from _cut([f"  {line}" for line in _by_check(changes)], most, "  ")
    gained = sorted((one for one in changes if one.gain > 0), key=lambda one: (-one.gain, one.student))
    lost = sorted((one for one in changes if one.gain < 0), key=lambda one: (one.gain, one.student))
    same = sorted((one for one in changes if not one.gain), key=lambda one: one.student)
    for title, group in (("gained", gained), ("lost", lost), ("same sum by other checks", same)):
        if group:
            yield f"  {title}: {len(group)}"
            yield from _cut([f"    {_one(change)}" for change in group], most, "    ")


def _by_check(changes: Sequence[Change]) -> Iterator[str]:
    """How many gained and lost by each check, the one that changed most often first."""
    counts: dict[str, tuple[int, int]] = {}
    for change in changes:
        for check in change.checks:
            gained, lost = counts.get(check.check, (0, 0))
            counts[check.check] = (gained + (check.gain > 0), lost + (check.gain < 0))
    for name, (gained, lost) in sorted(counts.items(), key=lambda item: (-sum(item[1]), item[0])):
        words = ((f"{gained} gained", gained), (f"{lost} lost", lost))
        yield f"{name}: {', '.join(text for text, count in words if count)}"


def _one(change: Change) -> str:
    again = " (other files handed in)" if change.new else ""
    return (
        f"{fit(change.student)}: {change.before:g} → {change.after:g}{again}: {', '.join(map(_check, change.checks))}"
    )


def _check(one: CheckChange) -> str:
    if one.before is None or one.after is None:
        return f"{one.check} {one.gain:+g} ({'new' if one.before is None else 'gone'})"
    if not one.by:
        return f"{one.check} {one.gain:+g}"
    names = ", ".join(one.by[:MAX_CHECKS])
    more = f" and {len(one.by) - MAX_CHECKS} more" if len(one.by) > MAX_CHECKS else ""
    return f"{one.check} {one.gain:+g} (by {names}{more})"


def _cut(lines: Sequence[str], most: int, margin: str) -> Iterator[str]:
    yield from lines[:most]
    if len(lines) > most:
        yield f"{margin}and {len(lines) - most} more"
