"""Mutants of a module: the same text with one small change inside one of its solution regions."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import ndiff

from grader.release.regions import find_regions

from .changes import changed


@dataclass(frozen=True)
class Mutant:
    """A module with one change.

    Attributes:
        place:         the function that is changed, "MaxPool1d.forward"; "" outside of any.
        first, last:   the lines of the solution that the changed statement stands in; of a loop or a condition, only
                       the line that it begins with.
        before, after: the lines that differ, as one line of text.
        text:          the whole module with the change.
    """

    module: str
    place: str
    first: int
    last: int
    before: str
    after: str
    text: str

    def __str__(self) -> str:
        return f"{self.module}.py:{self.first}: {self.before}  ->  {self.after}"


def mutants(text: str, module: str) -> tuple[Mutant, ...]:
    """Every mutant of a module, each once, from top to bottom.

    Those are left out that are no Python, and those that read the same as the solution.
    """
    regions = find_regions(text, f"{module}.py")
    found: dict[str, Mutant] = {}
    for statement, place, parameters in _statements(ast.parse(text), "", ()):
        if any(region.begin < statement.lineno < region.end for region in regions):
            for mutant in _mutants_of(statement, text, module, place, parameters):
                found.setdefault(mutant.text, mutant)
    return tuple(found.values())


def _statements(
    parent: ast.AST, place: str, parameters: tuple[str, ...]
) -> Iterator[tuple[ast.stmt, str, tuple[str, ...]]]:
    """Every statement below a node, with the function that it stands in and its parameters; no definitions."""
    for child in ast.iter_child_nodes(parent):
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            own = tuple(a.arg for a in child.args.args if a.arg != "self") if isinstance(child, ast.FunctionDef) else ()
            yield from _statements(child, f"{place}.{child.name}".lstrip("."), own)
        elif isinstance(child, ast.stmt):
            yield child, place, parameters
            yield from _statements(child, place, parameters)


def _mutants_of(
    statement: ast.stmt, text: str, module: str, place: str, parameters: tuple[str, ...]
) -> Iterator[Mutant]:
    lines = text.split("\n")
    first, last = statement.lineno, statement.end_lineno or statement.lineno
    start = lines[first - 1]
    if start.lstrip().startswith("elif "):
        return  # written as one with the `if` above it
    indent = start[: len(start) - len(start.lstrip())]
    original = ast.unparse(statement)
    body = getattr(statement, "body", None)
    for other in changed(statement, parameters):
        new = ast.unparse(ast.fix_missing_locations(other))
        if new == original:
            continue
        changed_text = "\n".join([*lines[: first - 1], *(indent + line for line in new.split("\n")), *lines[last:]])
        if not _is_python(changed_text):
            continue
        before, after = _difference(original, new)
        yield Mutant(module, place, first, body[0].lineno - 1 if body else last, before, after, changed_text)


def _difference(before: str, after: str) -> tuple[str, str]:
    """The lines that differ, those of one side joined to one; "pass" where nothing takes the place of what is gone."""
    lines = list(ndiff(before.split("\n"), after.split("\n")))
    left, right = ("; ".join(line[2:].strip() for line in lines if line[0] == sign) for sign in "-+")
    first = before.split("\n")[0]
    return left or first, (right if left else f"{first} … {right}") or "pass"


def _is_python(text: str) -> bool:
    try:
        compile(text, "mutant", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True
