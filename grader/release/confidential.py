"""What students must not get: answers, ids of hidden checks, and whole files of staff only."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exercises.assignment import foundations
from grader import repository

from .consistency import check_ids
from .notebook import read_source
from .regions import find_regions

ANSWER_LENGTH = 12  # characters without blanks; shorter lines ("return x") say nothing
# "for layer in layers:" and "with torch.no_grad():" without blanks: any code that has layers says it.
PLAIN_LINE = re.compile(r"for\w+in\w+:|withtorch\.no_grad\(\):")
REGION_IN_CELL = re.compile(r"BEGIN (SOLUTION|HIDDEN TESTS|MARK SCHEME)(?P<inside>.*?)END \1", re.DOTALL)


@dataclass(frozen=True)
class Secrets:
    """What must not be found.

    Attributes:
        answers: lines of solution regions, without blanks, and where each stands.
        checks:  ids of hidden checks that are no public ones.
        files:   texts of the solution's and the hidden checks' files, and their names.
    """

    answers: dict[str, str]
    checks: frozenset[str]
    files: dict[str, str]


def find_secrets(assignment: str) -> Secrets:
    """Read anew from solutions/ and grader/checks/ what has to stay there."""
    hidden, public = repository.hidden_checks(assignment), repository.exercises(assignment) / "checks"
    solution = repository.solutions(assignment)
    # Not wrong_answers: an untouched stub is one of them.
    files = [*sorted(solution.glob("*.py")), *_modules(solution / "right_answers"), *_modules(hidden)]
    texts = {path.read_text(encoding="utf-8").strip(): repository.relative(path) for path in files}
    return Secrets(
        answers=_answers(assignment),
        checks=frozenset(_check_ids(_modules(hidden)) - _check_ids(_modules(public))),
        files={text: name for text, name in texts.items() if len(packed(text)) >= ANSWER_LENGTH},
    )


def _modules(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def _answers(assignment: str) -> dict[str, str]:
    """The telling lines of all regions, without blanks.

    What also stands outside of regions is no secret, nor are the solutions of those that this one builds on.
    """
    inside: dict[str, str] = {}
    outside: list[str] = []
    for path in sorted(repository.solutions(assignment).glob("*.py")):
        if path == repository.notebook_source(assignment):
            continue
        lines = path.read_text(encoding="utf-8").split("\n")
        for region in reversed(find_regions("\n".join(lines), repository.relative(path))):
            for number, line in enumerate(region.lines, start=region.begin + 1):
                inside.setdefault(packed(_without_comment(line)), f"{repository.relative(path)}:{number}")
            del lines[region.begin - 1 : region.end]
        outside += lines
    if repository.notebook_source(assignment).is_file():
        for cell in read_source(repository.notebook_source(assignment)).cells:
            secret, rest = _split(cell)
            where = f"{repository.relative(repository.notebook_source(assignment))}, cell {cell['id']}"
            inside |= {bare: where for line in secret.split("\n") if (bare := packed(line)) not in inside}
            outside.append(rest)
    for base in foundations(assignment):
        outside += [path.read_text(encoding="utf-8") for path in repository.solutions(base).glob("*.py")]
    known = packed("\n".join(outside))
    return {line: where for line, where in inside.items() if _telling(line) and line not in known}


def _telling(line: str) -> bool:
    return len(line) >= ANSWER_LENGTH and not PLAIN_LINE.fullmatch(line)


def _split(cell: Any) -> tuple[str, str]:
    """What nbgrader clears of a cell (its regions, or all of a solution cell that has none), and the rest."""
    source = str(cell["source"])
    regions = "\n".join(match["inside"] for match in REGION_IN_CELL.finditer(source))
    if regions:
        return regions, REGION_IN_CELL.sub("", source)
    return (source, "") if cell["metadata"].get("nbgrader", {}).get("solution") else ("", source)


def _check_ids(files: Iterable[Path]) -> set[str]:
    return {id for path in files for id in check_ids(path)}


def _without_comment(line: str) -> str:
    return line.split("  # ")[0]


def packed(text: str) -> str:
    """The text without blanks, so that neither indentation nor the JSON of a notebook hides a line."""
    return "".join(text.split())
