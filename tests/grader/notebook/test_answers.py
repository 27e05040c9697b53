"""Finding a student's answers in whatever file came back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from nbformat.v4 import new_markdown_cell

from grader.notebook.submitted import find_answers

PLACEHOLDER = new_markdown_cell("YOUR ANSWER HERE", id="question-why")
PLACEHOLDERS = {"question-why": PLACEHOLDER}


def cell(source: Any, grade_id: str | None = "question-why", **facts: Any) -> dict[str, Any]:
    metadata = {"nbgrader": {"grade_id": grade_id}} if grade_id else {}
    return {"cell_type": "markdown", "metadata": metadata, "source": source, **facts}


def notebook(*cells: Any) -> bytes:
    return json.dumps({"cells": list(cells), "nbformat": 4, "nbformat_minor": 5, "metadata": {}}).encode()


OLD = {
    "worksheets": [
        {
            "cells": [
                {
                    "cell_type": "code",
                    "input": ["Because", " so"],
                    **{"metadata": {"nbgrader": {"grade_id": "question-why"}}},
                }
            ]
        }
    ],
    "nbformat": 3,
}

FOUND = {
    "as released": notebook(cell("Because so")),
    "list of lines": notebook(cell(["Because", " so"])),
    "byte order mark": b"\xef\xbb\xbf" + notebook(cell("Because so")),
    "utf-16": notebook(cell("Because so")).decode().encode("utf-16"),
    "moved": notebook(cell("text", None), cell("Because so")),
    "retyped": notebook(cell("Because so", cell_type="raw")),
    "metadata stripped, id kept": notebook(cell("Because so", None, id="question-why")),
    "duplicate after an untouched one": notebook(cell("YOUR ANSWER HERE\n"), cell("Because so")),
    "duplicate after an empty one": notebook(cell("  "), cell("Because so")),
    "duplicate before another answer": notebook(cell("Because so"), cell("No")),
    "nbformat 3": json.dumps(OLD).encode(),
    "other cells damaged": notebook(None, 7, {"metadata": 3}, {"metadata": {"nbgrader": []}}, cell("Because so")),
}


@pytest.mark.parametrize("raw", FOUND.values(), ids=FOUND.keys())
def test_answer_is_found_however_the_notebook_was_damaged(raw: bytes) -> None:
    answers = find_answers(raw, PLACEHOLDERS)
    assert answers.texts == {"question-why": "Because so"}
    assert answers.lost == ()


LOST = {
    "no file": None,
    "empty file": b"",
    "invalid JSON": notebook(cell("Because so"))[:-9],
    "deeply nested": b"[" * 200_000,
    "a huge number": b'{"cells": [' + b"9" * 10_000 + b"]}",
    "not a notebook": b'["cells"]',
    "binary": bytes(range(256)),
    "cell deleted": notebook(cell("text", None)),
}


@pytest.mark.parametrize("raw", LOST.values(), ids=LOST.keys())
def test_answer_that_is_nowhere_is_lost_not_empty(raw: bytes | None) -> None:
    answers = find_answers(raw, PLACEHOLDERS)
    assert answers.texts == {}
    assert answers.lost == ("question-why",)


def test_untouched_answer_is_neither_a_text_nor_lost() -> None:
    answers = find_answers(notebook(cell(" YOUR ANSWER HERE ")), PLACEHOLDERS)
    assert (answers.texts, answers.lost, answers.notes) == ({}, (), ())


def test_a_second_answer_is_noted() -> None:
    (note,) = find_answers(notebook(cell("one"), cell("two")), PLACEHOLDERS).notes
    assert "different answers" in note


def test_placeholder_with_a_picture_is_an_answer() -> None:
    answers = find_answers(notebook(cell("YOUR ANSWER HERE", attachments={"a.png": {}})), PLACEHOLDERS)
    assert answers.texts == {"question-why": "YOUR ANSWER HERE"}
    assert list(answers.cells["question-why"].attachments) == ["a.png"]


def test_answer_can_always_be_written_to_a_file() -> None:
    raw = notebook(cell("a\ud800b\x00c\x1b[31m\r\nd\te"))
    assert find_answers(raw, PLACEHOLDERS).texts["question-why"].encode() == b"a?bc[31m\nd\te"
