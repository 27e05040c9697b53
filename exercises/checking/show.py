"""How a run of checks looks: as text in a terminal, as a small table in a notebook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from ..assignment import Assignment
from .folding import Folded, folded, stopped_alike
from .looks import LOOKS, UNWRITTEN, Look
from .points import Foreseen
from .verdict import Status, Verdict

CHIP = "color:#ffffff;padding:0 0.3em;font-family:monospace;background-color:"  # of a mark in a notebook


@dataclass(frozen=True)
class Report:
    """The verdicts of one run, the files that were checked and when each was saved, and a fault if there is one.

    `doubts` is what grading will not take of these files, whatever passes here, and `notes` what may cost points there;
    `points` is what each task is worth, where the run came to its end.
    """

    assignment: str
    task: str
    verdicts: tuple[Verdict, ...]
    files: tuple[tuple[str, str], ...]
    fault: str = ""
    doubts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    points: tuple[Foreseen, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether all is right; extra credit is not asked for."""
        return (
            not self.fault and not self.doubts and all(v.status is Status.PASSED for v in self.verdicts if not v.extra)
        )

    @property
    def summary(self) -> str:
        """One line: how many checks passed, in which files, saved when."""
        if self.fault:
            return self.fault
        due = [verdict for verdict in self.verdicts if not verdict.extra]
        count = sum(verdict.status is Status.PASSED for verdict in due)
        files = ", ".join(f"{name} ({when})" for name, when in self.files)
        words = f"{count} of {len(due)} public checks passed in {files}."
        if extra := [verdict for verdict in self.verdicts if verdict.extra]:
            words += f" Extra credit: {sum(v.status is Status.PASSED for v in extra)} of {len(extra)}."
        return words

    @property
    def ending(self) -> str:
        """The summary, and on a line each the points of a task, what grading will not take, and each note."""
        doubts = [f"grading will not take: {doubt}" for doubt in self.doubts]
        notes = [f"note: {note}" for note in self.notes]
        return "\n".join([self.summary, *map(str, self.points), *doubts, *notes])

    def __str__(self) -> str:
        return "\n".join([*as_texts(self.verdicts), self.ending])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        told: set[tuple[str, ...]] = set()  # checks share their further hints: these stand once
        rows = ""
        for verdict, before, stopped in _pairs(self.verdicts):
            first = verdict.first if isinstance(verdict, Folded) else verdict
            folds = "" if first.hints in told else _folds(first.hints, "another hint" if first.hint else "a hint")
            rows += _row(verdict, _details(verdict, before, stopped), folds)
            told.add(first.hints)
        ending = "<br>".join(map(escape, self.ending.splitlines()))
        return f'<table style="text-align:left">{rows}</table><p>{ending}</p>'

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def report_from_json(data: dict[str, Any]) -> Report:
    """The opposite of `Report.to_json`."""
    verdicts = tuple(map(Verdict.from_json, data["verdicts"]))
    files = tuple((name, time) for name, time in data["files"])
    doubts, notes = (tuple(data[name]) for name in ("doubts", "notes"))
    points = tuple(Foreseen(**{**one, "topics": tuple(one["topics"])}) for one in data["points"])
    return Report(data["assignment"], data["task"], verdicts, files, data["fault"], doubts, notes, points)


def saved_files(assignment: Assignment, tasks: list[str], folder: Path) -> tuple[tuple[str, str], ...]:
    """The files of these tasks, and when each was saved after it was handed out."""
    names = dict.fromkeys(f"{assignment.task(task).module}.py" for task in tasks)
    files = []
    for name in names:
        path = folder / name
        when = "missing"
        if path.exists():
            saved = datetime.fromtimestamp(path.stat().st_mtime)
            # a release's zip holds no later date: what still has it was never saved
            when = "as it was handed out" if saved.year <= 1980 else saved.strftime("saved %Y-%m-%d %H:%M:%S")
        files.append((name, when))
    return tuple(files)


def as_texts(verdicts: Iterable[Verdict]) -> Iterator[str]:
    """A block of lines for each verdict, or for those that say the same, as soon as it is known."""
    return (as_text(*pair) for pair in _pairs(verdicts))


def _pairs(
    verdicts: Iterable[Verdict],
) -> Iterator[tuple[Verdict | Folded, Verdict | None, Verdict | None]]:
    """What is shown, each with the verdict before it, if that is one alone, and with the first that stopped alike."""
    before: Verdict | None = None
    first: list[Verdict] = []  # of those that stopped in one way each
    for one in folded(verdicts):
        alone = one if isinstance(one, Verdict) else None
        stopped = next((other for other in first if alone and stopped_alike(alone, other)), None)
        yield one, before, stopped
        if alone and not stopped:
            first.append(alone)
        before = alone


def as_text(verdict: Verdict | Folded, before: Verdict | None = None, stopped: Verdict | None = None) -> str:
    """One verdict as a block of lines: mark, points, idea; below, what was expected, what came, and a hint.

    What is not written yet is one line.

    Args:
        before:  the verdict printed above it; what stands there in the same words is not said again.
        stopped: one that was printed before and that the same exception stopped; neither is that.
    """
    head = verdict.head if isinstance(verdict, Folded) else f"{verdict.idea}  [{verdict.check}]"
    lines = [f"{_mark(verdict)}  {_points(verdict):>11}  {head}"]
    indent = "\n" + " " * 16
    lines += [f"      {label:<9} {text}".replace("\n", indent) for label, text in _details(verdict, before, stopped)]
    return "\n".join(lines)


def _mark(verdict: Verdict | Folded) -> str:
    """Extra credit that was not earned is no failure."""
    earned = isinstance(verdict, Verdict) and verdict.status is Status.PASSED
    return "xtra" if verdict.extra and not earned else _look(verdict).mark


def _points(verdict: Verdict | Folded) -> str:
    if isinstance(verdict, Folded):
        return f"0 / {verdict.max_points:g}"
    points = "?" if verdict.status is Status.ERROR else f"{verdict.points:g}"
    return f"{points} / {verdict.max_points:g}"


def _row(verdict: Verdict | Folded, told: Sequence[tuple[str, str]], folds: str) -> str:
    look, head = _look(verdict), verdict.head if isinstance(verdict, Folded) else verdict.idea
    details = "".join(_detail(label, text) for label, text in told)
    return (
        f'<tr><td style="vertical-align:top"><b style="{CHIP}{look.ground}">{_mark(verdict)}</b></td>'
        f'<td style="text-align:left">{escape(head)}{details}{folds}</td>'
        f'<td style="vertical-align:top;white-space:nowrap">{_points(verdict)}</td></tr>'
    )


def _folds(hints: Sequence[str], name: str = "another hint") -> str:
    """Hints, the first of them folded, each other one in the fold of the one before it."""
    if not hints:
        return ""
    inside = f"{escape(hints[0])}{_folds(hints[1:])}"
    return f'<details style="margin-left:1em"><summary>{name}</summary>{inside}</details>'


def _look(verdict: Verdict | Folded) -> Look:
    if isinstance(verdict, Folded):
        return UNWRITTEN if verdict.unwritten else LOOKS[Status.FAILED]
    return LOOKS[verdict.status]


def _details(
    verdict: Verdict | Folded, before: Verdict | None, stopped: Verdict | None = None
) -> list[tuple[str, str]]:
    if isinstance(verdict, Folded):
        words = [] if verdict.unwritten else _words(verdict.first)
        words = [(label, text) for label, text in words if label != "expected"]  # of one check among many
        return [*words, *_printed(verdict.first)]
    if verdict.status is Status.PASSED and not verdict.got and not verdict.proposed:
        return _printed(verdict)
    if before and _as_above(verdict, before):
        words = [("got", "the same as in the check above")]
        return words if verdict.printed == before.printed else [*words, *_printed(verdict)]
    if stopped:
        words = [("got", f"the same exception from the same line as above: {stopped.idea}")]
        return words if verdict.printed == stopped.printed else [*words, *_printed(verdict)]
    return [*_words(verdict), *_printed(verdict)]


def _as_above(verdict: Verdict, before: Verdict) -> bool:
    """Whether a check failed in the same words as the one above it, or was stopped by the same exception."""
    alike = verdict.status is Status.FAILED and verdict.expected and _words(verdict) == _words(before)
    return bool(alike) or stopped_alike(verdict, before)


def _printed(verdict: Verdict) -> list[tuple[str, str]]:
    """What the student's code printed; where all is right, its first line."""
    first, *more = verdict.printed.split("\n")
    short = first + " …" if more else first
    text = short if verdict.status is Status.PASSED else verdict.printed
    return [("printed", text)] if text else []


def _detail(label: str, text: str) -> str:
    """A detail in a notebook; what was printed keeps its columns."""
    if label == "printed":
        return f'<br>printed:<pre style="margin:0 0 0 2em">{escape(text)}</pre>'
    return f"<br>{label}: {escape(text)}"


def _words(verdict: Verdict) -> list[tuple[str, str]]:
    found = [("expected", verdict.expected), ("got", verdict.got), ("hint", verdict.hint)]
    found.append(("proposed", verdict.awaits))
    if verdict.fault:
        found.append(("fault", f"of this check, not of the answer: {verdict.fault}"))
    return [(label, text) for label, text in found if text]
