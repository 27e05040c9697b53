"""Verdicts and marks made by hand, and a reader of pages."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook

from exercises.assignment import load_assignment
from exercises.checking.verdict import Status, Verdict
from grader.course.folder import Course
from grader.model.results import Graded, Output

DIGITS = load_assignment("digits")
STUDENT = "s01"
PLACEHOLDER = "*Write your answer here.*"


def released_notebook() -> Any:
    """Headings, two cells that show something, and the written questions."""
    cells = [
        new_markdown_cell("# Digits\n\nWelcome.", id="title"),
        new_code_cell("show()", id="first"),
        new_markdown_cell("## Shift curves", id="heading"),
        new_code_cell("plot()", id="second"),
    ]
    for question in DIGITS.questions:
        name = f"question-{question.name}"
        cells.append(new_markdown_cell(PLACEHOLDER, id=name, metadata={"nbgrader": {"grade_id": name}}))
    return new_notebook(cells=cells)


def png(width: int = 2, height: int = 2) -> str:
    """A grey picture as base64."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\x80" * width for _ in range(min(height, 64))))
    raw = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return base64.b64encode(raw).decode()


def figure(encoded: str) -> Output:
    return {"output_type": "display_data", "metadata": {}, "data": {"image/png": encoded, "text/plain": "<Figure>"}}


def stdout(text: str) -> Output:
    return {"output_type": "stream", "name": "stdout", "text": text}


def verdict(task: str, points: float, maximum: float, **changes: Any) -> Verdict:
    status = Status.PASSED if points == maximum else Status.PARTLY if points else Status.FAILED
    facts = {"check": f"{task}.check", "task": task, "idea": f"The idea of {task}", "status": status}
    return Verdict(**{**facts, "points": points, "max_points": maximum, **changes})


def graded(*verdicts: Verdict, **changes: Any) -> Graded:
    """The verdicts given, and full points on every task that they do not speak of."""
    spoken_of = {verdict.task for verdict in verdicts}
    others = [verdict(task.name, task.points, task.points) for task in DIGITS.tasks if task.name not in spoken_of]
    facts = {"student": STUDENT, "assignment": "digits", "submission_hash": "1" * 64}
    return Graded(**{**facts, "verdicts": (*verdicts, *others), **changes})


@dataclass
class Bench:
    """A course, and the verdicts that the engine would give."""

    course: Course
    graded: Graded = field(default_factory=graded)

    def gradebook(self) -> Gradebook:
        return Gradebook(f"sqlite:///{self.course.gradebook}")

    def book(self, name: str, **values: Any) -> None:
        """Set fields of one grade; without `needs_manual_grade` it is marked."""
        with self.gradebook() as gradebook:
            grade = gradebook.find_grade(name, "digits", "digits", STUDENT)
            for key, value in {"needs_manual_grade": False, **values}.items():
                setattr(grade, key, value)
            gradebook.db.commit()

    def book_everything(self) -> None:
        """Full points on the tasks, 0.5 on each written question."""
        for task in DIGITS.tasks:
            self.book(f"task-{task.name}", auto_score=task.points)
        for question in DIGITS.questions:
            self.book(f"question-{question.name}", manual_score=0.5)

    def comment(self, name: str, text: str) -> None:
        with self.gradebook() as gradebook:
            gradebook.find_comment(name, "digits", "digits", STUDENT).manual_comment = text
            gradebook.db.commit()

    def answer(self, text: str) -> None:
        """Put the text under both questions of the notebook that the TA marks."""
        notebook = released_notebook()
        for cell in notebook.cells:
            if cell.id.startswith("question-"):
                cell.source = text
        path = self.course.autograded("digits", STUDENT) / "digits.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)

    def page(self, *verdicts: Verdict, **changes: Any) -> str:
        from grader.feedback import page

        if verdicts or changes:
            self.graded = graded(*verdicts, **changes)
        return page(self.course, self.graded)


class Reader(HTMLParser):
    """Reads a page as a browser would: its tags, and its text without style sheets."""

    VOID = frozenset({"meta", "img", "br", "link", "hr", "input"})
    WITHIN_A_WORD = frozenset({"a", "strong"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.faults: list[str] = []
        self.pieces: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._gap(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self._gap(tag)
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.faults.append(f"</{tag}> closes {self.open[-1:]}")

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.pieces.append(data)

    def _gap(self, tag: str) -> None:
        if tag not in self.WITHIN_A_WORD:
            self.pieces.append(" ")

    @property
    def text(self) -> str:
        return " ".join("".join(self.pieces).split())

    def all(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in names]

    def outside(self) -> Iterable[str]:
        """Whatever in the page would run or fetch something."""
        for tag, attributes in self.tags:
            if tag in ("script", "iframe", "object", "embed", "link", "base", "form", "svg", "math"):
                yield f"<{tag}>"
            for name, value in attributes.items():
                if name.startswith("on"):
                    yield f"{tag} {name}"
                allowed = (value or "").startswith(("#", "data:image/png;base64,", "data:image/jpeg;base64,"))
                if name in ("src", "href", "srcset", "action", "style", "background") and not allowed:
                    yield f"{tag} {name}={value}"
