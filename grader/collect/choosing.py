"""Which of a student's files are those that the assignment asks for: also renamed ones, wherever they lie."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from exercises.assignment import MODULE_BYTES, NOTEBOOK_BYTES, assignment_names, load_assignment
from exercises.own import own_imports

from .sources import Entry

# What browsers, systems and people add: "digits (1).ipynb", "digits-2.ipynb", "digits_1.ipynb", "digits - Copy.ipynb",
# "Copy of digits.ipynb", "DIGITS.IPYNB"; and "digits.ipynb.json", where a browser knows better than a name
RENAMED_PATTERN = re.compile(
    r"(?:\s*\((?P<browser>\d+)\)|[-_ ](?P<system>\d{1,3})|\s*-?\s*copy(?:\s*\(?\d+\)?)?)$", re.IGNORECASE
)
COPY_OF_PATTERN = re.compile(r"(?:copy of|kopie von) ", re.IGNORECASE)
BROWSER_S = re.compile(r"(\.(?:ipynb|py))\.(?:json|txt|html?)$", re.IGNORECASE)


@dataclass(frozen=True)
class Wanted:
    """A file that the assignment asks for; `cap` in bytes."""

    path: str
    cap: int

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass(frozen=True)
class Attempt:
    """An upload, and what tells whether it is a later one than another.

    Attributes:
        base:   its name without what was added to it: the same for "x.zip", "x (1).zip" and "x-1.zip".
        number: what was added, 0 where nothing was.
        file:   the system's own number of the file; 0 where it has none.
        when:   when it was handed in, where a system states that of each upload.
    """

    base: str
    number: int = 0
    file: int = 0
    when: datetime | None = None


@dataclass(frozen=True)
class Candidate:
    """A student's file, its path as it is shown, how well it fits (smaller is better), and which upload it came in.

    Attributes:
        fit:    0 in its place, 1 elsewhere.
        copied: whether its name says that it is a copy.
        number: what was added to the name of a file inside a zip.
    """

    entry: Entry
    rest: str
    fit: int
    attempt: Attempt
    renamed: bool = False
    copied: bool = False
    number: int = 0


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


@dataclass(frozen=True)
class Plain:
    """A name without what was added to it, and what that was."""

    name: str
    number: int
    copied: bool


def plain(name: str) -> Plain:
    """A file's name as it was before it was uploaded again or copied, in lower case."""
    stem, dot, suffix = BROWSER_S.sub(r"\1", name).rpartition(".")
    number, bare = 0, COPY_OF_PATTERN.sub("", stem)
    copied = bare != stem
    while found := RENAMED_PATTERN.search(bare):
        digits = found["browser"] or found["system"]
        number, copied = max(number, int(digits or 0)), copied or not digits
        bare = bare[: found.start()]
    return Plain(f"{bare}{dot}{suffix}".lower(), number, copied)


def candidate(entry: Entry, rest: str, shown: str, file: Wanted, assignment: str, attempt: Attempt) -> Candidate | None:
    """How a file fits one that is asked for; None where it does not."""
    folder, _, name = f"/{rest}".rpartition("/")
    others = {other for other in assignment_names() if other != assignment}
    if others & set(folder.split("/")):
        return None  # recipe.py of another assignment
    as_it_was = plain(name)
    if name != file.name and as_it_was.name != file.name.lower():
        return None
    in_place = f"{folder}/{file.name}".endswith(f"/{file.path}")
    added = as_it_was if name != file.name else Plain(name, 0, False)
    return Candidate(entry, shown, 0 if in_place else 1, attempt, name != file.name, added.copied, added.number)


def best(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The best first: of the latest upload where times are stated, then of the later attempt, then what fits best.

    A later attempt has the larger number among uploads of one name ("x (1).zip" is later than "x.zip"), and else the
    larger number of the system's own.
    """
    found = list(candidates)

    def late(one: Candidate) -> tuple[float, int, int, int, int, bool, str]:
        attempt = one.attempt
        # No upload of a larger number is older, so that the system's numbers and those in names cannot contradict.
        same = (other.attempt for other in found if other.attempt.base == attempt.base)
        file = max(other.file for other in same if other.number <= attempt.number)
        when = attempt.when.timestamp() if attempt.when else 0.0
        return when, file, attempt.number, -one.fit, one.number, not one.copied, one.rest

    return sorted(found, key=late, reverse=True)
