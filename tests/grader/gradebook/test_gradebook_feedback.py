"""Feedback by the command and by formgrader's button: the page made from the verdicts, never nbgrader's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from grader.feedback.write import write_feedback


def by_command(bench: Any) -> str:
    """Empty where the pages were written, else why not."""
    try:
        write_feedback(bench.course, "digits")
    except ValueError as error:
        return str(error)
    return ""


def by_button(bench: Any) -> str:
    outcome = bench.api().generate_feedback("digits", "ada")
    return "" if outcome["success"] else str(outcome["log"])


WAYS = pytest.mark.parametrize("write", [by_command, by_button])


@WAYS
def test_page_is_made_from_the_verdicts(bench: Any, write: Callable[[Any], str]) -> None:
    bench.submit(notebook=bench.answered())
    assert bench.autograde()["success"]
    assert write(bench) == ""
    folder = bench.course.root / "feedback" / "ada" / "digits"
    assert list(folder.iterdir()) == [folder / "digits.html"]  # no copies of what was handed in and given
    page = (folder / "digits.html").read_text()
    assert "the idea of blocks" in page
    assert "<script" not in page and "SystemError" not in page


@WAYS
def test_where_the_solution_was_handed_out_the_page_that_compares_lies_beside(
    bench: Any, write: Callable[[Any], str]
) -> None:
    bench.submit(notebook=bench.answered())
    assert bench.autograde()["success"]
    (bench.course.root / "solutions").mkdir()
    (bench.course.root / "solutions" / "digits-solutions.zip").touch()
    for _ in range(2):  # nbgrader empties the folder first
        assert write(bench) == ""
        folder = bench.course.root / "feedback" / "ada" / "digits"
        assert sorted(path.name for path in folder.iterdir()) == ["digits-solution.html", "digits.html"]
    assert "You have not handed in this file" in (folder / "digits-solution.html").read_text()


@WAYS
def test_wrong_rule_on_lateness_writes_no_page(bench: Any, write: Callable[[Any], str]) -> None:
    bench.submit(notebook=bench.answered())
    assert bench.autograde()["success"]
    bench.course.settings.write_text("[late]\npenalty_per_day = 10\n")
    assert "[late] penalty_per_day = 10" in write(bench)
    assert not (bench.course.root / "feedback" / "ada" / "digits" / "digits.html").exists()
