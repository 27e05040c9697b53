"""Follows imports through the repository, without running anything: which files a piece of code may run."""

from __future__ import annotations

import ast
import functools
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from grader import repository

ROOTS = ("datasets", "exercises", "grader", "solutions")  # the packages of the repository
NUMERIC_PACKAGES = frozenset({"numpy", "torch", "torchaudio", "torchvision"})  # installed: values depend on them
MODULE_PATTERN = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
RULES = "rules"  # the attribute through which code reads budget and thresholds, beside those of an assignment:
ASSIGNMENT, TRAINING = "load_assignment", "training"
PRIVATE_DATA, PRIVATE_SEED = "hidden", "seed"  # of the private data, the seed alone needs no budget


@dataclass(frozen=True)
class Scan:
    """What the text of one module says.

    Attributes:
        modules:     dotted names of the repository that it imports, or names whole in a string (`-m`, import_module);
                     some are functions and classes of a module.
        packages:    the NUMERIC_PACKAGES that it imports or names so.
        reads_rules: whether it reads the budget or the thresholds of an assignment.
        words:       the strings in it that a task's name could be.
    """

    modules: frozenset[str]
    packages: frozenset[str]
    reads_rules: bool
    words: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Reach:
    """All files that some modules reach.

    Attributes:
        files:    content by path in the repository, with forward slashes.
        packages: the NUMERIC_PACKAGES that they use.
    """

    files: Mapping[str, bytes]
    packages: frozenset[str]


def reach(starts: Iterable[str], *, scans: Iterable[Scan] = (), without: Iterable[str] = ()) -> Reach:
    """Follow the imports of modules, wherever they stand in them, to all files of the repository that may run.

    What only types need (`if TYPE_CHECKING`) counts too: names that a package hands on lazily are written there.

    Args:
        starts:  dotted names.
        scans:   of code that is no module (a notebook's cells).
        without: dotted names of modules and packages that are not followed.

    Raises:
        ModuleNotFoundError: a start, or one of those that are not followed, is no module of the repository.
        SyntaxError: a file is not Python.
    """
    starts, without = list(starts), tuple(without)
    for name in (*starts, *without):
        if _file_of(name) is None:
            raise ModuleNotFoundError(f"{name}: verdicts rest on it by name, but there is no such module", name=name)
    scans = list(scans)
    waiting = [*starts, *(name for scan in scans for name in scan.modules)]
    packages = {package for scan in scans for package in scan.packages}
    files: dict[str, bytes] = {}
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen or any(name == one or name.startswith(f"{one}.") for one in without):
            continue
        seen.add(name)
        parent = name.rpartition(".")[0]
        if parent:
            waiting.append(parent)  # importing a module runs its packages first
        path = _file_of(name)
        if path is None or path in files:
            continue
        files[path] = content = _read(path)
        scan = scan_module(content, path)
        waiting += scan.modules
        packages |= scan.packages
    return Reach(files, frozenset(packages))


def _file_of(name: str) -> str | None:
    """The path in the repository of a module or package; None where there is none, as for a name in a module."""
    path = name.replace(".", "/")
    for candidate in (f"{path}.py", f"{path}/__init__.py"):
        if os.path.isfile(os.path.join(repository.REPOSITORY, candidate)):
            return candidate
    return None


def _read(path: str) -> bytes:
    with open(os.path.join(repository.REPOSITORY, path), "rb") as file:
        return file.read()


@functools.lru_cache(maxsize=1024)
def scan_module(content: bytes, path: str) -> Scan:
    """Read one module.  `path` lies in the repository: relative imports start there."""
    package = path.removesuffix(".py").split("/")[:-1]
    return scan_code(ast.parse(content, path), package)


def scan_code(tree: ast.AST, package: list[str]) -> Scan:
    """Read code; `package` is where its relative imports start, part by part."""
    names: set[str] = set()
    words: set[str] = set()
    reads_rules = False
    facts = _assignments(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str) and MODULE_PATTERN.fullmatch(node.value):
                names.add(node.value)
                words.add(node.value)
        elif isinstance(node, ast.Attribute):
            reads_rules = reads_rules or node.attr == RULES or _reads_private_data(node) or _reads_training(node, facts)
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            names |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    tops = {name: name.partition(".")[0] for name in names}
    return Scan(
        modules=frozenset(name for name, top in tops.items() if top in ROOTS and name != top),
        packages=frozenset(tops.values()) & NUMERIC_PACKAGES,
        reads_rules=reads_rules,
        words=frozenset(words),
    )


def _assignments(tree: ast.AST) -> set[str]:
    """Names that stand for an assignment's facts."""
    return {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and _is_assignment(node.value, set())
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _is_assignment(node: ast.AST, names: set[str]) -> bool:
    """Whether this is an assignment's facts: just read, or under one of these names."""
    if isinstance(node, ast.Call):
        return ast.unparse(node.func).split(".")[-1] == ASSIGNMENT
    return isinstance(node, ast.Name) and node.id in names


def _reads_training(node: ast.Attribute, names: set[str]) -> bool:
    return node.attr == TRAINING and _is_assignment(node.value, names)


def _reads_private_data(node: ast.Attribute) -> bool:
    value = node.value
    return isinstance(value, ast.Attribute) and value.attr == PRIVATE_DATA and node.attr != PRIVATE_SEED
