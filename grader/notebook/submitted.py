"""What a student wrote into a notebook, however damaged the file is."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode

from grader.model.text import clean

OUTPUTS_FORMAT = 4  # of nbformat: what outputs look like in others nobody here knows


@dataclass(frozen=True)
class StudentCell:
    """One cell of a submitted notebook, whatever its type; texts are empty where the file has none.

    Attributes:
        attachments: what was pasted into the cell: for each name its content by type, in base64 if it is sound.
        outputs:     what a file of nbformat 4 has there, a list of outputs if it is sound; None in another file.
        number:      its place in the file, from 0.
    """

    grade_id: str
    id: str
    source: str
    cell_type: str
    tags: tuple[str, ...] = ()
    attachments: dict[str, dict[str, str]] = field(default_factory=dict)
    outputs: Any = None
    number: int = 0


@dataclass(frozen=True)
class Answers:
    """The student's answers.

    Attributes:
        texts: by grade_id; an answer that is still the released placeholder, without a picture, is not among them.
        cells: by grade_id, the student's cell that each text stands in.
        lost:  grade_ids whose cell is nowhere in the submission.  That is not the same as an unanswered question.
        notes: what a person who marks should know.
    """

    texts: dict[str, str] = field(default_factory=dict)
    cells: dict[str, StudentCell] = field(default_factory=dict)
    lost: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def find_answers(raw: bytes | None, placeholders: dict[str, NotebookNode]) -> Answers:
    """Find the answer to each solution cell.

    Cells are matched by grade_id, and by cell id where a tool has stripped nbgrader's metadata.  Among duplicates the
    first counts whose text is neither empty nor the placeholder, or that holds a picture.

    Args:
        raw:          the submitted notebook, or None where there is none.
        placeholders: the released solution cells by grade_id.
    """
    return answers_in(read_cells(raw or b""), placeholders)


def answers_in(cells: list[StudentCell], placeholders: dict[str, NotebookNode]) -> Answers:
    """`find_answers` among the cells of a notebook that has been read."""
    texts: dict[str, str] = {}
    holding: dict[str, StudentCell] = {}
    lost: list[str] = []
    notes: list[str] = []
    for grade_id, placeholder in placeholders.items():
        found = [cell for cell in cells if cell.grade_id == grade_id]
        found += [cell for cell in cells if not cell.grade_id and cell.id and cell.id == placeholder.get("id")]
        if not found:
            lost.append(grade_id)
            continue
        unchanged = ("", placeholder.source.strip())
        written = [cell for cell in found if cell.source.strip() not in unchanged or cell.attachments]
        if written:
            texts[grade_id], holding[grade_id] = clean(written[0].source), written[0]
        if len({cell.source for cell in written}) > 1:
            notes.append(f"{grade_id}: {len(written)} cells hold different answers; the first one is shown first")
    return Answers(texts, holding, tuple(lost), tuple(notes))


def read_cells(raw: bytes) -> list[StudentCell]:
    """Every cell of a notebook file of any format version; an empty list where the file cannot be read as one."""
    try:
        document = json.loads(_decode(raw))
    except (ValueError, RecursionError):
        return []
    return list(_cells(document))


def _decode(raw: bytes) -> str:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", errors="replace")
    return raw.decode("utf-8-sig", errors="replace")


def _cells(document: Any) -> Iterator[StudentCell]:
    if not isinstance(document, dict):
        return
    groups = [document.get("cells")]
    worksheets = document.get("worksheets")  # nbformat 3 and older
    if isinstance(worksheets, list):
        groups += [sheet.get("cells") for sheet in worksheets if isinstance(sheet, dict)]
    sound = (cell for group in groups if isinstance(group, list) for cell in group if isinstance(cell, dict))
    version = document.get("nbformat")
    known = isinstance(version, int) and version == OUTPUTS_FORMAT
    for number, cell in enumerate(sound):
        yield _cell(cell, number, known)


def _cell(cell: dict[str, Any], number: int, with_outputs: bool) -> StudentCell:
    metadata = cell.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    nbgrader, tags = metadata.get("nbgrader"), metadata.get("tags")
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    level = cell.get("level")  # of a heading, which nbformat 3 keeps as a cell of its own
    heading = "#" * level + " " if isinstance(level, int) and 1 <= level <= 6 else ""
    return StudentCell(
        grade_id=text_of(grade_id),
        id=text_of(cell.get("id")),
        source=heading + text_of(cell.get("source", cell.get("input"))),
        cell_type=text_of(cell.get("cell_type")),
        tags=tuple(map(text_of, tags)) if isinstance(tags, list) else (),
        attachments=_attachments(cell.get("attachments")),
        outputs=cell.get("outputs") if with_outputs else None,
        number=number,
    )


def _attachments(found: Any) -> dict[str, dict[str, str]]:
    bundles = found.items() if isinstance(found, dict) else ()
    return {
        name: {kind: text_of(value) for kind, value in bundle.items()} if isinstance(bundle, dict) else {}
        for name, bundle in bundles
    }


def text_of(value: Any) -> str:
    """A text of a notebook file, which keeps it as one string or as a list of lines; empty for anything else."""
    if isinstance(value, list):
        value = "".join(line for line in value if isinstance(line, str))
    return value if isinstance(value, str) else ""
