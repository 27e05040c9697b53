"""Which cells run in the sandbox, and what of their outputs is believed."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from grader import repository
from grader.grading.checked.notebook import cells_to_run
from grader.model.submission import Submission
from grader.notebook.outputs import PNG, safe_outputs
from grader.sandbox.protocol import MAX_CELL_OUTPUTS

PICTURE = base64.b64encode(PNG + b"rest").decode()


def test_cells_to_run_are_neither_graded_nor_exploration() -> None:
    cells = dict(map(tuple, cells_to_run(Submission("a", "digits", {}, None))))  # type: ignore[arg-type]
    assert len(cells) >= 3
    assert not any("HIDDEN" in source or source.startswith("check(") for source in cells.values())


def test_cells_do_not_turn_autoreload_on() -> None:
    released = repository.notebook("digits").read_text()
    sources = "".join(source for _, source in cells_to_run(Submission("a", "digits", {}, None)))
    assert "%autoreload" in released and "import torch" in sources
    assert not any(line.startswith("%") and "autoreload" in line for line in sources.splitlines())


def test_cells_of_the_student_do_not_run() -> None:
    notebook = b'{"cells": [{"cell_type": "code", "source": "import os; os.abort()", "metadata": {}}]}'
    assert cells_to_run(Submission("a", "digits", {}, notebook)) == cells_to_run(Submission("a", "digits", {}, None))


@pytest.mark.parametrize("claimed", [None, 3, "text", [1], {"c": 5}, [None, 7, {"output_type": "html"}]])
def test_outputs_of_another_form_are_dropped(claimed: Any) -> None:
    assert safe_outputs(claimed) == []


def test_only_plain_text_and_real_pictures_are_kept() -> None:
    data = {"text/plain": "t", "image/png": PICTURE, "text/html": "<script>", "application/javascript": "x"}
    (output,) = safe_outputs([{"output_type": "display_data", "data": data, "metadata": {"x": 1}}])
    assert output == {
        "output_type": "display_data",
        "metadata": {},
        "data": {"text/plain": "t", "image/png": PICTURE},
    }


@pytest.mark.parametrize("picture", ["not base64!", base64.b64encode(b"GIF89a").decode(), PICTURE * 100_000, 5])
def test_picture_that_is_none_is_dropped(picture: Any) -> None:
    (output,) = safe_outputs([{"output_type": "display_data", "data": {"image/png": picture}}])
    assert output["data"] == {}


def test_lengths_and_counts_are_capped() -> None:
    stream = {"output_type": "stream", "name": "stdout", "text": "x" * 100_000}
    kept = safe_outputs([stream] * 100)
    assert len(kept) == MAX_CELL_OUTPUTS and len(kept[0]["text"]) == 20_000


def test_error_keeps_its_words() -> None:
    error = {"output_type": "error", "ename": "KeyError", "evalue": "k", "traceback": ["line", 5], "more": 1}
    assert safe_outputs([error]) == [
        {"output_type": "error", "ename": "KeyError", "evalue": "k", "traceback": ["line", "5"]}
    ]
