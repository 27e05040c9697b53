"""Finds torch's pooling in a source file by reading it, without running it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from itertools import accumulate

PACKAGES = {"torch", "torchvision", "torchaudio"}
POOLING = re.compile(
    r"_?(mkldnn_|quantized_|cudnn_|thnn_)?(adaptive_|fractional_)?(max|avg|lp)_(un)?pool(ing)?(\dd)?\w*"
    r"|(Adaptive|Fractional)?(Max|Avg|LP)(Un)?[Pp]ool\dd"
)
LOOKUPS = {"getattr", "__getattr__", "__getattribute__", "attrgetter", "methodcaller", "get"}
LONGEST = 16  # names in a chain that is followed; reading must not take long, whatever the file holds
LONGEST_SHOWN = 200  # characters
AT_RUN_TIME = {"eval", "exec", "compile", "__import__", "import_module"}


def torch_pooling(text: str) -> list[str]:
    """What in a Python source is a pooling function or module of torch, as "line 12: F.max_pool2d".

    Comments, docstrings, and the student's own classes of the same names are no findings.  Where a name of torch is
    only put together while the program runs (`getattr(torch, ...)`, `exec`), that is one, since reading cannot follow.

    Raises:
        SyntaxError: the text is not Python.
    """
    tree = ast.parse(text)
    nodes = sorted((node for node in ast.walk(tree) if hasattr(node, "lineno")), key=lambda node: node.lineno)
    torch_names = _torch_names(nodes)
    findings = [f"line {node.lineno}: {name}" for node in nodes for name in _names_in(node, torch_names)]
    if _has_star_import(nodes):
        own = _own_names(nodes)
        findings += [
            f"line {node.lineno}: {node.id}"
            for node in nodes
            if isinstance(node, ast.Name) and POOLING.fullmatch(node.id) and node.id not in own
        ]
    return findings


def torch_pooling_in(sources: Mapping[str, str]) -> list[str]:
    """What `torch_pooling` finds in a module, which comes first, and in those of the student's own that it imports.

    Args:
        sources: their texts by name, as `student.sources` gives them.

    Raises:
        SyntaxError: one of the texts is not Python.
    """
    first = next(iter(sources), "")
    return [
        finding if name == first else f"{name}.py, {finding}"
        for name, text in sources.items()
        for finding in torch_pooling(text)
    ]


def _names_in(node: ast.AST, torch_names: set[str]) -> Iterator[str]:
    """The names of torch's pooling that one node of the syntax tree uses."""
    if isinstance(node, ast.ImportFrom) and _is_torch(node):
        yield from (alias.name for alias in node.names if POOLING.fullmatch(alias.name))
    elif isinstance(node, ast.Attribute):
        name = _dotted(node)
        if POOLING.fullmatch(node.attr) and _starts_with_any(name, torch_names):
            yield name
        elif not name and POOLING.fullmatch(node.attr) and _is_too_long(node):
            yield f"{node.attr} at the end of a chain of more than {LONGEST} names"
    elif isinstance(node, ast.Subscript) and _pooling_text(node.slice):
        yield f"[{ast.unparse(node.slice)}]"
    elif isinstance(node, ast.Call):
        function = _dotted(node.func).rsplit(".", 1)[-1]
        if (isinstance(node.func, ast.Name) and function in AT_RUN_TIME) or function == "import_module":
            if not _imports_another_package(function, node):
                yield f"{function}(...)"
        elif function in LOOKUPS:
            at_torch = any(_starts_with_any(_dotted(argument), torch_names) for argument in node.args[:1])
            names = node.args[1:] if function == "getattr" else node.args
            if any(_pooling_text(name) or (at_torch and not isinstance(name, ast.Constant)) for name in names):
                yield ast.unparse(node)[:LONGEST_SHOWN]


def _imports_another_package(function: str, call: ast.Call) -> bool:
    """Whether a call imports a package, named in plain words, that is none of torch's."""
    name = call.args[0] if call.args else None
    if function not in ("__import__", "import_module") or not isinstance(name, ast.Constant):
        return False
    package = str(name.value).split(".")[0]
    return bool(package) and package not in {*PACKAGES, "builtins", "importlib"}


def _torch_names(nodes: list[ast.AST]) -> set[str]:
    """Every name in the file that stands for torch or a part of it: imports, and assignments from these."""
    names: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] in PACKAGES:
                    names.add(alias.asname or alias.name.split(".")[0])
        elif isinstance(node, ast.ImportFrom) and _is_torch(node):
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
    return ".".join(reversed([*parts, node.id])) if isinstance(node, ast.Name) else ""


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


def _is_torch(node: ast.ImportFrom) -> bool:
    return node.level == 0 and (node.module or "").split(".")[0] in PACKAGES


def _has_star_import(nodes: list[ast.AST]) -> bool:
    return any(isinstance(node, ast.ImportFrom) and _is_torch(node) and node.names[0].name == "*" for node in nodes)


def _own_names(nodes: list[ast.AST]) -> set[str]:
    """Names that the file defines, or imports from somewhere else than torch."""
    own: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            own.add(node.name)
        elif isinstance(node, ast.ImportFrom) and not _is_torch(node):
            own |= {alias.asname or alias.name for alias in node.names}
    return own


def _pooling_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(POOLING.fullmatch(node.value))
