"""Finds annotations that use a name before it is there: Python 3.14 reads them later, older ones when they come by."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator

from .syntax import Version, version

LAZY: Version = (3, 14)  # since when annotations are not read until somebody asks for them
NEVER = 1 << 30  # the line of a name that only type checkers see
Functions = ast.FunctionDef | ast.AsyncFunctionDef


def early_annotations(source: str, python: str) -> list[tuple[int, str]]:
    """The annotations that end in a NameError when the grading Python imports this source.

    Args:
        python: the grading Python, "3.11".

    Returns:
        (line, what), sorted; empty where there is none, and where this Python cannot read the source.
    """
    try:
        tree = ast.parse(source)
        if version(python) >= LAZY or any(_is_spared(node) for node in tree.body):
            return []
        there = _names(tree.body)
        found = {(node.lineno, node.id) for node in _annotated(tree.body, there) if _is_late(node, there)}
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    advice = "which only Python 3.14 allows: write `from __future__ import annotations` as the first import"
    return [(line, f"an annotation uses {name} before it is there, {advice}") for line, name in sorted(found)]


def _is_spared(node: ast.stmt) -> bool:
    """Whether this makes all annotations texts, or brings names that nobody can tell by reading."""
    return isinstance(node, ast.ImportFrom) and any(alias.name in ("annotations", "*") for alias in node.names)


def _is_late(node: ast.Name, there: dict[str, int]) -> bool:
    return not hasattr(builtins, node.id) and there.get(node.id, 0) >= node.lineno


def _names(body: Iterable[ast.stmt], *, never: bool = False) -> dict[str, int]:
    """The names that statements bind, each with the line after which it is there.

    Args:
        never: whether the statements do not run.
    """
    found: dict[str, int] = {}
    for node in body:
        inner: dict[str, int] = {}
        if isinstance(node, Functions | ast.ClassDef):
            inner[node.name] = node.end_lineno or node.lineno
        elif isinstance(node, ast.Import | ast.ImportFrom):
            inner |= {(alias.asname or alias.name).split(".")[0]: node.lineno - 1 for alias in node.names}
        else:
            unseen = node.body if isinstance(node, ast.If) and _is_for_type_checkers(node) else None
            blocks = [getattr(node, name, []) for name in ("body", "orelse", "finalbody")]
            blocks += [handler.body for handler in getattr(node, "handlers", [])]
            for block in blocks:
                for name, line in _names(block, never=never or block is unseen).items():
                    inner[name] = min(line, inner.get(name, NEVER))
            if not any(blocks):
                stored = (one for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store))
                inner |= {one.id: node.lineno - 1 for one in stored}
        for name, line in inner.items():
            found[name] = min(NEVER if never else line, found.get(name, NEVER))
    return found


def _is_for_type_checkers(node: ast.If) -> bool:
    return ast.unparse(node.test).endswith("TYPE_CHECKING")


def _annotated(body: Iterable[ast.stmt], there: dict[str, int]) -> Iterator[ast.Name]:
    """The names in annotations that are read while the module is imported: not those inside of functions."""
    for node in body:
        parts: list[ast.expr | None] = []
        if isinstance(node, Functions):
            given = node.args
            every = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
            parts = [node.returns, *(one.annotation for one in every if one)]
        elif isinstance(node, ast.AnnAssign):
            parts = [node.annotation]
        elif isinstance(node, ast.ClassDef):
            own = _names(node.body)
            yield from (name for name in _annotated(node.body, there) if name.id not in own)
        for part in parts:
            yield from (name for name in ast.walk(part) if isinstance(name, ast.Name)) if part else ()
