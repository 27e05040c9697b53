"""Whether each written question names the cells of the notebook that it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exercises.assignment import Assignment
from exercises.cells import EXPLORATION, QUESTION, first_line, questions_of
from grader import repository

from .errors import ReleaseError
from .notebook import read_source

if TYPE_CHECKING:
    from nbformat import NotebookNode


def refuse_questions_without_cells(facts: Assignment) -> None:
    """Compare the tags `question:NAME` in the notebook's source with the questions of assignment.toml.

    Raises:
        ReleaseError: a question that is about cells has none, or a tag names no question, or stands on a cell whose
            outputs nobody would see: text, a task's check, or one that is for exploration.
    """
    path = repository.notebook_source(facts.name)
    tagged: set[str] = set()
    for cell in read_source(path).cells:
        for name in questions_of(cell.metadata.get("tags", [])):
            if problem := _problem(cell, name, facts):
                raise ReleaseError(f"{repository.relative(path)}, cell {first_line(cell.source)!r}: {problem}")
            tagged.add(name)
    for question in facts.questions:
        if question.cells and question.name not in tagged:
            raise ReleaseError(
                f"{repository.relative(path)}: no cell says that question {question.name} is about it; write "
                f'tags=["{QUESTION}{question.name}"] behind the "# %%" of each that is, or, where none is, '
                f"cells = false below the question in exercises/{facts.name}/assignment.toml"
            )


def _problem(cell: NotebookNode, name: str, facts: Assignment) -> str:
    names: list[Any] = [question.name for question in facts.questions]
    if name not in names:
        return f"the tag {QUESTION}{name} names no question of assignment.toml ({', '.join(names) or 'there is none'})"
    if cell.cell_type != "code":
        return f"the tag {QUESTION}{name} belongs on cells of code, whose outputs an answer rests on"
    if cell.metadata.get("nbgrader", {}).get("grade"):
        return f"the tag {QUESTION}{name} stands on a task's check, whose outputs at home nobody sees"
    if EXPLORATION in cell.metadata["tags"]:
        return f'it is about question {name}: take the tag "{EXPLORATION}" away, which leaves it out where cells run'
    return ""
