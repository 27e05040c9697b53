"""Which of a student's files are those that the assignment asks for: also renamed ones, wherever they lie."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from exercises.assignment import assignment_names, load_assignment
from exercises.own import own_imports
from exercises.pack import MODULE_BYTES, NOTEBOOK_BYTES

from .reading import Entry

# What browsers, systems and people add: "digits (1).ipynb", "digits-2.ipynb", "digits_1.ipynb", "digits - Copy.ipynb",
# "Copy of digits.ipynb", "DIGITS.IPYNB"
RENAMED = re.compile(r"(?:\s*\(\d+\)|[-_ ]\d{1,3}|\s*-?\s*copy(?:\s*\(?\d+\)?)?)+$", re.IGNORECASE)
COPY_OF = re.compile(r"(?:copy of|kopie von) ", re.IGNORECASE)


@dataclass(frozen=True)
class Wanted:
    """A file that the assignment asks for; `cap` in bytes."""

    path: str
    cap: int

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass(frozen=True)
class Candidate:
    """A student's file, its path below the student's own top, and how well it fits (smaller is better)."""

    entry: Entry
    rest: str
    rank: int


def wanted(assignment: str) -> list[Wanted]:
    """The notebook and the modules."""
    modules = load_assignment(assignment).modules
    return [
        Wanted(f"{assignment}.ipynb", NOTEBOOK_BYTES),
        *(Wanted(f"exercises/{assignment}/{module}.py", MODULE_BYTES) for module in modules),
    ]


def own(content: bytes, assignment: str) -> dict[Wanted, bool]:
    """The modules of a student's own that a module imports, and whether each has to be there."""
    return {
        Wanted(f"exercises/{assignment}/{name}.py", MODULE_BYTES): certain
        for name, certain in own_imports(content, assignment).items()
    }


def fits(rest: str, file: Wanted, assignment: str) -> int | None:
    """How well a path fits: 0 in its place, 1 its name, 2 its name with an addition; None if it does not."""
    folder, _, name = f"/{rest}".rpartition("/")
    others = {other for other in assignment_names() if other != assignment}
    if others & set(folder.split("/")):
        return None  # recipe.py of another assignment
    if f"/{rest}".endswith(f"/{file.path}"):
        return 0
    if name == file.name:
        return 1
    stem, dot, suffix = name.rpartition(".")
    plain = RENAMED.sub("", COPY_OF.sub("", stem))
    return 2 if f"{plain}{dot}{suffix}".lower() == file.name.lower() else None


def best(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The best first: the latest of those that fit best, and of equally late ones the one whose name sorts last."""

    def late(one: Candidate) -> float:
        return one.entry.when.timestamp() if one.entry.when else 0.0

    return sorted(candidates, key=lambda one: (-one.rank, late(one), one.rest), reverse=True)
