"""A released notebook of two questions, what a student makes of it, and pictures."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell
from PIL import Image

PLACEHOLDER = "YOUR ANSWER HERE"


def _question(name: str) -> NotebookNode:
    facts = {"grade_id": name, "grade": True, "solution": True, "locked": False, "points": 1, "schema_version": 3}
    return new_markdown_cell(PLACEHOLDER, id=name, metadata={"nbgrader": facts})


def released() -> NotebookNode:
    """Given text and code, and two questions, each below its own text."""
    cells = [
        new_markdown_cell("# Shifts", id="title"),
        new_code_cell("limit = 3\nplot(limit)", id="given"),
        new_markdown_cell("**Why** does one of them fall?", id="ask-why"),
        _question("question-why"),
        new_markdown_cell("**What** did you change?", id="ask-what"),
        _question("question-what"),
        new_markdown_cell("## Pack\n\nSave, and pack.", id="end"),
    ]
    notebook: NotebookNode = new_notebook(cells=cells, metadata={})
    return notebook


def text(source: str, **facts: Any) -> NotebookNode:
    made: NotebookNode = new_markdown_cell(source, **facts)
    return made


def code(source: str, **facts: Any) -> NotebookNode:
    made: NotebookNode = new_code_cell(source, **facts)
    return made


def raw_text(source: str) -> NotebookNode:
    made: NotebookNode = new_raw_cell(source)
    return made


def handed_in(
    *own: tuple[str, NotebookNode],
    why: str = PLACEHOLDER,
    what: str = PLACEHOLDER,
    change: Callable[[dict[str, NotebookNode]], object] = lambda cells: None,
) -> bytes:
    """The released notebook with answers, and cells of the student's own.

    Args:
        own:    each with the id of the cell that it follows; "" is the top.
        change: gets the released cells by id.
    """
    notebook = released()
    cells = {cell.id: cell for cell in notebook.cells}
    cells["question-why"].source, cells["question-what"].source = why, what
    change(cells)
    for after, cell in reversed(own):
        place = next((n + 1 for n, one in enumerate(notebook.cells) if one.id == after), 0)
        notebook.cells.insert(place, cell)
    return json.dumps(notebook).encode()


def picture(kind: str = "PNG", size: tuple[int, int] = (6, 4), **options: Any) -> bytes:
    """A red picture as a file."""
    file = io.BytesIO()
    Image.new("RGB", size, "red").save(file, kind, **options)
    return file.getvalue()


def attachment(content: bytes, kind: str = "image/png") -> dict[str, str]:
    """A cell's attachment as JupyterLab writes it."""
    return {kind: base64.b64encode(content).decode()}


def as_node(content: bytes) -> NotebookNode:
    node: NotebookNode = nbformat.reads(content.decode(), as_version=4)
    return node
