"""The model solution with notes: each region, and below it the gallery's mistakes that change it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from textwrap import dedent

from exercises.assignment import Assignment, load_assignment
from exercises.checking import Check
from grader.authoring.galleries import WrongAnswer, solution_files, wrong_answers
from grader.model.plain import plain
from grader.release.consistency import all_checks
from grader.release.regions import BEGIN_LINE, END_LINE, TASK_PATTERN, Region, find_regions

from .lines import Change, changed_at, changes
from .mistakes import Effect, effect

AROUND = 1  # lines shown around a change
OUTSIDE = -1  # the number of no region


@dataclass(frozen=True)
class Note:
    """A mistake of the gallery: what it is, which lines it changes, and what comes of it."""

    description: str
    changed: tuple[tuple[Change, ...], ...]
    effect: Effect


@dataclass(frozen=True)
class Part:
    """A region of the solution with its notes; without code, what a mistake changes outside of all regions."""

    title: str
    code: str
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Module:
    """A module of the solution, and the titles of the tasks that it answers."""

    name: str
    titles: tuple[str, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Notes:
    """All that the page shows."""

    assignment: str
    title: str
    modules: tuple[Module, ...]

    @property
    def mistakes(self) -> int:
        return sum(len(part.notes) for module in self.modules for part in module.parts)


def gather_notes(assignment: str) -> Notes:
    """The solution of an assignment with the mistakes of its gallery, each tried out in this process.

    Modules that were handed in as released are no mistake to learn from, and are left out.

    Raises:
        GalleryError: the gallery does not fit the solution.
        ReleaseError: a mark of the solution is wrong, or the checks cannot be read.
    """
    facts, checks = load_assignment(assignment), all_checks(assignment)
    gallery = [one for one in wrong_answers(assignment) if one.module and not one.unwritten]
    modules = [
        _module(name, text, [one for one in gallery if one.module == name], facts, checks)
        for name, text in solution_files(assignment).items()
    ]
    return Notes(assignment, facts.title, tuple(modules))


def _module(name: str, text: str, gallery: Sequence[WrongAnswer], facts: Assignment, checks: Sequence[Check]) -> Module:
    regions = find_regions(text, f"{name}.py")
    numbered = list(_unmarked(text, regions))
    solution, owners = [line for line, _ in numbered], [owner for _, owner in numbered]
    notes: dict[int, list[Note]] = {}
    for mistake in gallery:
        wrong = [line for line, _ in _unmarked(mistake.files()[name])]
        note = Note(plain(mistake.description), changes(solution, wrong, AROUND), effect(mistake, facts, checks))
        notes.setdefault(_place(owners, changed_at(solution, wrong)), []).append(note)
    parts = [
        Part(region.task, dedent("\n".join(region.lines)).strip("\n"), tuple(notes.get(number, ())))
        for number, region in enumerate(regions)
    ]
    if elsewhere := notes.get(OUTSIDE):
        parts.append(Part("Outside of these parts", "", tuple(elsewhere)))
    return Module(name, tuple(task.title for task in facts.tasks if task.module == name), tuple(parts))


def _unmarked(text: str, regions: Sequence[Region] = ()) -> Iterator[tuple[str, int]]:
    """The lines without marks and Task comments, of which a mistake may leave out any, and each one's region."""
    owners = {line: number for number, region in enumerate(regions) for line in range(region.begin, region.end)}
    for number, line in enumerate(text.rstrip().split("\n"), start=1):
        if line.strip() not in (BEGIN_LINE, END_LINE) and not TASK_PATTERN.fullmatch(line):
            yield line.rstrip(), owners.get(number, OUTSIDE)


def _place(owners: Sequence[int], changed: Iterable[int]) -> int:
    """The region that a mistake changes first: that of a changed line, or of the line before it where lines are new."""
    near = (owner for line in changed for owner in owners[max(0, line - 1) : line + 1][::-1])
    return next((owner for owner in near if owner != OUTSIDE), OUTSIDE)
