"""The working copy of a notebook: the released one with the student's answers."""

from __future__ import annotations

import copy

from nbformat import NotebookNode

from .submitted import Answers, answers_in, read_cells

# Our notes on a submission travel to the autograding steps in the notebook's metadata.
NOTES_KEY = "course_grader"


def is_marked(cell: NotebookNode, name: str) -> bool:
    """Whether nbgrader's metadata of a cell say so: "grade", "solution" (nbgrader.utils takes a second to import)."""
    return bool(cell.metadata.get("nbgrader", {}).get(name, False))


def working_notebook(released: NotebookNode, raw: bytes | None) -> NotebookNode:
    """The released notebook with the student's answers put in, and nothing else of the student's file.

    Args:
        released: the notebook as students got it.
        raw:      the submitted file, or None.
    """
    return with_answers(released, answers_in(read_cells(raw or b""), solutions(released)))


def solutions(notebook: NotebookNode) -> dict[str, NotebookNode]:
    """The cells that the student is to write in, by grade_id."""
    return {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if is_marked(cell, "solution")}


def with_answers(released: NotebookNode, answers: Answers) -> NotebookNode:
    """A copy of the released notebook with the texts of the answers, and notes on them."""
    notebook = copy.deepcopy(released)
    places = solutions(notebook)
    for grade_id, text in answers.texts.items():
        places[grade_id].source = text
    notebook.metadata[NOTES_KEY] = {"lost": list(answers.lost), "notes": list(answers.notes)}
    return notebook
