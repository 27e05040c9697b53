"""Lays the pieces of a right answer over the solution's module.

A piece is a function, a class, a constant, an import, or any other statement at the top of a file.

    of a name that the solution has    takes the place of the solution's
    a class under the solution's own heading, as in "class Block(nn.Module):"
                                       is laid over method by method: what it leaves out stays the solution's
    a class under another heading      takes the place of the solution's as a whole
    an import                          joins the solution's imports
    anything else                      is new, and stands before the piece that follows it

The docstring of a file of pieces is for those who read the gallery; the module keeps the solution's.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
IMPORTS = (ast.Import, ast.ImportFrom)


@dataclass(frozen=True)
class Piece:
    """A statement of a module or of a class, with the comment lines directly above it.  Lines count from 0.

    Attributes:
        name:  what it defines; empty for an import or a statement that defines nothing by a plain name.
        above: the first line of the comment; `begin` where there is none.
        end:   the line behind its last one.
        lines: its text, with the comment.
        gap:   the lines between it and the next piece.
        body:  the pieces of a class.
    """

    node: ast.stmt
    name: str
    above: int
    begin: int
    end: int
    lines: tuple[str, ...]
    gap: tuple[str, ...]
    body: tuple[Piece, ...]

    @property
    def heading(self) -> str:
        """A class without its body; empty for anything else."""
        if not isinstance(self.node, ast.ClassDef):
            return ""
        node = self.node
        return ast.dump(ast.ClassDef(node.name, node.bases, node.keywords, [], node.decorator_list))


@dataclass(frozen=True)
class Edit:
    """Lines that take the place of those from `begin` up to `end`; where the two are equal, they are inserted."""

    begin: int
    end: int
    lines: tuple[str, ...]


def lay_over(solution: str, answer: str) -> str:
    """The text of the solution's module with an answer's pieces laid over it.

    Raises:
        SyntaxError: one of the texts is no Python.
        ValueError:  there is no piece, they all leave the solution as it is, or it is not clear where one belongs.
    """
    over = pieces_of(answer)
    if not over:
        raise ValueError("it is empty; write the functions, methods or constants that differ from the solution's")
    lines = solution.split("\n")
    under = pieces_of(solution)
    edits = [*_imported(under, over), *_laid(under, over)]
    for edit in reversed(sorted(edits, key=lambda edit: (edit.begin, edit.end))):
        lines[edit.begin : edit.end] = edit.lines
    text = "\n".join(lines)
    if code_of(text) == code_of(solution):
        raise ValueError("it says what the solution says; write what differs")
    return text


def check_names(solution: str, answer: str, used: Iterable[str]) -> None:
    """Refuse a definition that takes the place of nothing in the solution, and that nothing uses: its name is wrong.

    A method may be one that torch calls; it is refused where the solution has one of nearly the same name.

    Args:
        used: the names that the answer's modules use, from `names_used`.

    Raises:
        ValueError: there is one; the message names it.
    """
    known = set(used)
    for piece, others, is_method in _new(pieces_of(solution), pieces_of(answer)):
        similar = get_close_matches(piece.name, others, n=1)
        if piece.name not in known and (similar or not is_method):
            meant = f"; is {similar[0]} meant?" if similar else ""
            raise ValueError(f"the solution has no {piece.name}, and nothing uses it{meant}")


def names_used(text: str) -> set[str]:
    """Every name that a module reads, imports, or looks up by a text."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.alias):
            found.add(node.name)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
    return found


def pieces_of(text: str) -> tuple[Piece, ...]:
    """The pieces of a module, from top to bottom; its docstring is none.

    Raises:
        SyntaxError: it is no Python.
        ValueError:  two statements share a line.
    """
    lines = text.split("\n")
    return _pieces(ast.parse(text).body, lines, 0, len(lines))


def code_of(text: str) -> str:
    """A module's syntax tree in words: the same where only comments, docstrings and layout differ."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, *DEFINITIONS)):
            node.body = _without_docstring(node.body)
    return ast.dump(tree)


def _pieces(body: Sequence[ast.stmt], lines: Sequence[str], begin: int, end: int) -> tuple[Piece, ...]:
    """The pieces of a body that fills the lines from `begin` up to `end`."""
    found: list[Piece] = []
    for node in reversed(_without_docstring(body)):
        first = min(one.lineno for one in (node, *getattr(node, "decorator_list", ()))) - 1
        last = node.end_lineno or node.lineno
        if first < begin or last > end:
            raise ValueError(f"line {first + 1} holds two statements; write each on a line of its own")
        above = first
        while above > begin and _is_comment(lines[above - 1]):
            above -= 1
        while isinstance(node, DEFINITIONS) and last < end and _is_comment(lines[last], deeper_than=node.col_offset):
            last += 1  # the mark below an answer is none of the tree's
        inner = _pieces(node.body, lines, node.lineno, last) if isinstance(node, ast.ClassDef) else ()
        found.append(
            Piece(node, _name(node), above, first, last, tuple(lines[above:last]), tuple(lines[last:end]), inner)
        )
        end = above
    return tuple(reversed(found))


def _is_comment(line: str, deeper_than: int = -1) -> bool:
    bare = line.lstrip()
    return bare.startswith("#") and len(line) - len(bare) > deeper_than


def _without_docstring(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    first = body[0].value if body and isinstance(body[0], ast.Expr) else None
    return list(body[1:] if isinstance(first, ast.Constant) and isinstance(first.value, str) else body)


def _name(node: ast.stmt) -> str:
    if isinstance(node, DEFINITIONS):
        return node.name
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return targets[0].id if len(targets) == 1 and isinstance(targets[0], ast.Name) else ""


def _laid(under: Sequence[Piece], over: Sequence[Piece]) -> Iterator[Edit]:
    """The edits of a module's or a class's body, but for its imports."""
    last: Piece | None = None  # the solution's piece that was replaced last
    new: list[str] = []  # new pieces, which wait for the one that they stand before
    for piece in over:
        if isinstance(piece.node, IMPORTS):
            continue
        places = [place for place in under if place.name == piece.name and piece.name]
        if not places:
            new += (*piece.lines, *piece.gap)
            continue
        if len(places) > 1:
            raise ValueError(f"{piece.name} stands twice in the solution: it is not clear which of the two is meant")
        place = places[0]
        if last is not None and place.begin <= last.begin:
            raise ValueError(f"{piece.name} has to stand before {last.name}, as in the solution, and once")
        if new:
            yield Edit(place.above, place.above, tuple(new))
        if piece.heading and piece.heading == place.heading:
            yield from _laid(place.body, piece.body)
        else:
            yield Edit(place.begin, place.end, piece.lines)
        last, new = place, []
    if new:
        imports = [place for place in under if isinstance(place.node, IMPORTS)]
        behind = last or (imports or under)[-1]
        yield Edit(behind.end, behind.end, ("", *_stripped(new)))


def _new(
    under: Sequence[Piece], over: Sequence[Piece], is_method: bool = False
) -> Iterator[tuple[Piece, list[str], bool]]:
    """Each definition of the answer that the solution has not, with the names that the solution has in that place."""
    places = {place.name: place for place in under if place.name}
    for piece in over:
        place = places.get(piece.name)
        if place is None and isinstance(piece.node, DEFINITIONS):
            yield piece, list(places), is_method
        elif place and piece.heading and piece.heading == place.heading:
            yield from _new(place.body, piece.body, is_method=True)


def _stripped(lines: list[str]) -> list[str]:
    return "\n".join(lines).rstrip().split("\n")


def _imported(under: Sequence[Piece], over: Sequence[Piece]) -> Iterator[Edit]:
    """The edits that add the answer's imports to the solution's."""
    there = [place for place in under if isinstance(place.node, IMPORTS)]
    known = {ast.dump(place.node) for place in there}
    for piece in over:
        if isinstance(piece.node, IMPORTS) and ast.dump(piece.node) not in known:
            at = there[-1].end if there else under[0].above
            yield Edit(at, at, piece.lines)
