"""Marks that a person gave to written answers, through regrades: kept, and asked for again only for another text."""

from __future__ import annotations

from typing import Any

from grader.gradebook.writer import GradebookWriter
from grader.grades.booked import read_booked
from grader.grades.to_mark import waiting

MARKED, OPEN = "question-shift_curves", "question-failing_recipe"


def regraded(bench: Any, blocks: float) -> None:
    """The checks have changed: the same submission gets other points."""
    assert GradebookWriter(bench.course).write(bench.work(points={"blocks": blocks})).written


def marked(bench: Any, text: str) -> None:
    """A submission that is graded, and one of its answers marked and commented on, as formgrader stores it."""
    bench.submit(notebook=bench.answered(text))
    regraded(bench, 5.0)
    bench.mark(MARKED, manual_score=0.5)
    with bench.gradebook() as gradebook:
        gradebook.find_comment(MARKED, "digits", "digits", "ada").manual_comment = "Which curve?"
        gradebook.db.commit()


def what_waits(bench: Any) -> dict[str, tuple[str, ...]]:
    """The parts that wait, each with those whose older mark is there to be seen."""
    return {one.cell: one.marked_before for one in waiting(bench.course, "digits", ["ada"])}


def comment(bench: Any) -> str:
    return read_booked(bench.course, "digits", "ada").comments[MARKED]


def test_mark_and_comment_survive_regrades(bench: Any) -> None:
    marked(bench, "Pooling forgives shifts.")
    for blocks in (2.0, 4.0):
        regraded(bench, blocks)
        rows = bench.grades()
        assert (rows["task-blocks"].auto_score, rows[MARKED].manual_score) == (blocks, 0.5)
        assert comment(bench) == "Which curve?"


def test_answer_with_the_same_text_does_not_wait_again(bench: Any) -> None:
    """Also in a notebook handed in anew, whose other answer has changed."""
    marked(bench, "Pooling forgives shifts.")
    regraded(bench, 2.0)
    assert what_waits(bench) == {OPEN: ()}
    notebook = bench.answered("Pooling forgives shifts.")
    next(cell for cell in notebook.cells if cell["id"] == OPEN).source = "The learning rate, on the loss's evidence."
    bench.submit(notebook=notebook)
    regraded(bench, 2.0)
    assert what_waits(bench) == {OPEN: ()}


def test_answer_with_another_text_waits_with_its_old_mark_in_sight(bench: Any) -> None:
    marked(bench, "Pooling forgives shifts.")
    bench.submit(notebook=bench.answered("Pooling does not forgive shifts."))
    for blocks in (5.0, 2.0):
        regraded(bench, blocks)
        assert what_waits(bench) == {OPEN: (), MARKED: ("ada",)}
        assert bench.grades()[MARKED].manual_score == 0.5 and comment(bench) == "Which curve?"
    assert read_booked(bench.course, "digits", "ada").grades[MARKED].points is None  # no student sees an old mark
