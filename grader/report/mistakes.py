"""The commonest mistakes in words, each with an anonymous example.

A student's first failed check of a task stands for the task, since the later ones often fail for the same reason.
What is known about it decides which mistake it is: a part that was not written, a file that Python cannot read, a
mistake of the gallery whose checks are exactly those that failed, or else the idea of the check.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median_low

from exercises.assignment import Assignment
from exercises.checking.verdict import Cause, Status, Verdict
from grader.authoring.galleries import WrongAnswer, solution_files
from grader.release.regions import find_regions

from .facts import Facts, Result
from .gallery_match import explain

IDEA, BELOW = "missed this idea", "stayed below the threshold"
PART_PATTERN = re.compile(r"Task (?P<number>[\d.]+): write (?P<part>[\w.]+)$")  # above a region of the solution


@dataclass(frozen=True)
class Example:
    """What the check said about one student's answer; no source code."""

    expected: str
    got: str
    hint: str
    accuracy: float | None = None  # the lowest result, where the check judges a training


@dataclass(frozen=True)
class Mistake:
    """A mistake of `count` of the `of` graded submissions.

    Attributes:
        words:   the rest of a sentence that begins with the count: "did not write receptive_field".
        checks:  ids of the checks that notice it first.
        task:    title of the first task in which it shows.
        among:   what is known about some of them: (how many, description).
        example: that of a typical student among them.
    """

    count: int
    of: int
    words: str
    checks: tuple[str, ...]
    task: str
    example: Example
    among: tuple[tuple[int, str], ...] = ()

    @property
    def sentence(self) -> str:
        return f"{self.count} of {self.of} {self.words}"


@dataclass(frozen=True)
class Slip:
    """One student's first failed check of a task, and what the gallery knows about it."""

    student: int
    verdict: Verdict
    known: WrongAnswer | None

    def key(self, numbers: Mapping[str, str]) -> tuple[str, str]:
        """What kind of mistake it is, before the gallery is asked; `numbers` as `numbers_of` gives them."""
        about = self.verdict.about
        match self.verdict.cause:
            case Cause.NOT_WRITTEN if about:
                return "did not write", f"{about} (task {numbers[about]})" if about in numbers else about
            case Cause.UNREADABLE:
                return "handed in a file that Python cannot read:", about
            case Cause.ON_IMPORT:
                return "handed in a file that did not get through its import:", about
        return (BELOW if self.verdict.measured else IDEA), self.verdict.check


@functools.cache
def numbers_of(assignment: str) -> Mapping[str, str]:
    """The numbers of the parts that students write, by name: {"MaxPool1d.forward": "2.1"}."""
    files = solution_files(assignment)
    regions = [region for name, text in files.items() for region in find_regions(text, f"{name}.py")]
    return {found["part"]: found["number"] for region in regions if (found := PART_PATTERN.match(region.task))}


def mistakes(facts: Facts, gallery: Sequence[WrongAnswer]) -> tuple[Mistake, ...]:
    """All mistakes, the commonest first; ties go in the order of the tasks."""
    groups: dict[tuple[str, str], list[Slip]] = {}
    numbers = numbers_of(facts.assignment.name)
    for number, result in enumerate(facts.graded):
        for slip in _slips(number, result, facts.assignment, gallery):
            groups.setdefault(slip.key(numbers), []).append(slip)
    for key in [key for key in groups if key[0] in (IDEA, BELOW)]:
        _name_by_gallery(groups, key)
    order = {check.id: place for place, check in enumerate(facts.checks)}
    found = [_mistake(key, slips, facts) for key, slips in groups.items() if slips]
    return tuple(sorted(found, key=lambda one: (-one.count, min(order[check] for check in one.checks))))


def _slips(number: int, result: Result, assignment: Assignment, gallery: Sequence[WrongAnswer]) -> Iterator[Slip]:
    """What one student got wrong; a mistake of the gallery that shows in several tasks stands in the first alone."""
    known, seen = explain(result.verdicts, gallery), set()
    for verdict in first_failures(result.verdicts, assignment):
        mistake = known.get(verdict.task)
        if mistake is None or mistake.name not in seen:
            yield Slip(number, verdict, mistake)
        if mistake:
            seen.add(mistake.name)


def first_failures(verdicts: Iterable[Verdict], assignment: Assignment) -> list[Verdict]:
    """For each task its first failed check, but for tasks that stop in the module of another one that failed too."""
    first: dict[str, Verdict] = {}
    for verdict in verdicts:
        if verdict.status in (Status.FAILED, Status.PARTLY) and not verdict.extra:
            first.setdefault(verdict.task, verdict)
    modules = {task.name: task.module for task in assignment.tasks}
    failed = {modules.get(task, task) for task in first}
    kept = []
    for task, verdict in first.items():
        place = verdict.where[0].removesuffix(".py") if verdict.where else modules.get(task, task)
        elsewhere = place != modules.get(task, task) and place in failed
        if not elsewhere:
            kept.append(verdict)
    return kept


def _name_by_gallery(groups: dict[tuple[str, str], list[Slip]], key: tuple[str, str]) -> None:
    """Give a mistake of the gallery that explains at least half of a group an entry of its own, with its words."""
    slips = groups[key]
    for name, count in Counter(slip.known.name for slip in slips if slip.known).items():
        if 2 * count >= len(slips) and (count > 1 or len(slips) == 1):
            mine = [slip for slip in slips if slip.known and slip.known.name == name]
            groups.setdefault(("gallery", name), []).extend(mine)
            groups[key] = [slip for slip in groups[key] if slip not in mine]


def _mistake(key: tuple[str, str], slips: list[Slip], facts: Facts) -> Mistake:
    kind, what = key
    typical = _typical(slips)
    titles = {task.name: task.title for task in facts.assignment.tasks}
    among: Counter[str] = Counter()
    if kind == "gallery":
        known = next(slip.known.description for slip in slips if slip.known)
        words = f"made this mistake: {known.rstrip('.')}"
    elif kind in (IDEA, BELOW):
        words = f"{kind}: “{typical.verdict.idea}”"
        among.update(slip.known.description for slip in slips if slip.known)
    else:
        words = f"{kind} {what}"
    return Mistake(
        count=len({slip.student for slip in slips}),
        of=len(facts.graded),
        words=words,
        checks=tuple(dict.fromkeys(slip.verdict.check for slip in slips)),
        task=titles.get(typical.verdict.task, typical.verdict.task),
        example=_example(typical.verdict),
        among=tuple((count, text) for text, count in among.most_common(3)),
    )


def _typical(slips: list[Slip]) -> Slip:
    """The middle one by accuracy, or one with the most frequent hint and, among those, the most frequent result."""
    if measured := {min(slip.verdict.measured.values()): slip for slip in slips if slip.verdict.measured}:
        return measured[median_low(measured)]
    hint = Counter(slip.verdict.hint for slip in slips).most_common(1)[0][0]
    mine = [slip for slip in slips if slip.verdict.hint == hint]
    got = Counter(slip.verdict.got for slip in mine).most_common(1)[0][0]
    return next(slip for slip in mine if slip.verdict.got == got)


def _example(verdict: Verdict) -> Example:
    return Example(verdict.expected, verdict.got, verdict.hint, min(verdict.measured.values(), default=None))
