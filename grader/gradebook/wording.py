"""A verdict as the few lines that a person reads."""

from __future__ import annotations

from collections.abc import Iterable

from exercises.checking.verdict import Status, Verdict
from grader.notebook.text import clean

LABELS = {
    Status.PASSED: "PASS",
    Status.PARTLY: "PART",
    Status.FAILED: "FAIL",
    Status.NOT_RUN: "NOT RUN",
    Status.ERROR: "ERROR",
}
WIDTH = 100
FIELD = 2000  # characters


def block(verdict: Verdict) -> str:
    """One check: a headline with its points, then what was expected, what came, and a hint."""
    points = f"{verdict.points:g} / {verdict.max_points:g}"
    if verdict.status is Status.ERROR:
        points = f"? / {verdict.max_points:g}"
    idea = verdict.idea + (" (extra credit)" if verdict.extra else "")
    lines = [f"{LABELS[verdict.status]:<8}{idea:<{WIDTH - 8 - len(points)}}  {points}"]
    for name, text in (("expected", verdict.expected), ("got", verdict.got), ("hint", verdict.hint)):
        if text:
            lines.append(f"  {name:<9} " + clean(text, FIELD).replace("\n", "\n" + " " * 12))
    return "\n".join(lines)


def blocks(verdicts: Iterable[Verdict]) -> str:
    """Several checks, a blank line between them."""
    return "\n\n".join(block(verdict) for verdict in verdicts) + "\n"


def faults(verdicts: Iterable[Verdict]) -> list[str]:
    """For the TA: where the grader itself failed, and how."""
    return [f"{v.check}: {clean(v.note, FIELD)}" for v in verdicts if v.status is Status.ERROR]
