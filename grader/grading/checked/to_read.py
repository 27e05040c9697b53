"""What a student's files use that is seldom needed here, and with which much can be bent: for a person to read.

It costs no points, and most of it is honest.  Found by reading the text; nothing of it runs.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.model.text import clean

TO_READ = "To be read, without points: used by few, and not by the model solution"
MODULES = {"threading", "_thread", "multiprocessing", "concurrent", "ctypes", "gc"}
NAMES = re.compile(r"register_\w*hook\w*|register_buffer|_getframe")
FUNCTION = re.compile(r"torch\.autograd(\.function)?\.Function")
AT_RUN_TIME = {"import_module", "__import__"}
CHANGES = {"setattr", "delattr", "__setattr__", "__delattr__"}
LITERAL = "a literal above 2 KB"
LITERAL_BYTES = 2048
LITERALS = (ast.List, ast.Tuple, ast.Set, ast.Dict, ast.UnaryOp, ast.BinOp, ast.JoinedStr, ast.FormattedValue)
NOT_READ = "nested too deeply to be read"
COMMON = 0.05  # share of the cohort; what more use, is not out of the way
MAX_WORD = 80  # characters of one name
MAX_LINES = 5  # places of one use in one file that are named


@dataclass(frozen=True)
class Use:
    """One thing that a file uses: "register_buffer", "threading", "torch.relu = …"; and the lines that it stands in."""

    what: str
    file: str
    lines: tuple[int, ...]

    def __str__(self) -> str:
        lines = ", ".join(map(str, self.lines[:MAX_LINES])) + (" …" if len(self.lines) > MAX_LINES else "")
        return f"{self.what} ({self.file}, line {lines})"


def in_words(found: Sequence[Use]) -> str:
    """All of it in one line, fit to be shown."""
    return " ".join(clean("; ".join(map(str, found)), 1000).split())


def uses_in(modules: Mapping[str, bytes]) -> tuple[Use, ...]:
    """What these modules use, by name without ".py"; in the order of the files and lines."""
    found = []
    for name, content in modules.items():
        lines: dict[str, set[int]] = {}
        for what, line in _uses(content):
            lines.setdefault(what[:MAX_WORD], set()).add(line)
        found += [Use(what, f"{name}.py", tuple(sorted(mine))) for what, mine in lines.items()]
    return tuple(found)


def rare(cohort: Mapping[str, Sequence[Use]], solution: Sequence[Use]) -> dict[str, tuple[Use, ...]]:
    """What each student uses, less what the model solution uses too, or more than one in twenty of the cohort.

    One student alone is never too many of a small cohort.
    """
    count = Counter(what for found in cohort.values() for what in {use.what for use in found})
    usual = {use.what for use in solution} | {one for one, n in count.items() if n > max(1, COMMON * len(cohort))}
    left = {student: tuple(use for use in found if use.what not in usual) for student, found in cohort.items()}
    return {student: found for student, found in left.items() if found}


def _uses(content: bytes) -> Iterator[tuple[str, int]]:
    """Each use with its line.  A file that no Python reads uses nothing: checks say it."""
    try:
        text = content.decode("utf-8-sig", errors="replace")
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return
    except (RecursionError, MemoryError):
        yield NOT_READ, 1
        return
    nodes = list(ast.walk(tree))
    try:
        names = _aliases(nodes)
        for node in nodes:
            yield from ((what, getattr(node, "lineno", 1)) for what in _of_node(node, names) if what)
    except RecursionError:
        yield NOT_READ, 1
    yield from ((LITERAL, line) for line in _long_literals(nodes, text))


def _aliases(nodes: list[ast.AST]) -> dict[str, str]:
    """What names stand for in this file: {"F": "torch.nn.functional"}; of modules and of what they are set to."""
    names: dict[str, str] = {}
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.split(".")[0]
                names[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    for node in nodes:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            path = _path(node.value, names)
            if _is_torchs(path):
                names.setdefault(node.targets[0].id, path)
    return names


def _path(node: ast.AST, names: Mapping[str, str]) -> str:
    """The dotted name that an expression stands for, from the module at its top; empty where it is none."""
    attributes: list[str] = []
    while isinstance(node, ast.Attribute):
        attributes.append(node.attr)
        node = node.value
    top = ""
    if isinstance(node, ast.Name):
        top = names.get(node.id, node.id)
    elif isinstance(node, ast.Call) and _path(node.func, names).split(".")[-1] in AT_RUN_TIME and node.args:
        top = _text(node.args[0])
    elif isinstance(node, ast.Call) and _path(node.func, names) == "vars" and node.args:
        top = f"{_path(node.args[0], names)}.__dict__"
    elif isinstance(node, ast.Subscript) and _path(node.value, names) == "sys.modules":
        top = _text(node.slice)
    return ".".join([top, *reversed(attributes)]) if top else ""


def _text(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _is_torchs(path: str) -> bool:
    return path.split(".")[0] == "torch"


def _of_node(node: ast.AST, names: Mapping[str, str]) -> Iterator[str]:
    """What one node uses; empty words are nothing."""
    match node:
        case ast.Import():
            yield from (_module(alias.name) for alias in node.names)
        case ast.ImportFrom() if not node.level:
            yield _module(node.module or "")
            paths = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (_named(path) or _module(path) for path in paths)
        case ast.Attribute():
            yield _named(node.attr) or _named(_path(node, names))
        case ast.Name():
            yield _named(node.id)
        case ast.Constant():  # getattr(sys, "_getframe")
            yield _named(_text(node))
        case ast.Call():
            yield from _of_call(node, names)
        case ast.Assign() | ast.Delete():
            yield from (_changed(target, names) for target in node.targets)
        case ast.AugAssign() | ast.AnnAssign() | ast.For() | ast.NamedExpr():
            yield _changed(node.target, names)


def _of_call(node: ast.Call, names: Mapping[str, str]) -> Iterator[str]:
    called = _path(node.func, names).split(".")
    if called[-1] in AT_RUN_TIME and node.args:
        yield _module(_text(node.args[0]))
    if "__dict__" in called[:-1]:  # torch.__dict__.update(…)
        yield _change(".".join(called[:-1]))
    if not node.args:
        return
    if called[-1] in CHANGES or "patch" in called:
        path = _path(node.args[0], names) or _text(node.args[0])
        attribute = _text(node.args[1]) if len(node.args) > 1 else ""
        yield _change(".".join(filter(None, (path, attribute))))


def _changed(target: ast.expr, names: Mapping[str, str]) -> str:
    """What an assignment or `del` changes of torch; empty where it changes nothing of it."""
    for one in ast.walk(target):
        if isinstance(one, ast.Attribute | ast.Subscript) and isinstance(one.ctx, ast.Store | ast.Del):
            attribute = _text(one.slice) if isinstance(one, ast.Subscript) else one.attr
            path = _path(one.value, names).removesuffix(".__dict__")
            if found := _change(f"{path}.{attribute}" if attribute else path):
                return found
    return ""


def _change(path: str) -> str:
    return f"{path} = …" if _is_torchs(path) else ""


def _module(path: str) -> str:
    """The module that this imports, where it is one to be read."""
    found = [part for part in path.split(".") if part in MODULES] if path else []
    return found[0] if found else ""


def _named(path: str) -> str:
    """What is to be read of this name, by itself or as a dotted path."""
    if FUNCTION.fullmatch(path):
        return "autograd.Function"
    last = path.split(".")[-1]
    return last if NAMES.fullmatch(last) else ""


def _long_literals(nodes: list[ast.AST], text: str) -> Iterator[int]:
    """The first lines of literals that are long as they stand in the file; no docstrings."""
    begins = [0]  # of the lines, in bytes
    for line in text.encode("utf-8", "replace").splitlines(keepends=True):
        begins.append(begins[-1] + len(line))

    def place(line: int | None, column: int | None) -> int:
        return begins[min(line or 1, len(begins)) - 1] + (column or 0)

    literal: set[int] = set()
    for node in reversed(nodes):  # the inner ones first
        inner = [one for one in ast.iter_child_nodes(node) if isinstance(one, ast.expr)]
        if isinstance(node, ast.Constant) or (isinstance(node, LITERALS) and all(id(one) in literal for one in inner)):
            literal.add(id(node))
    inside = {
        id(one)
        for node in nodes
        if id(node) in literal or isinstance(node, ast.Expr)
        for one in ast.iter_child_nodes(node)
    }
    for node in nodes:
        if id(node) in literal and id(node) not in inside and isinstance(node, ast.expr):
            length = place(node.end_lineno, node.end_col_offset) - place(node.lineno, node.col_offset)
            if length > LITERAL_BYTES:
                yield node.lineno
