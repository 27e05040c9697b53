"""What a notebook's cells showed, for the page: as they were handed in, and where the grader was asked to run them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from nbformat import NotebookNode

from exercises.cells import questions_of
from grader.model.plain import plain
from grader.model.results import Output
from grader.notebook.handed_in import handed_in_outputs, lacks_output
from grader.notebook.marking import is_own, read_own
from grader.notebook.pictures import Picture, shown

SOURCE = 4000  # characters shown of a cell of code
TOP = "Your notebook"


@dataclass(frozen=True)
class CellPart:
    """A cell of code and what it showed.

    Attributes:
        source:  the student's, or the given one where the student did not change it.
        changed: whether the student changed it.
        missing: whether a written question is about it, and it was handed in without output.
    """

    source: str
    shown: tuple[Picture | str, ...]
    changed: bool = False
    missing: bool = False


@dataclass(frozen=True)
class Group:
    """The cells below one heading of the notebook that showed something, in order."""

    heading: str
    cells: tuple[CellPart, ...]

    @property
    def summary(self) -> str:
        """ "2 pictures, 1 text" """
        items = [item for cell in self.cells for item in cell.shown]
        pictures = sum(isinstance(item, Picture) for item in items)
        counts = ((pictures, "picture"), (len(items) - pictures, "text"))
        return ", ".join(f"{count} {noun}{'s' if count > 1 else ''}" for count, noun in counts if count)


@dataclass
class HandedIn:
    """What the student's own file showed.

    Attributes:
        questions: for each written question the cells that it is about.
        headings:  the other cells below each heading.
    """

    questions: dict[str, list[CellPart]] = field(default_factory=dict)
    headings: dict[str, list[CellPart]] = field(default_factory=dict)

    @property
    def groups(self) -> tuple[Group, ...]:
        return _groups(self.headings)


def handed_in(marked: NotebookNode, released: NotebookNode) -> HandedIn:
    """The outputs of the student's file in the notebook that a person marks.

    The student's own cells are among them only where they are given code that was changed (feedback/own.py has others).
    """
    found, above = HandedIn(), headings(released)
    last = ""
    for cell in marked.cells:
        if is_own(cell):
            own = read_own(cell, last)
            if own.is_code and (own.questions or not own.counts):
                part = _part(own.source, own.outputs, changed=True, missing=own.missing)
                _put(found, part, own.questions, above.get(own.above, TOP))
            continue
        last = cell.get("id", "")
        if cell.cell_type == "code":
            part = _part(cell.source, handed_in_outputs(cell), missing=lacks_output(cell))
            _put(found, part, questions_of(cell.metadata.get("tags", [])), above.get(last, TOP))
    return found


def run_again(cells: dict[str, list[Output]], released: NotebookNode) -> tuple[Group, ...]:
    """What the cells showed in a run by the grader.

    Args:
        cells: outputs by cell id.
    """
    above = headings(released)
    sources = {cell.get("id", ""): cell.source for cell in released.cells}
    found: dict[str, list[CellPart]] = {}
    for cell, outputs in cells.items():
        part = _part(sources.get(cell, ""), outputs)
        if part.shown:
            found.setdefault(above.get(cell, TOP), []).append(part)
    return _groups(found)


def items(outputs: list[Output]) -> Iterator[Picture | str]:
    """The pictures and texts among the outputs of a cell.

    Standard error is left out: it holds progress bars and warnings, which no student asked for.
    """
    for output in outputs:
        item = _item(output)
        if item:
            yield item


def headings(released: NotebookNode) -> dict[str, str]:
    """The last markdown heading above each cell, by cell id."""
    found: dict[str, str] = {}
    heading = TOP
    for cell in released.cells:
        if cell.cell_type == "markdown":
            lines = [line.lstrip("#").strip(" *`") for line in cell.source.splitlines() if line.startswith("#")]
            heading = lines[-1] if lines else heading
        found[cell.get("id", "")] = heading
    return found


def _part(source: str, outputs: list[Output], *, changed: bool = False, missing: bool = False) -> CellPart:
    return CellPart(plain(source, SOURCE), tuple(items(outputs)), changed, missing)


def _put(found: HandedIn, part: CellPart, questions: tuple[str, ...], heading: str) -> None:
    if not (part.shown or part.missing or part.changed):
        return
    for question in questions:
        found.questions.setdefault(question, []).append(part)
    if not questions:
        found.headings.setdefault(heading, []).append(part)


def _groups(found: dict[str, list[CellPart]]) -> tuple[Group, ...]:
    return tuple(Group(heading, tuple(parts)) for heading, parts in found.items())


def _item(output: Output) -> Picture | str | None:
    match output:
        case {"output_type": "stream", "name": "stdout", "text": str() as text}:
            return plain(text).strip()
        case {"output_type": "error", "ename": str() as name, "evalue": str() as value}:
            return plain(f"The cell stopped here: {name}: {value}")
        case {"data": dict() as data} if (picture := shown(data)) is not None:
            return picture
        case {"data": {"text/plain": str() as text}}:
            return plain(text).strip()
    return None
