"""The verdict on a test cell of an adopted course says as data why it gave no points."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exercises.checking import Cause, Status
from grader.grading.adopted.assignment import AdoptedNotebook, SourceCell
from grader.grading.adopted.judging import judged, not_run
from grader.model.results import Output

CELL = SourceCell(
    name="check",
    cell_type="code",
    source="assert mean([1]) == 1",
    checksum="",
    locked=True,
    grade=True,
    solution=False,
    task=False,
    points=2.0,
)
NOTEBOOK = AdoptedNotebook("week1", (CELL,), {})


def error(name: str, words: str) -> Output:
    return {"output_type": "error", "ename": name, "evalue": words, "traceback": []}


@pytest.mark.parametrize(
    ("output", "got", "cause", "about"),
    [
        (error("AssertionError", ""), "AssertionError: ", Cause.WRONG, "AssertionError"),
        (error("SyntaxError", "invalid"), "SyntaxError: invalid", Cause.UNREADABLE, "SyntaxError"),
        (error("NotImplementedError", ""), "NotImplementedError: ", Cause.NOT_WRITTEN, "NotImplementedError"),
        (error("KeyError", "'k'"), "KeyError: 'k'", Cause.RAISED, "KeyError"),
        (
            error("ModuleNotFoundError", "No module named 'a.b'; 'a' is not a package"),
            "ModuleNotFoundError: No module named 'a.b'; 'a' is not a package",
            Cause.NOT_FOUND,
            "a.b",
        ),
        ({"output_type": "stream", "name": "stderr", "text": "oh"}, "on standard error: oh", Cause.WRONG, ""),
    ],
)
def test_cell_without_points_says_why(output: Output, got: str, cause: Cause, about: str) -> None:
    verdict = judged(NOTEBOOK, CELL, [output]).verdict
    assert (verdict.status, verdict.cause, verdict.about) == (Status.FAILED, cause, about)
    assert verdict.got.strip() == got.strip()


def test_cell_with_full_points_or_none_at_all_has_no_cause() -> None:
    assert judged(NOTEBOOK, CELL, []).verdict.cause is None
    assert not_run(NOTEBOOK, CELL, "it is missing").verdict.cause is None
    half = {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {"text/plain": "1"}}
    verdict = judged(NOTEBOOK, replace(CELL, source="1"), [half]).verdict
    assert (verdict.status, verdict.got, verdict.cause) == (Status.PARTLY, "1", Cause.WRONG)
