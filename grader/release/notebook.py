"""Builds notebooks from their percent-format source, the same bytes each time.

The student's version is what nbgrader's own `generate_assignment` makes of the notebook with solutions.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader import repository
from grader.nbgrader_base.generate import NbgraderRefusedError, generate_assignment

from .errors import ReleaseError

if TYPE_CHECKING:
    from nbformat import NotebookNode

# jupytext and nbformat are imported where they are used: they take a second, and the grader needs only the bundle.

KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
# What jupytext notes about the layout of the text file, and titles of cells, which Jupyter does not show.
TEXT_METADATA = ("lines_to_next_cell", "lines_to_end_of_cell_marker", "title", "cell_marker")


def read_source(path: Path) -> NotebookNode:
    """The notebook with solutions, without outputs, with fixed cell ids.

    Raises:
        ReleaseError: the file is missing or not a percent notebook, or two cells share an id.
    """
    import jupytext
    import nbformat

    if not path.is_file():
        raise ReleaseError(f"{repository.relative(path)} is missing: write the notebook there, in percent format")
    cells = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent").cells
    if not cells:
        raise ReleaseError(f"{repository.relative(path)} has no cells: begin each with '# %%'")
    seen: dict[str, int] = {}
    fixed = []
    for number, cell in enumerate(cells, start=1):
        fixed.append(_fixed(cell, number))
        first = seen.setdefault(fixed[-1]["id"], number)
        if first != number:
            raise ReleaseError(
                f"{repository.relative(path)}: cells {first} and {number} have the same id {fixed[-1]['id']!r}; "
                "give each cell a grade_id of its own"
            )
    metadata = {"kernelspec": KERNELSPEC, "language_info": {"name": "python"}}
    content = {"cells": fixed, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    notebook: NotebookNode = nbformat.from_dict(content)
    try:
        nbformat.validate(notebook)
    except nbformat.ValidationError as error:
        raise ReleaseError(f"{repository.relative(path)} gives no valid notebook: {error}") from error
    return notebook


def _fixed(cell: Any, number: int) -> dict[str, Any]:
    metadata = {key: value for key, value in cell["metadata"].items() if key not in TEXT_METADATA}
    grade_id = metadata.get("nbgrader", {}).get("grade_id")
    # jupytext's own ids are random.  An id may have letters, digits, "-" and "_", 64 of them at most.
    id = re.sub(r"[^A-Za-z0-9_-]", "-", grade_id)[:64] if grade_id else f"cell-{number:03d}"
    fixed = {"cell_type": cell["cell_type"], "id": id, "metadata": metadata, "source": cell["source"]}
    if cell["cell_type"] == "code":
        fixed |= {"execution_count": None, "outputs": []}
    return fixed


def source_notebook(assignment: str) -> bytes:
    """nbgrader's source: the notebook with its solutions and hidden tests.

    Raises:
        ReleaseError: see `read_source`.
    """
    import nbformat

    notebook = read_source(repository.notebook_source(assignment))
    text: str = nbformat.writes(notebook)
    return (text.rstrip("\n") + "\n").encode()


def student_notebook(assignment: str) -> bytes:
    """What nbgrader makes of the source for students: no solutions, no hidden tests, cells locked.

    Raises:
        ReleaseError: nbgrader refuses the notebook; the message holds its log.
    """
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder).resolve()
        source = course / "source" / assignment / f"{assignment}.ipynb"
        source.parent.mkdir(parents=True)
        source.write_bytes(source_notebook(assignment))
        try:
            generate_assignment(course, assignment, database=False)
        except NbgraderRefusedError as error:
            raise ReleaseError(str(error)) from error
        return (course / "release" / assignment / f"{assignment}.ipynb").read_bytes()
