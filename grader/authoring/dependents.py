"""Which modules of an answer a change in one of them can reach."""

from __future__ import annotations

import ast


def dependents(files: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """For each module the others that import it, or import one that does."""
    imports = {name: _siblings(text) & set(files) for name, text in files.items()}
    found = {}
    for name in files:
        reached, new = {name}, {name}
        while new:
            new = {other for other, needs in imports.items() if needs & new} - reached
            reached |= new
        found[name] = tuple(other for other in files if other in reached and other != name)
    return found


def _siblings(text: str) -> set[str]:
    nodes = ast.walk(ast.parse(text))
    return {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and node.level == 1}
