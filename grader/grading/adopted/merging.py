"""The notebook that runs: the student's, with every cell that nbgrader looks after put back as the course has it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader.model.text import clean
from grader.notebook.marking import MAX_TEXT, on_questions, pictures_missing, show_pictures, shown_cell
from grader.notebook.own import CHANGED_TITLE, ReleasedCell, own_cells
from grader.notebook.pictures import Room
from grader.notebook.submitted import StudentCell, read_cells
from grader.notebook.working import NOTES_KEY

from .assignment import AdoptedNotebook, PlainCell, SourceCell

SOURCE = 1_000_000  # characters of one cell
SKIPPED = "skip-execution"  # a tag that nbgrader's own way of running notebooks knows


@dataclass(frozen=True)
class Placed:
    """A cell of the notebook that runs: the course's, the student's, or both."""

    source: SourceCell | None = None
    own: StudentCell | None = None


def merged(notebook: AdoptedNotebook, raw: bytes | None) -> NotebookNode:
    """The student's notebook, cell by cell, with the course's cells laid over it.

    A cell is found by its grade_id (of several the last one, as nbgrader does), or by its cell id where a tool has
    stripped the metadata.  Kind, points and metadata are always the course's, and the text too unless the cell is an
    answer.  A cell that is nowhere comes back behind the one that it follows in the release.  Other cells of the
    student's stay where they are, as plain cells.

    Args:
        raw: the submitted file; None, or one that `is_readable` does not know as a notebook, gives the released one.
    """
    return _merged(notebook, raw, read_cells(raw or b""))[0]


def merged_for_marking(notebook: AdoptedNotebook, raw: bytes | None) -> NotebookNode:
    """`merged`, with all that the student wrote into text cells, and notes on what may belong to an answer.

    That is pictures, and what the student wrote into a text of the course's, which stands behind it.
    """
    own = read_cells(raw or b"")
    result, placed = _merged(notebook, raw, own)
    given = [_given(cell) for cell in notebook.cells]
    taken = {
        one.source.name: one.own
        for one in placed
        if one.source is not None and one.own is not None and one.source.solution and _is_answered(one.source, one.own)
    }
    questions = [cell.name for cell in notebook.known if cell.grade and cell.solution]
    found = own_cells(own, given, taken)
    # Far from any answer a course leaves room for cells of the students', and those without ids cannot be told from it.
    result.metadata[NOTES_KEY] |= on_questions(questions, taken, [one for one in found if one.beside])
    changed = {one.cell.number: one for one in found if one.what == CHANGED_TITLE}
    room, cells = Room(), []
    for cell, one in zip(result.cells, placed, strict=True):
        cells.append(cell)
        if cell.cell_type != "markdown" or one.own is None:
            continue
        if one.source is not None and one.own.number in changed:
            cells.append(shown_cell(len(cells), changed[one.own.number], MAX_TEXT))  # the course's text stands above
        if cells[-1].cell_type == "markdown":
            show_pictures(cells[-1], one.own.attachments, room)
    result.cells = cells
    result.metadata[NOTES_KEY]["notes"] += pictures_missing(result)
    return result


def _merged(notebook: AdoptedNotebook, raw: bytes | None, own: list[StudentCell]) -> tuple[NotebookNode, list[Placed]]:
    found, notes = _found(notebook, own)
    placed = _placed(notebook, own, found) if own else [_released(cell) for cell in notebook.cells]
    lost = [cell.name for cell in notebook.known if raw is not None and cell.name not in found]
    notes += [f"{name}: this cell is missing from {notebook.file}; it was put back" for name in lost]
    if raw is not None and not own:
        notes = [f"{notebook.file} cannot be read as a notebook"]
    result: NotebookNode = new_notebook(
        cells=[_cell(number, one) for number, one in enumerate(placed)],
        metadata={**notebook.metadata, NOTES_KEY: {"lost": lost, "notes": notes}},
    )
    return result, placed


def _given(cell: SourceCell | PlainCell) -> ReleasedCell:
    if isinstance(cell, PlainCell):
        return ReleasedCell("", cell.id, cell.cell_type, cell.source)
    by_hand = (cell.grade and cell.solution) or cell.task
    return ReleasedCell(cell.name, cell.id, cell.cell_type, cell.source, cell.solution, by_hand)


def _is_answered(source: SourceCell, own: StudentCell) -> bool:
    return own.source.strip() not in ("", source.source.strip()) or bool(own.attachments)


def is_readable(raw: bytes) -> bool:
    """Whether a file is a notebook with any cells."""
    return bool(read_cells(raw))


def runs(cell: NotebookNode) -> bool:
    """Whether a cell of a merged notebook is code that is to run."""
    return bool(cell.cell_type == "code" and cell.source.strip() and SKIPPED not in cell.metadata.get("tags", []))


def name_of(cell: NotebookNode) -> str:
    """What the outputs of a merged notebook's cell are kept under: its grade_id, else its id."""
    return str(cell.metadata.get("nbgrader", {}).get("grade_id") or cell.id)


def _found(notebook: AdoptedNotebook, own: list[StudentCell]) -> tuple[dict[str, int], list[str]]:
    """For each of the course's cells the number of the student's cell that stands for it, and notes for the TA."""
    found: dict[str, int] = {}
    notes: list[str] = []
    for cell in notebook.known:
        numbers = [number for number, one in enumerate(own) if one.grade_id == cell.name]
        if not numbers and cell.id:
            numbers = [number for number, one in enumerate(own) if not one.grade_id and one.id == cell.id]
        if numbers:
            found[cell.name] = numbers[-1]
        if len({own[number].source for number in numbers}) > 1:
            notes.append(f"{cell.name}: {len(numbers)} cells have this name; the last one counts")
    return found, notes


def _placed(notebook: AdoptedNotebook, own: list[StudentCell], found: dict[str, int]) -> list[Placed]:
    known = {cell.name: cell for cell in notebook.known}
    stands_for = {number: known[name] for name, number in found.items()}
    placed = [Placed(stands_for.get(number), one) for number, one in enumerate(own)]
    before: SourceCell | None = None
    for cell in notebook.known:
        if cell.name not in found:
            place = next((n + 1 for n, one in enumerate(placed) if before is not None and one.source is before), 0)
            placed.insert(place, Placed(cell))
        before = cell
    return placed


def _released(cell: SourceCell | PlainCell) -> Placed:
    if isinstance(cell, SourceCell):
        return Placed(cell)
    return Placed(own=StudentCell("", "", cell.source, cell.cell_type))


def _cell(number: int, placed: Placed) -> NotebookNode:
    source, own = placed.source, placed.own
    kind = source.cell_type if source else own.cell_type if own else ""
    text = source.source if source else ""
    if own is not None and (source is None or source.solution) and own.source != text:
        text = clean(own.source, SOURCE)
    metadata: dict[str, Any] = {"nbgrader": _metadata(source)} if source else {}
    if own is not None and source is None and SKIPPED in own.tags:
        metadata["tags"] = [SKIPPED]
    # A raw cell becomes text: pages show its source as it is, scripts and all.
    make: Callable[..., NotebookNode] = new_code_cell if kind == "code" else new_markdown_cell
    return make(source=text, id=f"cell-{number}", metadata=metadata)


def _metadata(cell: SourceCell) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "grade_id": cell.name,
        "grade": cell.grade,
        "solution": cell.solution,
        "locked": cell.locked,
        "task": cell.task,
        "cell_type": cell.cell_type,
        "checksum": cell.checksum,
        "schema_version": 3,
    }
    return {**facts, "points": cell.points} if cell.grade or cell.task else facts
