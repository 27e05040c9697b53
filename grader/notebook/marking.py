"""The notebook that a person marks: the released one with everything in it that the student wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from exercises.cells import questions_of
from grader.model.plain import without_homes
from grader.model.results import Output
from grader.model.text import clean

from .handed_in import handed_in_outputs, keep_outputs, lacks_output
from .outputs import Space, fit_to_show, saved_outputs
from .own import CHANGED_TITLE, OwnCell, ReleasedCell, as_given, digest, left_open, own_cells
from .pictures import Room, attach
from .submitted import StudentCell, answers_in, read_cells
from .working import NOTES_KEY, is_marked, solutions, with_answers

MAX_CELLS = 40  # of the student's own that are shown
MAX_TEXT = 20_000  # characters of one of them
NOT_RUN_TEXT = "not run while grading"


def marking_notebook(released: NotebookNode, raw: bytes | None) -> NotebookNode:
    """The released notebook with the student's answers, their pictures, the student's own cells, and what all showed.

    Outputs are those of the student's file, and those of cells that a written question is about come first where there
    is not space for all.  What the student changed in given code stands behind it, as a cell of the student's own.

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
    space = Space()
    places = solutions(notebook)
    for name, taken in answers.cells.items():
        if places[name].cell_type == "markdown":
            show_pictures(places[name], taken.attachments, space.room)
    notes["notes"] += _Filling(notebook, given, space).fill(found, as_given(cells, given, answers.cells))
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
        counts:   whether it may be an answer (own.py).
        questions: the written questions that are about it, by name.
        missing:  whether there are some, and the file shows nothing below it.
    """

    what: str
    source: str
    is_code: bool
    above: str
    beside: str
    attachments: dict[str, Any] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    outputs: list[Output] = field(default_factory=list)
    counts: bool = True
    questions: tuple[str, ...] = ()
    missing: bool = False


def shown_cells(notebook: NotebookNode) -> Iterator[ShownCell]:
    """The student's own cells in a marking notebook, before or after autograding, in order."""
    above = ""
    for cell in notebook.cells:
        if is_own(cell):
            yield read_own(cell, above)
        else:
            above = cell.get("id", "")


def read_own(cell: NotebookNode, above: str) -> ShownCell:
    """One of the student's own cells in a marking notebook; `above` is the id of the released cell that it follows."""
    facts, is_code = cell.metadata[NOTES_KEY], cell.cell_type == "code"
    return ShownCell(
        what=facts["own"],
        source=cell.source.removeprefix(_heading(facts["own"], is_code)),
        is_code=is_code,
        above=above,
        beside=facts.get("beside", ""),
        attachments=cell.get("attachments", {}),
        refused=refused_in(cell),
        outputs=handed_in_outputs(cell) if is_code else [],
        counts=facts.get("counts", True),
        questions=tuple(facts.get("questions", ())),
        missing=lacks_output(cell),
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


def _given(cell: NotebookNode) -> ReleasedCell:
    name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
    solution = is_marked(cell, "solution")
    graded = is_marked(cell, "grade")
    return ReleasedCell(
        name,
        cell.get("id", ""),
        cell.cell_type,
        cell.source,
        solution=solution,
        question=solution and graded,
        checked=graded and not solution,
    )


@dataclass
class _Filling:
    """Puts the student's own cells, and all outputs of the student's file, into a copy of the released notebook.

    Attributes:
        given:    what is known of each of the notebook's cells.
        cut:      how many of the student's own cells are not shown whole.
        left_out: of how many given cells some outputs are not shown.
    """

    notebook: NotebookNode
    given: list[ReleasedCell]
    space: Space
    cut: int = 0
    left_out: int = 0

    def fill(self, found: list[OwnCell], unchanged: dict[int, StudentCell]) -> list[str]:
        """Put everything in.

        Args:
            found:     the student's own cells.
            unchanged: the student's cells that stand for given ones, by the number of these.

        Returns:
            notes on what is cut, for the person who marks.
        """
        # Where there are too many, what may be an answer comes before given code with other numbers in it.
        first = sorted(range(len(found)), key=lambda number: not found[number].counts)[:MAX_CELLS]
        own = [(found[number], self._own_cell(number, found[number])) for number in sorted(first)]
        self._show_outputs(own, unchanged)
        following: dict[int, list[NotebookNode]] = {}
        for one, cell in own:
            following.setdefault(one.after, []).append(cell)
        cells = list(following.get(-1, []))
        for place, cell in enumerate(self.notebook.cells):
            cells += [cell, *following.get(place, [])]
        self.notebook.cells = cells
        return list(self._notes(len(found) - len(own)))

    def _own_cell(self, number: int, own: OwnCell) -> NotebookNode:
        limit = min(MAX_TEXT, self.space.characters)
        cell = shown_cell(number, own, limit)
        self.cut += len(own.cell.source) > limit
        self.space.characters = max(0, self.space.characters - len(own.cell.source))
        if own.is_text:
            show_pictures(cell, own.cell.attachments, self.space.room)
        return cell

    def _show_outputs(self, own: list[tuple[OwnCell, NotebookNode]], unchanged: dict[int, StudentCell]) -> None:
        """Those of cells that a question is about come first, then the student's own cells, then given ones."""
        asked: list[tuple[NotebookNode, StudentCell | None]] = []
        mine: list[tuple[NotebookNode, StudentCell | None]] = []
        others: list[tuple[NotebookNode, StudentCell | None]] = []
        changed: set[int] = set()
        for one, cell in own:
            if one.is_text:
                continue
            questions = self._questions(one.after) if one.what == CHANGED_TITLE else ()
            if questions:
                cell.metadata[NOTES_KEY]["questions"] = list(questions)
                changed.add(one.after)
            (asked if questions else mine).append((cell, one.cell))
        for place, cell in enumerate(self.notebook.cells):
            if self.given[place].runs and self._questions(place) and (place in unchanged or place not in changed):
                asked.append((cell, unchanged.get(place)))
            elif place in unchanged:
                others.append((cell, unchanged[place]))
        for number, (cell, student) in enumerate([*asked, *mine, *others]):
            saved = saved_outputs(student.outputs) if student is not None else []
            kept, is_cut = fit_to_show(saved, self.space)
            keep_outputs(cell, kept, missing=not saved and number < len(asked))
            self.cut += is_cut and is_own(cell)
            self.left_out += is_cut and not is_own(cell)

    def _questions(self, place: int) -> tuple[str, ...]:
        """The questions that are about a given cell."""
        return questions_of(self.notebook.cells[place].metadata.get("tags", [])) if place >= 0 else ()

    def _notes(self, unshown: int) -> Iterator[str]:
        if unshown:
            yield (f"{unshown} more cells of the student's own are not shown here: they are in the submitted notebook")
        if self.cut:
            yield f"{self.cut} of the student's own cells are cut here: the submitted notebook has all of them"
        if self.left_out:
            yield f"outputs of {self.left_out} given cells are left out here: the submitted notebook has all of them"


def shown_cell(number: int, own: OwnCell, limit: int) -> NotebookNode:
    """A cell that shows one of the student's own, its text cut at `limit` characters; `number` makes its id."""
    text = clean(own.cell.source, limit)
    facts: dict[str, Any] = {"own": own.what, "beside": own.beside, **({} if own.counts else {"counts": False})}
    if not own.is_text:
        text = without_homes(text)
    # A raw cell becomes text: pages show its source as it is, scripts and all.
    make: Callable[..., NotebookNode] = new_markdown_cell if own.is_text else new_code_cell
    heading = _heading(own.what, not own.is_text)
    cell: NotebookNode = make(source=heading + text, id=f"student-{number}", metadata={NOTES_KEY: facts})
    return cell


def _heading(what: str, is_code: bool) -> str:
    return f"# {what} ({NOT_RUN_TEXT})\n" if is_code else f"*{what}:*\n\n"
