"""The gauntlet's cases: hostile or accidental submissions, small edits of the right answer, each with its honest score.

    tests/gauntlet/cases/<theme>.toml

    [[case]]
    name = "opens_the_gradebook"
    story = "One line: what this student did."
    assignment = "convolution"        # whose right answer is changed; without it "digits"
    module = "receptive_field"        # what `old`/`new`, `append`, `prepend` and `text` change
    append = "…"                      # code below the module's own; `prepend`: above; `old`, `new`: in place of a text
    change = [{ module = "blocks", append = "…" }]      # the same for further modules
    like = "another_case"             # of the same file and above it, whose changes come first
    unwritten = ["recipe"]            # modules that are left as the stub
    notebook = "half"                 # a damage of tests/gauntlet/notebook_damage.py
    folder = "fifo_as_module"         # the same for the submitted folder
    lost = ["pooling.*"]              # checks that are worth 0, or whose points wait for a person; all others are
                                      # worth full points
    partly = { "accuracy.hidden_test" = [0.0, 1.0] }
    proposed = ["accuracy.hidden_test"]     # whatever points these checks give wait for a person; no other's do
    reported = true                   # the teaching assistant has to read of it; false: there is nothing to read
    shows = ["tried the gradebook"]   # what the results must hold: proof that the attack was made, or a clear message
                                      # (each of them, and of "one | another" either)
    fast = true                       # part of `make test`
    gap = "…"                         # why the product does not give the honest score, where that is known and stated

Code that reaches for something prints what it got, which the notebook's outputs then hold. A line that holds WON says
that an act which has to fail did not. @COURSE@, @OTHER@ and so on stand for places that the run knows
(`Surroundings.known`): the attacker is given everything that could be guessed about the machine.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from exercises.assignment import assignment_names, load_assignment
from grader.authoring.galleries import solution_files
from grader.grading.checked.groups import graded_checks
from grader.release.stubs import stub

from .folder_damage import DAMAGED, FOLDERS
from .notebook_damage import NOTEBOOKS
from .pupil import PUPIL
from .texts import BROUGHT, FORGER

CASES = Path(__file__).resolve().parent / "cases"
WON = "'WON'"  # as `repr` writes it: a picture's bytes as text hold no quotes
FUTURE = "from __future__ import annotations\n"
MARK_LINE = re.compile(r"^ *### (BEGIN|END) SOLUTION\n", re.MULTILINE)

# Below each module that uses `attempt`: prints what an attack got, or why it got nothing.
ATTEMPT = """

def attempt(what, call):
    try:
        got = call()
    except BaseException as error:
        print(f"tried {what}: {type(error).__name__}: {error}"[:300])
    else:
        print(f"tried {what}, got: {got!r}"[:4000])

"""

# What an appended code uses -> what then stands above it.
BELOW = {"attempt(": ATTEMPT, "Pupil()": PUPIL, "brought()": BROUGHT, "forges(": FORGER}

Band = tuple[float, float]


class CaseError(ValueError):
    """A case is not complete, or does not fit the solution."""


@dataclass(frozen=True)
class Change:
    """One edit of one module: exactly one of `old` with `new`, `append`, `prepend` and `text` (all of the file)."""

    module: str
    old: str | None = None
    new: str | None = None
    append: str | None = None
    prepend: str | None = None
    text: str | None = None

    def __post_init__(self) -> None:
        kinds = [self.old, self.append, self.prepend, self.text]
        if sum(kind is not None for kind in kinds) != 1 or (self.old is None) != (self.new is None):
            raise CaseError(f"a change of {self.module}: one of old with new, append, prepend, text")

    def apply(self, text: str) -> str:
        """Raises CaseError where the old text does not occur exactly once."""
        if self.text is not None:
            return self.text
        if self.append is not None:
            return text + "".join(code for word, code in BELOW.items() if word in self.append) + self.append
        if self.prepend is not None:
            own = ATTEMPT * ("attempt(" in self.prepend) + self.prepend
            return text.replace(FUTURE, f"{FUTURE}{own}\n", 1)
        assert self.old is not None and self.new is not None
        if text.count(self.old) != 1:
            raise CaseError(f"{self.old!r} occurs {text.count(self.old)} times in {self.module}.py, not once")
        return text.replace(self.old, self.new)


@dataclass(frozen=True)
class Case:
    """One submission.  The attributes are those of the toml files (see above); `theme` is the file's name."""

    name: str
    story: str
    theme: str
    assignment: str = "digits"
    changes: tuple[Change, ...] = ()
    unwritten: tuple[str, ...] = ()
    notebook: str = ""
    folder: str = ""
    lost: tuple[str, ...] = ()
    partly: dict[str, Band] = field(default_factory=dict)
    proposed: tuple[str, ...] = ()
    reported: bool | None = None
    shows: tuple[str, ...] = ()
    fast: bool = False
    gap: str = ""

    def modules(self, known: Mapping[str, str] | None = None) -> dict[str, str]:
        """The text of each module, by name without ".py".

        Args:
            known: what stands for @NAME@, by name.

        Raises:
            CaseError: an edit does not fit.
        """
        files = solution_files(self.assignment)
        for name in self.unwritten:
            files[name] = stub(files[name], f"solutions/{self.assignment}/{name}.py")
        for change in self.changes:
            try:
                files[change.module] = change.apply(files[change.module])
            except CaseError as error:
                raise CaseError(f"{self.name}: {error}") from None
        # without the marks, so that they are found nowhere but in solutions/
        files = {name: MARK_LINE.sub("", text) for name, text in files.items()}
        return {name: filled(text, known) for name, text in files.items()}

    def due(self) -> dict[str, Band]:
        """The lowest and the highest points that are honest, for each check."""
        result: dict[str, Band] = {}
        for check in graded_checks(self.assignment):
            lost = any(fnmatchcase(check.id, pattern) for pattern in self.lost)
            lowest = 0.0 if lost or check.id in self.proposed else check.points
            result[check.id] = self.partly.get(check.id, (lowest, 0.0 if lost else check.points))
        return result


def filled(text: str, known: Mapping[str, str] | None) -> str:
    """The text with each @NAME@ replaced by what is known under that name."""
    for name, value in (known or {}).items():
        text = text.replace(f"@{name}@", value)
    return text


def load_cases(folder: Path = CASES) -> tuple[Case, ...]:
    """Every case, by theme, in the order of the files.

    Raises:
        CaseError: an entry is not complete, names what does not exist, does not fit the solution, or two share a name.
    """
    found: list[Case] = []
    for path in sorted(folder.glob("*.toml")):
        found += _cases_in(path)
    names = [case.name for case in found]
    if doubles := sorted({name for name in names if names.count(name) > 1}):
        raise CaseError(f"cases with the same name: {', '.join(doubles)}")
    for case in found:
        _require_sense(case)
    return tuple(found)


def chosen(cases: Iterable[Case], *patterns: str) -> list[Case]:
    """The cases whose name, or theme, is like one of these patterns ("forged_*")."""
    return [c for c in cases if any(fnmatchcase(word, pattern) for pattern in patterns for word in (c.name, c.theme))]


def _cases_in(path: Path) -> Iterator[Case]:
    try:
        above: dict[str, Case] = {}
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
            like = entry.pop("like", "")
            case = _case(path.stem, above[like].changes if like else (), **entry)
            above[case.name] = case
            yield case
    except (KeyError, TypeError, ValueError) as error:
        raise CaseError(f"{path.name}: {type(error).__name__}: {error}") from error


def _case(
    theme: str,
    before: tuple[Change, ...],
    *,
    name: str,
    story: str,
    assignment: str = "digits",
    module: str = "",
    change: Iterable[dict[str, str]] = (),
    unwritten: Iterable[str] = (),
    notebook: str = "",
    folder: str = "",
    lost: Iterable[str] = (),
    partly: dict[str, Any] | None = None,
    proposed: Iterable[str] = (),
    reported: bool | None = None,
    shows: Iterable[str] = (),
    fast: bool = False,
    gap: str = "",
    **first: str,
) -> Case:
    changes = [Change(module, **first)] if module else []
    if first and not module:
        raise CaseError(f"{name}: which module?")
    return Case(
        name=name,
        story=story,
        theme=theme,
        assignment=assignment,
        changes=(*before, *changes, *(Change(**one) for one in change)),
        unwritten=tuple(unwritten),
        notebook=notebook,
        folder=folder,
        lost=tuple(lost),
        partly={check: (float(low), float(high)) for check, (low, high) in (partly or {}).items()},
        proposed=tuple(proposed),
        reported=reported,
        shows=tuple(shows),
        fast=fast,
        gap=gap,
    )


def _require_sense(case: Case) -> None:
    if case.assignment not in assignment_names():
        raise CaseError(f"{case.name}: there is no {case.assignment}")
    ids = {check.id for check in graded_checks(case.assignment)}
    modules = set(load_assignment(case.assignment).modules)
    unknown = [pattern for pattern in case.lost if not any(fnmatchcase(id, pattern) for id in ids)]
    unknown += sorted({*case.partly, *case.proposed} - ids)
    unknown += sorted({change.module for change in case.changes} - modules) + sorted(set(case.unwritten) - modules)
    unknown += [case.notebook] if case.notebook and case.notebook not in NOTEBOOKS else []
    unknown += [case.folder] if case.folder and (case.folder not in FOLDERS or case.assignment != DAMAGED) else []
    if unknown:
        raise CaseError(f"{case.name}: there is no {', '.join(unknown)}")
    if not (case.changes or case.unwritten or case.notebook or case.folder):
        raise CaseError(f"{case.name}: nothing differs from the right answer")
    case.modules()
