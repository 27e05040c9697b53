"""What is booked already is not booked again, as long as nothing has changed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from exercises.checking import Status
from grader.course.handed_in import note_collected
from grader.gradebook.writer import GradebookWriter
from grader.model.problems import Kind, Problem


@pytest.fixture
def booked(bench: Any) -> Any:
    bench.submit(notebook=bench.answered())
    assert GradebookWriter(bench.course).write(bench.work()).written
    return bench


def stands(bench: Any, **changes: Any) -> bool:
    return GradebookWriter(bench.course).stands(bench.verdicts(**changes))


def test_booked_result_stands_and_another_does_not(booked: Any) -> None:
    assert stands(booked)
    assert not stands(booked, points={"blocks": 1.5})
    assert not stands(booked, problems=(Problem(Kind.TAMPERING, "a note"),))
    assert not stands(booked, student="bob")


def test_nothing_stands_in_a_course_without_gradebook(bench: Any) -> None:
    bench.course.gradebook.unlink()
    assert not stands(bench)
    assert not bench.course.gradebook.exists()


def test_changed_score_lost_notebook_or_new_time_does_not_stand(booked: Any) -> None:
    booked.mark("task-blocks", auto_score=0.0)
    assert not stands(booked)
    booked.mark("task-blocks", auto_score=5.0)
    assert stands(booked)
    note_collected(booked.course, "digits", "ada", datetime(2027, 1, 1, tzinfo=UTC))
    assert not stands(booked)
    assert GradebookWriter(booked.course).write(booked.work()).written
    assert stands(booked)
    (booked.course.root / "autograded" / "ada" / "digits" / "digits.ipynb").unlink()
    assert not stands(booked)


def test_mark_by_hand_leaves_it_standing(booked: Any) -> None:
    booked.mark("question-shift_curves", manual_score=1.0)
    assert stands(booked)


def test_failed_or_unfinished_booking_does_not_stand(booked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.gradebook.steps.show_verdicts.task_outputs", lambda *_: 1 / 0)
    assert not GradebookWriter(booked.course).write(booked.work()).written
    monkeypatch.undo()
    assert not stands(booked)
    fault = booked.verdict("blocks", 0.0, 5.0, status=Status.ERROR)
    unfinished = booked.work(verdicts=(fault,))
    assert GradebookWriter(booked.course).write(unfinished).written
    assert not GradebookWriter(booked.course).stands(unfinished.graded)


def test_formgraders_button_books_what_stands(bench: Any) -> None:
    bench.submit(notebook=bench.answered())
    assert bench.autograde()["success"]
    assert stands(bench)
