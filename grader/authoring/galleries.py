"""The two galleries beside each solution: other right answers, and typical mistakes with the checks that catch them.

    solutions/<assignment>/right_answers/<name>/<module>.py   functions, methods … in the place of the solution's, see
                                                              overlay.py; about.txt says in one line what is special
    solutions/<assignment>/wrong_answers/<module>.toml        mistakes in that module, as edits of the solution

Neither repeats what the solution says, so both follow it where it changes. Nothing in a gallery runs until somebody
puts its files where a student's would lie.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from exercises.assignment import load_assignment
from grader import repository
from grader.release.stubs import stub

from .overlay import check_names, lay_over, names_used


class GalleryError(ValueError):
    """An entry of a gallery does not fit the solution, or its file is not complete."""


@dataclass(frozen=True)
class RightAnswer:
    """Another correct way to write some of the modules; the others are the solution's.

    Attributes:
        own: the modules that it writes in another way, by name without ".py": complete, laid over the solution's.
    """

    name: str
    description: str
    assignment: str
    own: dict[str, str]

    def files(self) -> dict[str, str]:
        """The text of every module, by name without ".py"."""
        return {**solution_files(self.assignment), **self.own}


@dataclass(frozen=True)
class WrongAnswer:
    """The solution with one typical mistake.

    Attributes:
        module:    the module with the mistake.
        edits:     (old, new) pairs; each old text occurs exactly once in the solution's module.
        caught_by: ids of the checks that must not pass, "blocks.*" for all of a task; all others must pass.
        partly:    checks whose points depend on luck, with the lowest and the highest points that are due.
        ends:      False for code that runs for ever: it needs a sandbox.
        unwritten: whether the module is the stub, without edits; an empty `module` means all of them.
    """

    name: str
    description: str
    assignment: str
    module: str
    edits: tuple[tuple[str, str], ...] = ()
    caught_by: tuple[str, ...] = ()
    partly: dict[str, tuple[float, float]] = field(default_factory=dict)
    ends: bool = True
    unwritten: bool = False

    def files(self) -> dict[str, str]:
        """The text of every module, by name without ".py".

        Raises:
            GalleryError: an edit's old text does not occur exactly once.
        """
        files = solution_files(self.assignment)
        if self.unwritten:
            names = [self.module] if self.module else list(files)
            return files | {n: stub(files[n], f"solutions/{self.assignment}/{n}.py") for n in names}
        text = files[self.module]
        for old, new in self.edits:
            if text.count(old) != 1:
                raise GalleryError(f"{self.name}: {old!r} occurs {text.count(old)} times in {self.module}.py, not once")
            text = text.replace(old, new)
        return files | {self.module: text}

    def catches(self, check_id: str) -> bool:
        """Whether this check must not pass."""
        return any(fnmatchcase(check_id, pattern) for pattern in self.caught_by)


def solution_files(assignment: str) -> dict[str, str]:
    """The solution's modules, by name without ".py"."""
    folder = repository.solutions(assignment)
    return {name: (folder / f"{name}.py").read_text(encoding="utf-8") for name in load_assignment(assignment).modules}


def right_answers(assignment: str) -> tuple[RightAnswer, ...]:
    """Every other right answer, sorted by name.

    Raises:
        GalleryError: a folder has no about.txt, no module, or one that the assignment does not have; or a module does
            not fit the solution, says the same, or defines what neither the solution has nor anything uses.
    """
    folders = sorted(path for path in (repository.solutions(assignment) / "right_answers").iterdir() if path.is_dir())
    return tuple(_right_answer(assignment, folder) for folder in folders if folder.name != "__pycache__")


def _right_answer(assignment: str, folder: Path) -> RightAnswer:
    about, name = folder / "about.txt", f"right answer {folder.name}"
    if not about.is_file():
        raise GalleryError(f"{name}: about.txt is missing; it says in one line what is special about this answer")
    solution = solution_files(assignment)
    pieces = {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))}
    if not pieces or not pieces.keys() <= solution.keys():
        wanted = ", ".join(f"{module}.py" for module in solution)
        strange = ", ".join(f"{module}.py" for module in pieces.keys() - solution.keys())
        raise GalleryError(f"{name}: it has {strange or 'no module'}; it takes one or more of {wanted}")
    own = {}
    for module, text in pieces.items():
        with _place_named(f"{name}, {module}.py"):
            own[module] = lay_over(solution[module], text)
    used = set().union(*map(names_used, own.values()))
    for module, text in pieces.items():
        with _place_named(f"{name}, {module}.py"):
            check_names(solution[module], text, used)
    return RightAnswer(folder.name, about.read_text(encoding="utf-8").strip(), assignment, own)


@contextmanager
def _place_named(place: str) -> Iterator[None]:
    try:
        yield
    except SyntaxError as error:
        raise GalleryError(f"{place}:{error.lineno}: {error.msg}") from error
    except ValueError as error:
        raise GalleryError(f"{place}: {error}") from error


def wrong_answers(assignment: str) -> tuple[WrongAnswer, ...]:
    """Every typical mistake, sorted by file; the file "all.toml" holds those of no single module.

    Raises:
        GalleryError: a file is not complete, or two mistakes share a name.
    """
    found: list[WrongAnswer] = []
    for path in sorted((repository.solutions(assignment) / "wrong_answers").glob("*.toml")):
        found += _wrong_answers_in(assignment, path)
    names = [answer.name for answer in found]
    if doubles := {name for name in names if names.count(name) > 1}:
        raise GalleryError(f"wrong answers with the same name: {', '.join(sorted(doubles))}")
    return tuple(found)


def _wrong_answers_in(assignment: str, path: Path) -> Iterator[WrongAnswer]:
    module = "" if path.stem == "all" else path.stem
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))["wrong"]
        for entry in entries:
            yield _wrong_answer(assignment, module, **entry)
    except (KeyError, TypeError, ValueError) as error:
        raise GalleryError(f"{path.name}: {type(error).__name__}: {error}") from error


def _wrong_answer(
    assignment: str,
    module: str,
    *,
    name: str,
    description: str,
    caught_by: Iterable[str] = (),
    edit: Iterable[dict[str, str]] = (),
    partly: dict[str, Any] | None = None,
    ends: bool = True,
    unwritten: bool = False,
) -> WrongAnswer:
    return WrongAnswer(
        name=name,
        description=description,
        assignment=assignment,
        module=module,
        edits=tuple((pair["old"], pair["new"]) for pair in edit),
        caught_by=tuple(caught_by),
        partly={check: (float(low), float(high)) for check, (low, high) in (partly or {}).items()},
        ends=ends,
        unwritten=unwritten,
    )
