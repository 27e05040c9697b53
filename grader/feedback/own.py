"""What a student wrote outside the given cells, and the pictures in a written answer, as the page shows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode

from grader.model.plain import plain
from grader.notebook.marking import refused_in, shown_cells
from grader.notebook.own import ANOTHER_ANSWER_TITLE, CHANGED_TITLE, OWN_TITLE
from grader.notebook.pictures import Picture, not_shown, shown

from .outputs import headings, items

CELL = 20_000  # characters of one cell
NAMES = {
    OWN_TITLE: "A cell of your own",
    ANOTHER_ANSWER_TITLE: "Another answer of yours",
    CHANGED_TITLE: "A given cell as you changed it",
}


@dataclass(frozen=True)
class OwnPart:
    """A cell of the student's own.

    Attributes:
        name:   what it is, and where it stands.
        text:   as it was typed.
        shown:  pictures, words in the place of pictures, and what a cell of code showed, as it was handed in.
        beside: the question whose answer it stands next to, by name of the cell, or empty.
    """

    name: str
    text: str
    is_code: bool
    shown: tuple[Picture | str, ...]
    beside: str


def own_parts(notebook: NotebookNode, released: NotebookNode) -> tuple[OwnPart, ...]:
    """The student's own cells in the notebook that a person marks, in its order.

    Left out is given code that was changed and is no answer, or that a question is about (feedback/outputs.py has it).
    """
    above = headings(released)
    parts = []
    for cell in shown_cells(notebook):
        if cell.is_code and (cell.questions or not cell.counts):
            continue
        name = NAMES.get(cell.what, NAMES[OWN_TITLE])
        if not cell.beside and cell.above in above:
            name += f", below “{plain(above[cell.above], 200)}”"
        found = (*_pictures(cell.attachments, cell.refused), *items(cell.outputs))
        parts.append(OwnPart(name, plain(cell.source, CELL), cell.is_code, found, cell.beside))
    return tuple(parts)


def pictures_of(cell: NotebookNode) -> tuple[Picture | str, ...]:
    """The pictures in an answer, and words in the place of those that are not shown."""
    return tuple(_pictures(cell.get("attachments", {}), refused_in(cell)))


def _pictures(attachments: dict[str, Any], refused: dict[str, str]) -> Iterator[Picture | str]:
    for bundle in attachments.values():
        if (picture := shown(bundle)) is not None:
            yield picture
    for name, reason in refused.items():
        yield plain(not_shown(name, reason), 300)
