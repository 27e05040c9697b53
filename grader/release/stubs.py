"""Turns a solution module into the stub that students get."""

from __future__ import annotations

import ast
import json
from pathlib import PurePosixPath

from .errors import ReleaseError
from .regions import Region, find_regions

HEADER_LINE = "# Your answers go here: save, and run `python -m exercises check {assignment} {module}`."
FOOTER_LINE = "# Staff: generated from {source} by `make release`; edit that file."
LINE_LENGTH = 120


def stub(text: str, source: str) -> str:
    """The stub of a solution module: the same text, with every region replaced.

    Inside a function, a region becomes `raise NotImplementedError("Task 2.1: ...")`.  Outside, where an exception would
    stop the import, every name that the region assigns becomes None.  The Task comment moves into the replacement.
    The first line is for students, and the last one, which says where it comes from, for staff.

    Args:
        text:   the solution module.
        source: its path, for these two lines and for messages ("solutions/digits/pooling.py").

    Raises:
        ReleaseError: a mark is wrong (see `find_regions`), a region outside of a function does more than assign names,
            or the solution or the stub does not compile.
    """
    regions = find_regions(text, source)
    tree = _parse(text, source, "the solution")
    lines = text.rstrip("\n").split("\n")
    path = PurePosixPath(source)
    out = [HEADER_LINE.format(assignment=path.parent.name, module=path.stem)]
    done = 0  # lines of the solution that are dealt with
    for region in regions:
        out += lines[done : region.begin - 2]  # the line above the mark is the Task comment
        out += _replacement(region, tree, source)
        done = region.end
    out += [*lines[done:], "", "", FOOTER_LINE.format(source=source)]
    result = "\n".join(out) + "\n"
    _parse(result, source, "its stub")
    return result


def without_marks(text: str, source: str) -> str:
    """A solution module as students may read it: whole, without marks and without Task comments.

    Raises:
        ReleaseError: a mark is wrong (see `find_regions`).
    """
    regions = find_regions(text, source)
    left_out = {number for region in regions for number in (region.begin - 1, region.begin, region.end)}
    lines = [line for number, line in enumerate(text.split("\n"), start=1) if number not in left_out]
    return "\n".join(lines)


def _parse(text: str, source: str, what: str) -> ast.Module:
    try:
        tree = ast.parse(text, source)
        compile(tree, source, "exec")
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        shown = "".join(text.split("\n")[line - 1 : line]).strip()
        raise ReleaseError(f"{source}: {what} does not compile: line {line} of it, {shown!r}: {error}") from error
    return tree


def _replacement(region: Region, tree: ast.Module, source: str) -> list[str]:
    if _inside_function(region, tree):
        text = json.dumps(region.task, ensure_ascii=False)
        line = f"{region.indent}raise NotImplementedError({text})"
        if len(line) <= LINE_LENGTH:
            return [line]
        return [f"{region.indent}raise NotImplementedError(", f"{region.indent}    {text}", f"{region.indent})"]
    names = _assigned_names(region, tree, source)
    return [f"{region.indent}{name} = None  # {region.task}" for name in names]


def _inside_function(region: Region, tree: ast.Module) -> bool:
    # A region may hold the function's last statement, and then its end mark lies behind the function.
    first = next(region.begin + i for i, line in enumerate(region.lines, start=1) if line.strip())
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return any(node.lineno < region.begin and first <= (node.end_lineno or 0) for node in functions)


def _assigned_names(region: Region, tree: ast.Module, source: str) -> list[str]:
    bodies = [tree.body, *(node.body for node in ast.walk(tree) if isinstance(node, ast.ClassDef))]
    statements = [node for body in bodies for node in body if region.begin < node.lineno < region.end]
    names: dict[str, None] = {}
    for node in statements:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        leaves = [leaf for target in targets if target for leaf in ast.walk(target)]
        found = [leaf.id for leaf in leaves if isinstance(leaf, ast.Name) and isinstance(leaf.ctx, ast.Store)]
        if not isinstance(node, ast.Assign | ast.AnnAssign) or not found:
            raise ReleaseError(
                f"{source}:{node.lineno}: outside of a function a region can only assign names; "
                "for a function or method, put the marks inside its body"
            )
        names.update(dict.fromkeys(found))
    if not names:
        raise ReleaseError(f"{source}:{region.begin}: this region outside of a function assigns no name")
    return list(names)
