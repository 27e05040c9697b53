"""Finds functions of a library that a task forbids in a source file by reading it, without running it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

LONGEST = 16  # names in a chain that is followed; reading must not take long, whatever the file holds
LONGEST_SHOWN = 200  # characters
IMPORTS = {"__import__", "import_module"}
AT_RUN_TIME = {"eval", "exec", "compile"}


@dataclass(frozen=True)
class Ban:
    """What must not be used: functions and classes by their names, and the packages whose they are.

    Attributes:
        names:    a pattern for the whole of a name, "max_pool2d".
        packages: by their first names, "torch".
        modules:  of which nothing at all may be used, "torchvision.models"; their packages are among those above.
    """

    names: re.Pattern[str]
    packages: frozenset[str]
    modules: frozenset[str] = frozenset()

    def means(self, name: str) -> bool:
        """Whether this is one of the names."""
        return self.names.fullmatch(name) is not None

    def holds(self, module: str) -> bool:
        """Whether this is one of the modules, or lies in one."""
        return any(beginning in self.modules for beginning in _beginnings(module))


def banned(text: str, ban: Ban, within: str = "") -> list[str]:
    """What in a Python source is banned, as "line 12: F.max_pool2d".

    No findings are comments, docstrings, the student's own classes of the same names, keys of the student's own
    dictionaries, and what runs neither on import nor in a class: below `if __name__ == "__main__":`, or in functions
    that only it calls.  A name that is put together while the program runs is none either: what runs is listened to.

    Args:
        within: a class of the file, to read nothing else.

    Raises:
        SyntaxError: the text is not Python.
    """
    (nodes,) = _nodes_that_run(ast.parse(text))
    return _findings(nodes, ban, within)


def banned_in(sources: Mapping[str, str], ban: Ban, asked: Iterable[str] = ()) -> list[str]:
    """What `banned` finds in a module, which comes first, and in those of the student's own that it imports.

    A function of one file runs where another file asks for its name.

    Args:
        sources: their texts by name, as `student.sources` gives them.
        asked:   functions of theirs that run because somebody else asks for them.

    Raises:
        SyntaxError: one of the texts is not Python.
    """
    places = ["", *(f"{name}.py, " for name in list(sources)[1:])]
    running = _nodes_that_run(*map(ast.parse, sources.values()), asked=asked)
    return [place + found for place, nodes in zip(places, running, strict=True) for found in _findings(nodes, ban)]


def _findings(nodes: list[Any], ban: Ban, within: str = "") -> list[str]:
    """What among these nodes of one file is banned, in the order of the lines."""
    nodes = sorted(nodes, key=lambda node: node.lineno)
    its_names = _its_names(nodes, ban)
    own = _own_names(nodes, ban) if _has_star_import(nodes, ban) else None
    if within:
        nodes = [
            part
            for node in nodes
            if isinstance(node, ast.ClassDef) and node.name == within
            for part in ast.walk(node)
            if hasattr(part, "lineno")
        ]
    findings = [f"line {node.lineno}: {name}" for node in nodes for name in _names_in(node, ban, its_names)]
    if own is not None:
        findings += [
            f"line {node.lineno}: {node.id}"
            for node in nodes
            if isinstance(node, ast.Name) and ban.means(node.id) and node.id not in own
        ]
    return findings


def _nodes_that_run(*trees: ast.Module, asked: Iterable[str] = ()) -> list[list[Any]]:
    """Of each file all nodes but those that neither the import of a file, nor a class, nor what is asked reaches."""
    functions: dict[str, list[tuple[int, ast.AST]]] = {}
    waiting: list[tuple[int, ast.AST]] = []
    for file, tree in enumerate(trees):
        for statement in tree.body:
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
                functions.setdefault(statement.name, []).append((file, statement))
            elif not _is_main_guard(statement):
                waiting.append((file, statement))
    for name in asked:
        waiting += functions.pop(name, [])
    nodes: list[list[Any]] = [[] for _ in trees]
    while waiting:
        file, reached = waiting.pop()
        for node in ast.walk(reached):
            if hasattr(node, "lineno"):
                nodes[file].append(node)
            for name in _used(node):
                waiting += functions.pop(name, [])
    return nodes


def _used(node: ast.AST) -> list[str]:
    """The names by which a node may mean a function, of its own file or of another."""
    if isinstance(node, ast.ImportFrom):
        return [alias.name for alias in node.names]
    return [node.id] if isinstance(node, ast.Name) else [node.attr] if isinstance(node, ast.Attribute) else []


def _is_main_guard(statement: ast.stmt) -> bool:
    """`if __name__ == "__main__":` without an else, and its like of the type checkers."""
    if not isinstance(statement, ast.If) or statement.orelse:
        return False
    return ast.unparse(statement.test) in (
        "__name__ == '__main__'",
        "'__main__' == __name__",
        "TYPE_CHECKING",
        "typing.TYPE_CHECKING",
        "False",
    )


def _names_in(node: ast.AST, ban: Ban, its_names: set[str]) -> Iterator[str]:
    """The banned names that one node of the syntax tree uses."""
    if isinstance(node, ast.ImportFrom) and _is_its(node, ban):
        if ban.holds(node.module or ""):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        else:
            yield from (alias.name for alias in node.names if ban.means(alias.name))
    elif isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if ban.holds(alias.name))
    elif isinstance(node, ast.Attribute):
        name = _dotted(node)
        if ban.means(node.attr) and _starts_with_any(name, its_names):
            yield name
        elif not name and ban.means(node.attr) and _is_too_long(node):
            yield f"{node.attr} at the end of a chain of more than {LONGEST} names"
    elif isinstance(node, ast.Subscript):
        if _is_namespace(node.value, its_names) and ban.means(_text(node.slice)):
            yield ast.unparse(node)[:LONGEST_SHOWN]
    elif isinstance(node, ast.Call):
        asked, names = _looked_up(node)
        if ban.holds(_imported(node)):
            yield ast.unparse(node)[:LONGEST_SHOWN]
        elif asked is not None and any(ban.means(_text(name)) for name in names):
            if _starts_with_any(_dotted(asked), its_names) or _is_namespace(asked, its_names):
                yield ast.unparse(node)[:LONGEST_SHOWN]
        elif isinstance(node.func, ast.Name) and node.func.id in AT_RUN_TIME and node.args:
            yield from (f"{node.func.id}: {found.group()}" for found in ban.names.finditer(_text(node.args[0])))


def _looked_up(call: ast.Call) -> tuple[ast.AST | None, list[ast.expr]]:
    """What a call asks for something by its name, and the names: getattr(F, "relu"), vars(F).get("relu")."""
    if isinstance(call.func, ast.Name) and call.func.id == "getattr" and call.args:
        return call.args[0], call.args[1:]
    if isinstance(call.func, ast.Attribute) and call.func.attr in ("get", "__getattr__", "__getattribute__"):
        return call.func.value, call.args
    return None, []


def _is_namespace(node: ast.AST, its_names: set[str]) -> bool:
    """`vars(F)` or `F.__dict__`, of something of a package."""
    if isinstance(node, ast.Call):
        named = isinstance(node.func, ast.Name) and node.func.id == "vars"
        return named and bool(node.args) and _starts_with_any(_dotted(node.args[0]), its_names)
    return isinstance(node, ast.Attribute) and node.attr == "__dict__" and _starts_with_any(_dotted(node), its_names)


def _text(node: ast.AST) -> str:
    """A text that stands in the source, whole or in parts; in the place of what is put in stands a "2"."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.FormattedValue):
        return "2"
    if isinstance(node, ast.JoinedStr):
        return "".join(map(_text, node.values))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts: list[ast.expr] = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp) and isinstance(left.op, ast.Add) and len(parts) < LONGEST:
            parts.append(left.right)
            left = left.left
        texts = [left, *reversed(parts)]
        return "" if any(isinstance(part, ast.BinOp) for part in texts) else "".join(map(_text, texts))
    return ""


def _its_names(nodes: list[ast.AST], ban: Ban) -> set[str]:
    """Every name in the file that stands for a package or a part of it: imports, and assignments from these."""
    names: set[str] = set(ban.packages)
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] in ban.packages:
                    names.add(alias.asname or alias.name.split(".")[0])
        elif isinstance(node, ast.ImportFrom) and _is_its(node, ban):
            names |= {alias.asname or alias.name for alias in node.names}
    made_from: dict[str, set[str]] = {}  # name -> the names that are assigned from it, or from a part of it
    for target, value in (pair for node in nodes for pair in _assigned(node)):
        for beginning in _beginnings(value):
            made_from.setdefault(beginning, set()).add(target)
    new = set(names)
    while new:  # one alias may be made from another
        new = {target for name in new for target in made_from.get(name, ())} - names
        names |= new
    return names


def _assigned(node: ast.AST) -> Iterator[tuple[str, str]]:
    """(target, value) of an assignment from one dotted name to another; ("", "") where it is something else."""
    if isinstance(node, ast.Assign):
        targets, value = node.targets, node.value
    elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
        targets, value = [node.target], node.value
    else:
        return
    for target in targets:
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            yield from ((_dotted(a), _dotted(b)) for a, b in zip(target.elts, value.elts, strict=False))
        else:
            yield _dotted(target), _dotted(value)


def _dotted(node: ast.AST) -> str:
    """`torch.nn.functional` of such an expression; "" for anything that is no chain of at most LONGEST names."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute) and len(parts) < LONGEST:
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Call) and _imported(node):
        return ".".join(reversed([*parts, _imported(node).split(".")[0]]))
    return ".".join(reversed([*parts, node.id])) if isinstance(node, ast.Name) else ""


def _imported(call: ast.Call) -> str:
    """The module that `importlib.import_module("torch.nn")` and the like name; "" for any other call."""
    function = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    return _text(call.args[0]) if function in IMPORTS and call.args else ""


def _is_too_long(node: ast.AST) -> bool:
    for _ in range(LONGEST + 1):
        if not isinstance(node, ast.Attribute):
            return False
        node = node.value
    return True


def _beginnings(name: str) -> list[str]:
    """`torch`, `torch.nn` and `torch.nn.functional` of the last."""
    return list(accumulate(name.split("."), "{}.{}".format)) if name else []


def _starts_with_any(name: str, prefixes: set[str]) -> bool:
    return any(beginning in prefixes for beginning in _beginnings(name))


def _is_its(node: ast.ImportFrom, ban: Ban) -> bool:
    return node.level == 0 and (node.module or "").split(".")[0] in ban.packages


def _has_star_import(nodes: list[ast.AST], ban: Ban) -> bool:
    return any(isinstance(node, ast.ImportFrom) and _is_its(node, ban) and node.names[0].name == "*" for node in nodes)


def _own_names(nodes: list[ast.AST], ban: Ban) -> set[str]:
    """Names that the file defines, or imports from somewhere else."""
    own: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            own.add(node.name)
        elif isinstance(node, ast.ImportFrom) and not _is_its(node, ban):
            own |= {alias.asname or alias.name for alias in node.names}
    return own


def names_module(sources: Iterable[str], name: str) -> bool:
    """Whether one of these texts imports a module whose dotted name ends so, or has such an ending as a text."""
    for node in (node for source in sources for node in ast.walk(ast.parse(source))):
        found: list[str] = []
        if isinstance(node, ast.ImportFrom):
            package = "." * node.level + (node.module or "")
            found = [package, *(f"{package}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found = [node.value]
        if any(one.endswith(f".{name}") for one in found):
            return True
    return False
