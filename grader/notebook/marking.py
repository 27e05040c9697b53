"""The notebook that a person marks: the released one with everything in it that the student wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from grader.model.results import Output
from grader.model.text import clean

from .outputs import safe_outputs
from .own import OwnCell, ReleasedCell, digest, left_open, own_cells
from .pictures import Room, attach
from .submitted import answers_in, read_cells, text_of
from .working import NOTES_KEY, is_marked, solutions, with_answers

MAX_CELLS = 40  # of the student's own that are shown
MAX_TEXT = 20_000  # characters of one of them
MAX_ALL = 200_000  # characters of all of them together, what they print included
NOT_RUN_TEXT = "not run while grading"


def marking_notebook(released: NotebookNode, raw: bytes | None) -> NotebookNode:
    """The released notebook with the student's answers, their pictures, and the student's own cells.

    The notebook's metadata say under NOTES what autograding needs to know: `lost` and `notes` (see `Answers`), `open`
    (questions that wait for a person although their cell is as it was released, see `left_open`) and `beside` (what
    belongs to an answer beside its text, see `digest`).

    Args:
        released: the notebook as students got it.
        raw:      the submitted file, or None.
    """
    cells = read_cells(raw or b"")
    given = [_given(cell) for cell in released.cells]
    answers = answers_in(cells, solutions(released))
    found = own_cells(cells, given, answers.cells)
    notebook = with_answers(released, answers)
    notes: dict[str, Any] = notebook.metadata[NOTES_KEY]
    notes |= on_questions([cell.name for cell in given if cell.question], answers.cells, found)
    room = Room()
    places = solutions(notebook)
    for name, taken in answers.cells.items():
        if places[name].cell_type == "markdown":
            show_pictures(places[name], taken.attachments, room)
    _insert(notebook, found, room, notes["notes"])
    notes["notes"] += pictures_missing(notebook)
    return notebook


def on_questions(names: Sequence[str], answers: dict[str, Any], found: Sequence[OwnCell]) -> dict[str, Any]:
    """What NOTES say of the questions under `open` and `beside`."""
    beside = {name: digest(name, names, answers, found) for name in names}
    return {
        "open": list(left_open(names, answers, found)),
        "beside": {name: value for name, value in beside.items() if value},
    }


def is_own(cell: NotebookNode) -> bool:
    """Whether a cell of a marking notebook is the student's own."""
    return "own" in cell.metadata.get(NOTES_KEY, {})


@dataclass(frozen=True)
class ShownCell:
    """One of the student's own cells, as a marking notebook shows it.

    Attributes:
        what:     what it is, in words (own.py).
        above:    the id of the released cell that it follows, empty at the top.
        beside:   the question that it stands next to, by grade_id, or empty.
        refused:  names of pictures that are not shown, and why.
        outputs:  what the student's own file says that a cell of code showed.
    """

    what: str
    source: str
    is_code: bool
    above: str
    beside: str
    attachments: dict[str, Any] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    outputs: list[Output] = field(default_factory=list)


def shown_cells(notebook: NotebookNode) -> Iterator[ShownCell]:
    """The student's own cells in a marking notebook, before or after autograding, in order."""
    above = ""
    for cell in notebook.cells:
        if not is_own(cell):
            above = cell.get("id", "")
            continue
        facts, is_code = cell.metadata[NOTES_KEY], cell.cell_type == "code"
        outputs = facts.get("outputs") or cell.get("outputs") or []
        yield ShownCell(
            what=facts["own"],
            source=cell.source.removeprefix(_heading(facts["own"], is_code)),
            is_code=is_code,
            above=above,
            beside=facts.get("beside", ""),
            attachments=cell.get("attachments", {}),
            refused=refused_in(cell),
            outputs=outputs if is_code else [],
        )


def show_pictures(cell: NotebookNode, attachments: dict[str, dict[str, str]], room: Room) -> None:
    """Give a text cell the student's pictures; its metadata say which are not shown, and why."""
    refused: dict[str, str] = {}
    attach(cell, attachments, room, refused)
    if refused:
        cell.metadata[NOTES_KEY] = {**cell.metadata.get(NOTES_KEY, {}), "pictures": refused}


def refused_in(cell: NotebookNode) -> dict[str, str]:
    """The names of a cell's pictures that are not shown, and why."""
    refused: dict[str, str] = cell.metadata.get(NOTES_KEY, {}).get("pictures", {})
    return refused


def pictures_missing(notebook: NotebookNode) -> Iterator[str]:
    """Notes for the person who marks: the pictures of the student's that are not shown, and why."""
    for cell in notebook.cells:
        where = "in a cell of the student's own"
        if not is_own(cell):
            where = cell.metadata.get("nbgrader", {}).get("grade_id", "") or "in the notebook"
        yield from (f"{where}: picture {name} is not shown: {reason}" for name, reason in refused_in(cell).items())


def take_outputs(cell: NotebookNode) -> list[Output]:
    """What a student's own cell of code showed when the student ran it: moved out of its metadata."""
    outputs: list[Output] = cell.metadata[NOTES_KEY].pop("outputs", [])
    return outputs


def _given(cell: NotebookNode) -> ReleasedCell:
    name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
    solution = is_marked(cell, "solution")
    question = solution and is_marked(cell, "grade")
    return ReleasedCell(name, cell.get("id", ""), cell.cell_type, cell.source, solution, question)


def _insert(notebook: NotebookNode, found: list[OwnCell], room: Room, notes: list[str]) -> None:
    """Put the student's own cells behind those that they follow; `notes` get what is left out or cut."""
    following: dict[int, list[NotebookNode]] = {}
    left, cut = MAX_ALL, 0
    for number, own in enumerate(found[:MAX_CELLS]):
        limit = min(MAX_TEXT, left)
        cut += len(own.cell.source) > limit
        cell = shown_cell(number, own, limit)
        left = max(0, left - len(own.cell.source))
        if own.is_text:
            show_pictures(cell, own.cell.attachments, room)
        else:
            outputs = _joined(own.cell.outputs)
            kept, left = _fitting(safe_outputs(outputs), left, room)
            cell.metadata[NOTES_KEY]["outputs"] = kept
            cut += len(kept) < len(outputs)
        following.setdefault(own.after, []).append(cell)
    if len(found) > MAX_CELLS:
        notes.append(
            f"{len(found) - MAX_CELLS} more cells of the student's own are not shown here: they are in the submitted "
            "notebook"
        )
    if cut:
        notes.append(f"{cut} of the student's own cells are cut here: the submitted notebook has all of them")
    cells = list(following.get(-1, []))
    for number, cell in enumerate(notebook.cells):
        cells += [cell, *following.get(number, [])]
    notebook.cells = cells


def shown_cell(number: int, own: OwnCell, limit: int) -> NotebookNode:
    """A cell that shows one of the student's own, its text cut at `limit` characters; `number` makes its id."""
    text = clean(own.cell.source, limit)
    facts = {"own": own.what, "beside": own.beside}
    # A raw cell becomes text: pages show its source as it is, scripts and all.
    make: Callable[..., NotebookNode] = new_markdown_cell if own.is_text else new_code_cell
    heading = _heading(own.what, not own.is_text)
    cell: NotebookNode = make(source=heading + text, id=f"student-{number}", metadata={NOTES_KEY: facts})
    return cell


def _heading(what: str, is_code: bool) -> str:
    return f"# {what} ({NOT_RUN_TEXT})\n" if is_code else f"*{what}:*\n\n"


def _joined(outputs: Any) -> list[Any]:
    """Saved outputs with their texts as one string each, as `safe_outputs` takes them."""
    found = []
    for output in outputs if isinstance(outputs, list) else []:
        if not isinstance(output, dict):
            continue
        data, lines = output.get("data"), output.get("traceback")
        whole: dict[str, Any] = {"text": text_of(output["text"])} if "text" in output else {}
        if isinstance(lines, list):
            whole["traceback"] = [line for line in lines if isinstance(line, str)]
        if isinstance(data, dict):
            texts = {kind: text_of(value) for kind, value in data.items() if kind in ("text/plain", "image/png")}
            whole["data"] = {kind: text.strip() if kind == "image/png" else text for kind, text in texts.items()}
        found.append({**output, **whole})
    return found


def _fitting(outputs: list[Output], left: int, room: Room) -> tuple[list[Output], int]:
    """Those outputs that there is room for, and how many characters are left then."""
    kept = []
    for output in outputs:
        picture = len(output.get("data", {}).get("image/png", ""))
        size = len(str(output)) - picture
        if size > left or (picture and (picture > room.size or room.pictures <= 0)):
            continue
        left, room.size, room.pictures = left - size, room.size - picture, room.pictures - bool(picture)
        kept.append(output)
    return kept, left
