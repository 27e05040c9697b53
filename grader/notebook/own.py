"""What a student wrote outside the cells that are there for it: cells of their own, and changes to given text.

An answer may stand anywhere: in a new cell below the placeholder, in the question's own text, at the notebook's end.
"""

from __future__ import annotations

import ast
import hashlib
import io
import json
import re
import tokenize
import warnings
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from .submitted import StudentCell

OWN_TITLE = "The student's own cell"
ANOTHER_ANSWER_TITLE = "Another answer of the student's to the question above"
CHANGED_TITLE = "The cell above as the student changed it"
MIN_SENTENCE_WORDS = 4  # words; a shorter text in code names something
WORD_PATTERN = re.compile(r"[^\W\d_]{2,}")
MAX_CODE = 20_000  # characters of a cell in which words are looked for
MAX_ALL_CODE = 100_000  # characters of all cells together
BLANK_PATTERN = re.compile("[\\s\u00ad\u200b-\u200f\u2060\ufeff]|&nbsp;")  # what nobody sees


@dataclass(frozen=True)
class ReleasedCell:
    """A cell of the notebook that students got.

    Attributes:
        name:     its grade_id, empty where nbgrader does not look after it.
        solution: whether the student is to write here.
        question: whether a person marks what the student writes here, or below it (a task of nbgrader's).
        checked:  whether checks decide about it, so that what it showed at home does not matter.
    """

    name: str
    id: str
    cell_type: str
    source: str
    solution: bool = False
    question: bool = False
    checked: bool = False

    @property
    def runs(self) -> bool:
        """Whether it is code whose outputs are the student's."""
        return self.cell_type == "code" and not self.checked


@dataclass(frozen=True)
class OwnCell:
    """Something that a student wrote outside the cells that are there for it.

    Attributes:
        what:   OWN, ANOTHER or CHANGED.
        after:  the number of the released cell that it follows, -1 at the top.
        beside: the question whose answer it stands next to, by grade_id: below the answer, or above it.
        words:  whether it may be an answer by what it holds: text, or code with comments or sentences in it.
        counts: whether it may be an answer at all; given code with other numbers in it is shown, and is none.
    """

    cell: StudentCell
    what: str
    after: int
    beside: str = ""
    words: bool = True
    counts: bool = True

    @property
    def is_text(self) -> bool:
        return self.cell.cell_type != "code"

    def may_answer(self, question: str, questions: Collection[str]) -> bool:
        """Whether it may belong to a question: whatever stands next to it, and words unless they are of a task."""
        return self.counts and (self.beside == question or (self.words and self.beside in ("", *questions)))


def own_cells(
    cells: Sequence[StudentCell], released: Sequence[ReleasedCell], answers: Mapping[str, StudentCell]
) -> list[OwnCell]:
    """Everything that the student wrote outside the cells that are there for it, in the notebook's order.

    A cell is of the release if it has the grade_id of a released cell; without a grade_id, its cell id; or else its
    text.  The others are the student's own, unless nothing is written in them.  Of the cells of the release these
    count: an answer beside the one that is taken, a text that is another than was released, and code with comments or
    sentences that are not in what was released (a line of it turned into a comment is).  Code that was changed
    otherwise is among them too, and does not count.

    Args:
        answers: the cells that are taken as answers, by grade_id.
    """
    places = _places(cells, released)
    above = _last(places)
    below = _last(places[::-1])[::-1]
    found, reader = [], _Reader()
    for cell, place, before, after in zip(cells, places, above, below, strict=True):
        if not is_written(cell):
            continue
        if place is None:
            beside = _question(released, before) or _question(released, after)
            words = cell.cell_type != "code" or bool(reader.words(cell.source))
            found.append(OwnCell(cell, OWN_TITLE, before, beside, words))
        elif released[place].solution:
            if _is_another(cell, released[place], answers.get(released[place].name)):
                found.append(OwnCell(cell, ANOTHER_ANSWER_TITLE, place, _question(released, place)))
        elif _is_changed(cell, released[place], reader):
            found.append(OwnCell(cell, CHANGED_TITLE, place, _question(released, after)))
        elif released[place].runs and cell.cell_type == "code" and not _is_same(cell, released[place]):
            found.append(OwnCell(cell, CHANGED_TITLE, place, words=False, counts=False))
    return found


def as_given(
    cells: Sequence[StudentCell], released: Sequence[ReleasedCell], answers: Mapping[str, StudentCell]
) -> dict[int, StudentCell]:
    """The student's cells that stand as they are for cells of the release that run, by the number of these.

    That is the one that is taken as an answer, or one with the released text; of several the first with outputs.
    """
    found: dict[int, StudentCell] = {}
    for cell, place in zip(cells, _places(cells, released), strict=True):
        if place is None or not released[place].runs or cell.cell_type != "code":
            continue
        taken = answers.get(released[place].name) if released[place].solution else None
        stands = cell is taken or (taken is None and _is_same(cell, released[place]))
        if stands and (place not in found or (cell.outputs and not found[place].outputs)):
            found[place] = cell
    return found


def is_written(cell: StudentCell) -> bool:
    """Whether a reader would see anything in a cell: no blanks, no HTML comment; of code, any sign."""
    if cell.attachments:
        return True
    text = cell.source if cell.cell_type == "code" else _without_comments(cell.source)
    return bool(BLANK_PATTERN.sub("", text))


def left_open(
    questions: Collection[str], answers: Mapping[str, StudentCell], found: Sequence[OwnCell]
) -> tuple[str, ...]:
    """The questions without an answer that may have one elsewhere, among what the student wrote of their own."""
    empty = (name for name in questions if name not in answers)
    return tuple(name for name in empty if any(own.may_answer(name, questions) for own in found))


def digest(
    question: str, questions: Collection[str], answers: Mapping[str, StudentCell], found: Sequence[OwnCell]
) -> str:
    """Changes with what may belong to an answer beside its text; empty where there is nothing.

    That is its pictures, what stands next to it, and the student's own words next to no answer.  To a question without
    an answer words next to another answer may belong too.
    """
    taken = answers.get(question)
    parts: list[object] = [taken.attachments] if taken is not None and taken.attachments else []
    for own in found:
        if not own.counts:
            continue
        loose = own.words and not own.beside and own.what == OWN_TITLE
        if own.beside == question or loose or (taken is None and own.may_answer(question, questions)):
            parts.append({"text": own.cell.source, "attachments": own.cell.attachments})
    if not parts:
        return ""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode("utf-8", "replace")).hexdigest()


def _places(cells: Sequence[StudentCell], released: Sequence[ReleasedCell]) -> list[int | None]:
    """For each of the student's cells the number of the released one that it is, or None."""
    names = {cell.name: number for number, cell in enumerate(released) if cell.name}
    ids = {cell.id: number for number, cell in enumerate(released) if cell.id}
    places = [names.get(cell.grade_id) if cell.grade_id else ids.get(cell.id) for cell in cells]
    there = set(places)
    free: dict[str, list[int]] = {}
    for number, one in enumerate(released):
        if number not in there:
            free.setdefault(_lines(one.source), []).append(number)
    texts = {_lines(one.source): number for number, one in enumerate(released) if one.source.strip()}
    for number, cell in enumerate(cells):
        text = _lines(cell.source)
        if places[number] is None and text in texts:  # of several with one text, the first that is not there yet
            places[number] = free[text].pop(0) if free.get(text) else texts[text]
    return places


def _question(released: Sequence[ReleasedCell], place: int) -> str:
    return released[place].name if place >= 0 and released[place].question else ""


def _last(places: Sequence[int | None]) -> list[int]:
    """For each cell the place of the one before it that is of the release, -1 where there is none."""
    last, found = -1, []
    for place in places:
        found.append(last)
        last = last if place is None else place
    return found


def _is_another(cell: StudentCell, released: ReleasedCell, taken: StudentCell | None) -> bool:
    if taken is None or (cell.source.strip() == released.source.strip() and not cell.attachments):
        return False
    return (cell.source.strip(), cell.attachments) != (taken.source.strip(), taken.attachments)


def _is_same(cell: StudentCell, released: ReleasedCell) -> bool:
    return _lines(cell.source) == _lines(released.source)


def _is_changed(cell: StudentCell, released: ReleasedCell, reader: _Reader) -> bool:
    if _is_same(cell, released):
        return False
    if "code" in (cell.cell_type, released.cell_type) and cell.cell_type == released.cell_type:
        return any(words.strip("# ") not in released.source for words in reader.words(cell.source))
    return True


class _Reader:
    """Looks for words in code, as long as there is not too much of it: a student decides how much there is."""

    def __init__(self) -> None:
        self._left = MAX_ALL_CODE

    def words(self, code: str) -> set[str]:
        """The comments and sentences in a cell; the whole of it where it is not Python, or too long to look."""
        if len(code) > min(MAX_CODE, self._left):
            return {code}
        self._left -= len(code)
        python = "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in code.split("\n"))
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of the student's code
                ast.parse(python)
            tokens = list(tokenize.generate_tokens(io.StringIO(python).readline))
        except (SyntaxError, ValueError, RecursionError, MemoryError, tokenize.TokenError):
            return {code}
        return {
            token.string
            for token in tokens
            if (token.type == tokenize.COMMENT and token.string.strip("# "))
            or (token.type == tokenize.STRING and len(WORD_PATTERN.findall(token.string)) >= MIN_SENTENCE_WORDS)
        }


def _lines(source: str) -> str:
    """A text without what editors change by themselves: the ends of lines, and blank lines around it."""
    return "\n".join(line.rstrip() for line in source.strip().splitlines())


def _without_comments(text: str) -> str:
    """Markdown without its HTML comments; one that never ends is kept, to be looked at."""
    kept, start = [], 0
    while (begin := text.find("<!--", start)) >= 0 and (end := text.find("-->", begin + 4)) >= 0:
        kept.append(text[start:begin])
        start = end + 3
    return "".join([*kept, text[start:]])
