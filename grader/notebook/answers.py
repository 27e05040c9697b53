"""What a student wrote into a notebook, however damaged the file is."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode

from .text import clean


@dataclass(frozen=True)
class StudentCell:
    """One cell of a submitted notebook, whatever its type; texts are empty where the file has none."""

    grade_id: str
    id: str
    source: str
    cell_type: str
    has_pictures: bool
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answers:
    """The student's answers.

    Attributes:
        texts: by grade_id; an answer that is still the released placeholder is not among them.
        lost:  grade_ids whose cell is nowhere in the submission.  That is not the same as an unanswered question.
        notes: what a person who marks should know.
    """

    texts: dict[str, str] = field(default_factory=dict)
    lost: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def find_answers(raw: bytes | None, placeholders: dict[str, NotebookNode]) -> Answers:
    """Find the answer to each solution cell.

    Cells are matched by grade_id, and by cell id where a tool has stripped nbgrader's metadata.  Among duplicates the
    first counts whose text is neither empty nor the placeholder.

    Args:
        raw:          the submitted notebook, or None where there is none.
        placeholders: the released solution cells by grade_id.
    """
    cells = read_cells(raw or b"")
    texts: dict[str, str] = {}
    lost: list[str] = []
    notes: list[str] = []
    for grade_id, placeholder in placeholders.items():
        found = [cell for cell in cells if cell.grade_id == grade_id]
        found += [cell for cell in cells if not cell.grade_id and cell.id and cell.id == placeholder.get("id")]
        if not found:
            lost.append(grade_id)
            continue
        written = [cell for cell in found if cell.source.strip() not in ("", placeholder.source.strip())]
        if written:
            texts[grade_id] = clean(written[0].source)
        if len({cell.source for cell in written}) > 1:
            notes.append(f"{grade_id}: {len(written)} cells hold different answers; the first one is shown")
        if any(cell.has_pictures for cell in found):
            notes.append(f"{grade_id}: the student pasted a picture; it is only in the submitted notebook")
    return Answers(texts, tuple(lost), tuple(notes))


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
    for group in groups:
        for cell in group if isinstance(group, list) else []:
            if isinstance(cell, dict):
                yield _cell(cell)


def _cell(cell: dict[str, Any]) -> StudentCell:
    metadata = cell.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    nbgrader, tags = metadata.get("nbgrader"), metadata.get("tags")
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return StudentCell(
        grade_id=_text(grade_id),
        id=_text(cell.get("id")),
        source=_text(cell.get("source", cell.get("input"))),
        cell_type=_text(cell.get("cell_type")),
        has_pictures=bool(cell.get("attachments")),
        tags=tuple(map(_text, tags)) if isinstance(tags, list) else (),
    )


def _text(value: Any) -> str:
    """A notebook keeps a text as one string or as a list of lines."""
    if isinstance(value, list):
        value = "".join(line for line in value if isinstance(line, str))
    return value if isinstance(value, str) else ""
