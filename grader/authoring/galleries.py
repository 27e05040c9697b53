"""The two galleries beside each solution: other right answers, and typical mistakes with the checks that catch them.

    solutions/<assignment>/right_answers/<name>/<module>.py   functions, methods … in the place of the solution's, see
                                                              overlay.py; about.txt says in one line what is special
    solutions/<assignment>/wrong_answers/<module>.toml        mistakes in that module, as edits of the solution
    solutions/<assignment>/wrong_answers/all.toml             what is handed in as it was released: unwritten = true

Neither repeats what the solution says, so both follow it where it changes. Nothing in a gallery runs until somebody
puts its files where a student's would lie.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from exercises.assignment import load_assignment
from grader import repository
from grader.release.stubs import stub

from .mistake_file import read_entries
from .overlay import check_names, lay_over, names_used

ALL = "all"  # the name of the file with the mistakes of no single module


class GalleryError(ValueError):
    """An entry of a gallery does not fit the solution, or its file is not complete."""


def gallery_file(assignment: str, module: str) -> str:
    """The path of the file with a module's mistakes, from the repository's root; "" stands for all modules."""
    return f"solutions/{assignment}/wrong_answers/{module or ALL}.toml"


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
        module:    the module with the mistake; empty for all of them.
        edits:     (old, new) pairs; each old text occurs exactly once in the solution's module.
        caught_by: ids of the checks that must not pass, "blocks.*" for all of a task; all others must pass.
        partly:    checks whose points depend on luck, with the lowest and the highest points that are due.
        ends:      False for code that runs for ever: it needs a sandbox.
        unwritten: whether the module is the stub, without edits.
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
            GalleryError: an edit's old text does not occur exactly once, or all edits leave the solution as it is.
        """
        files = solution_files(self.assignment)
        if self.unwritten:
            names = [self.module] if self.module else list(files)
            return files | {n: stub(files[n], f"solutions/{self.assignment}/{n}.py") for n in names}
        text = files[self.module]
        for old, new in self.edits:
            if text.count(old) != 1:
                advice = "write more of its line, or of those around it" if old in text else "copy it anew"
                raise GalleryError(
                    f"{self.place}: old = {old!r} occurs {text.count(old)} times in {self.module}.py, "
                    f"but it has to occur exactly once: {advice}"
                )
            text = text.replace(old, new)
        if text == files[self.module]:
            raise GalleryError(f"{self.place}: its edits leave {self.module}.py as it is: let new differ from old")
        return files | {self.module: text}

    @property
    def place(self) -> str:
        """Where it stands, for messages."""
        return f"{gallery_file(self.assignment, self.module)}, mistake {self.name!r}"

    def catches(self, check_id: str) -> bool:
        """Whether this check must not pass."""
        return any(fnmatchcase(check_id, pattern) for pattern in self.caught_by)


def solution_files(assignment: str) -> dict[str, str]:
    """The solution's modules, by name without ".py".

    Raises:
        GalleryError: one of them is missing.
    """
    paths = [repository.solutions(assignment) / f"{name}.py" for name in load_assignment(assignment).modules]
    for path in paths:
        if not path.is_file():
            raise GalleryError(f"{repository.relative(path)} is missing: assignment.toml has a task for it")
    return {path.stem: path.read_text(encoding="utf-8") for path in paths}


def right_answers(assignment: str) -> tuple[RightAnswer, ...]:
    """Every other right answer, sorted by name; none where the solution has no folder of them.

    Raises:
        GalleryError: a folder has no about.txt, or one without words, no module, or one that the assignment does not
            have; or a file is not UTF-8; or a module does not fit the solution, says the same, or defines what neither
            the solution has nor anything uses.
    """
    folders = sorted(path for path in (repository.solutions(assignment) / "right_answers").glob("*") if path.is_dir())
    return tuple(_right_answer(assignment, folder) for folder in folders if folder.name != "__pycache__")


def _right_answer(assignment: str, folder: Path) -> RightAnswer:
    about, name = folder / "about.txt", f"right answer {folder.name}"
    if not about.is_file():
        raise GalleryError(f"{name}: about.txt is missing; it says in one line what is special about this answer")
    solution = solution_files(assignment)
    description = _read(about, name).strip()
    if not description:
        raise GalleryError(f"{name}: about.txt is empty; write in one line what is special about this answer")
    pieces = {path.stem: _read(path, name) for path in sorted(folder.glob("*.py"))}
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
    return RightAnswer(folder.name, description, assignment, own)


def _read(path: Path, place: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise GalleryError(f"{place}: {path.name} is not written in UTF-8: save it so ({error})") from None


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
        GalleryError: a file or an entry is not what it should be, or two mistakes share a name; the message says which,
            and what is expected there.
    """
    found: list[WrongAnswer] = []
    for path in sorted((repository.solutions(assignment) / "wrong_answers").glob("*.toml")):
        found += mistakes_in(assignment, path)
    names = [answer.name for answer in found]
    for answer in found:
        if names.count(answer.name) > 1:
            raise GalleryError(f"{answer.place}: another mistake has this name; give each a name of its own")
    return tuple(found)


def mistakes_in(assignment: str, path: Path) -> tuple[WrongAnswer, ...]:
    """The mistakes of one file of the gallery.  Raises as `wrong_answers` does."""
    module = "" if path.stem == ALL else path.stem
    place, known = gallery_file(assignment, module), load_assignment(assignment).modules
    if module and module not in known:
        files = ", ".join(f"{name}.toml" for name in known)
        raise GalleryError(
            f"{place}: {assignment} has no module {module}; mistakes stand in the file of the module that they change "
            f"({files}), and what was handed in as it was released in {ALL}.toml"
        )
    try:
        entries = read_entries(path.read_text(encoding="utf-8"), of_all_modules=not module)
    except ValueError as error:  # not UTF-8, or not what it should be
        raise GalleryError(f"{place}: {error}") from None
    return tuple(WrongAnswer(assignment=assignment, module=module, **vars(entry)) for entry in entries)
