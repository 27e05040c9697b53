"""A student's own modules beside those of the tasks: which are handed in and graded, found by reading the imports.

One rule for packing, collecting, reading a submission and checking: a module of one's own is a file in
`exercises/<assignment>/` itself, with a plain name that nothing given and no task has, imported by a module of a task
or by another one of one's own.
"""

from __future__ import annotations

import ast
import functools
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .assignment import EXERCISES, load_assignment

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")
MOST_OWN = 20  # modules of one's own in one submission
MOST_ASKED = 100  # names that are looked for, whether there is a file or not
GIVEN = "given.json"  # what a release says of the given files, see exercises/given.py
AT_RUN_TIME = {"import_module", "__import__"}
CAUGHT = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}


@dataclass(frozen=True)
class Import:
    """One import statement, or a call of `import_module` with a plain name.

    Attributes:
        module: what is imported, from the top: "torch.nn", "exercises.digits.helpers".
        names:  what is taken of it; empty for `import module`.
        line:   from 1.
        needed: False where the file goes on without it, or where it is not run when the file is imported.
    """

    module: str
    names: tuple[str, ...]
    line: int
    needed: bool


@functools.lru_cache(maxsize=512)  # grading one submission asks a dozen times
def imports_in(content: bytes, package: str) -> tuple[Import, ...]:
    """What a module of this package imports; nothing where no Python can read it."""
    try:
        tree = ast.parse(content.decode("utf-8-sig", errors="replace"))
        return tuple(_imports(tree, package, needed=True))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()


def _imports(node: ast.AST, package: str, *, needed: bool) -> Iterator[Import]:
    if isinstance(node, ast.Import):
        yield from (Import(alias.name, (), node.lineno, needed) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        names = tuple(alias.name for alias in node.names)
        yield Import(_absolute(node.module or "", node.level, package), names, node.lineno, needed)
    elif isinstance(node, ast.Call) and _last_name(node.func) in AT_RUN_TIME and node.args:
        first = node.args[0]
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            name = first.value.lstrip(".")
            yield Import(_absolute(name, len(first.value) - len(name), package), (), node.lineno, needed)
    for name, value in ast.iter_fields(node):
        spared = name == "body" and _goes_on_without(node)
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, ast.AST):
                yield from _imports(inner, package, needed=needed and not spared)


def _goes_on_without(node: ast.AST) -> bool:
    """Whether a failing import in this statement's body stops nobody who imports the file."""
    if isinstance(node, ast.If):
        words = ast.unparse(node.test)
        return words.endswith("TYPE_CHECKING") or "__main__" in words
    if isinstance(node, ast.Try):
        caught = [handler.type for handler in node.handlers]
        classes = [one for kind in caught for one in (kind.elts if isinstance(kind, ast.Tuple) else [kind])]
        return any(one is None or _last_name(one) in CAUGHT for one in classes)
    return False


def _last_name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _absolute(module: str, level: int, package: str) -> str:
    if not level:
        return module
    parts = package.split(".")
    return ".".join([*parts[: max(len(parts) - level + 1, 0)], *([module] if module else [])])


def given_names(assignment: str) -> frozenset[str]:
    """The names of modules and folders in `exercises/<assignment>/` that are the course's, tasks' modules among them.

    In a student's folder given.json says it.  In the course's own there is none, and all that lies there is given.
    """
    folder = EXERCISES / assignment
    try:
        files = json.loads((folder / GIVEN).read_text(encoding="utf-8"))["files"]
        inner = [path.split("/")[2:] for path in files if path.startswith(f"exercises/{assignment}/")]
        found = {parts[0] for parts in inner}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        found = {path.name for path in folder.iterdir() if path.is_dir() or path.suffix == ".py"}
    names = {name.removesuffix(".py") for name in found if "." not in name.removesuffix(".py")}
    return frozenset(names | set(load_assignment(assignment).modules))


def may_be_own(name: str, assignment: str) -> bool:
    """Whether a module of one's own may have this name, without ".py"."""
    taken = {
        given.casefold() for given in given_names(assignment)
    }  # some file systems take Training.py for training.py
    return bool(NAME.fullmatch(name)) and not name.startswith("__") and name.casefold() not in taken


def own_imports(content: bytes, assignment: str) -> dict[str, bool]:
    """The modules of one's own that a module imports, by name without ".py".

    Returns:
        whether a file of that name has to be there: not for `from . import name`, which may be something else.
    """
    package = f"exercises.{assignment}"
    found: dict[str, bool] = {}
    for one in imports_in(content, package):
        if one.module == package:
            wanted = dict.fromkeys(one.names, False)
        elif one.module.startswith(f"{package}."):
            wanted = {one.module.split(".")[2]: one.needed}
        else:
            continue
        for name, certain in wanted.items():
            if may_be_own(name, assignment):
                found[name] = found.get(name, False) or certain
    return found


def with_own(
    modules: Mapping[str, bytes], assignment: str, read: Callable[[str, bool], bytes | None]
) -> dict[str, bytes]:
    """These modules and all of one's own that they import, and those import, by name without ".py".

    Args:
        read: gives a module's content, or None; its second argument says whether the file has to be there.  It is
            called once for each name, and no more once MOST_OWN modules are found.
    """
    found, asked = dict(modules), set(modules)
    waiting = list(modules.values())
    while waiting:
        for name, certain in own_imports(waiting.pop(0), assignment).items():
            if name in asked or len(found) - len(modules) >= MOST_OWN or len(asked) - len(modules) >= MOST_ASKED:
                continue
            asked.add(name)
            content = read(name, certain)
            if content is not None:
                found[name] = content
                waiting.append(content)
    return found


def reachable(start: Iterable[str], modules: Mapping[str, bytes], assignment: str) -> list[str]:
    """The names of these modules and of those of one's own that they import, which are all among `modules`."""
    first = {name: modules[name] for name in start if name in modules}
    own = set(modules) - set(load_assignment(assignment).modules)
    return list(with_own(first, assignment, lambda name, _: modules[name] if name in own else None))


def rests_on(start: Iterable[str], modules: Mapping[str, bytes], assignment: str) -> list[str]:
    """The names of these modules and of all among `modules` that they import, other tasks' modules too."""
    package, found, waiting = f"exercises.{assignment}", dict[str, None](), list(start)
    while waiting:
        if (name := waiting.pop()) in modules and name not in found:
            found[name] = None
            for one in imports_in(modules[name], package):
                inside = one.module.removeprefix(f"{package}.").partition(".")[0]
                waiting += one.names if one.module == package else [inside] * one.module.startswith(f"{package}.")
    return list(found)


def read_own_folder(folder: Path, names: Iterable[str], assignment: str, cap: int) -> dict[str, bytes]:
    """The content of the tasks' modules of these names and of those of one's own that they import, from a folder.

    What is missing, larger than `cap` bytes or not readable is left out.
    """

    def read(name: str, certain: bool = True) -> bytes | None:
        try:
            with open(folder / f"{name}.py", "rb") as file:
                content = file.read(cap + 1)
        except OSError:
            return None
        return content if len(content) <= cap else None

    first = {name: content for name in names if (content := read(name)) is not None}
    return with_own(first, assignment, read)
