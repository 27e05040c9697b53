"""The simulated cohort: deterministic, varied, with points due that follow from the galleries."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from exercises.cells import questions_of
from grader import repository
from grader.authoring.cohort import (
    MODEL_OUTPUTS,
    NO_OUTPUTS,
    STOPPED,
    UNREADABLE,
    Simulated,
    cohort,
    hand_in,
    held,
    held_in_words,
)
from grader.authoring.galleries import right_answers, wrong_answers
from grader.authoring.saved_outputs import saved_outputs
from grader.course.folder import Course
from grader.grading.checked.groups import graded_checks
from grader.notebook.submitted import StudentCell, read_cells


@pytest.fixture(scope="module")
def students() -> list[Simulated]:
    return cohort("digits", 70)


def test_cohort_is_the_same_on_every_run(students: list[Simulated]) -> None:
    assert cohort("digits", 70) == students
    assert len({one.student for one in students}) == 70


def test_cohort_holds_right_wrong_and_damaged_submissions(students: list[Simulated]) -> None:
    full = sum(check.points for check in graded_checks("digits"))
    assert sum(one.total == (full, full) for one in students) >= len(right_answers("digits"))
    assert sum(one.total[1] < full for one in students) >= 30
    assert sum(one.notebook is None for one in students) >= 2
    assert len({tuple(one.modules.values()) for one in students}) >= 40


def test_points_due_are_those_of_the_checks_that_catch_the_mistake() -> None:
    mistakes = {answer.description: answer for answer in wrong_answers("digits")}
    for one in cohort("digits", 70):
        found = [mistake for text, mistake in mistakes.items() if text in one.story]
        for check, (low, high) in one.due.items():
            caught = any(mistake.catches(check) for mistake in found)
            assert (high == 0.0) == caught or check == "accuracy.hidden_test", (one.story, check)
            assert low <= high


def test_difference_from_what_is_due_is_said(students: list[Simulated]) -> None:
    one = students[0]
    points = {check: high for check, (_, high) in one.due.items()}
    assert one.as_due(points)
    first = next(iter(points))
    assert not one.as_due({**points, first: points[first] - 0.25})
    assert first in one.differences({**points, first: points[first] - 0.25})[0]
    del points[first]
    assert not one.as_due(points)


def test_notebooks_are_saved_with_the_outputs_that_are_given_and_it_is_said() -> None:
    shown = [{"output_type": "stream", "name": "stdout", "text": "87 %"}]
    students = cohort("digits", 16, {"cell-002": shown})
    assert held(students) == {MODEL_OUTPUTS: 9, NO_OUTPUTS: 3, UNREADABLE: 3, STOPPED: 1}
    assert held_in_words(students).startswith("16 hand in notebooks: 9 with the outputs of the model solution, 3 ")
    for one in students:
        cells = read_cells(one.notebook or b"")
        with_outputs = [cell for cell in cells if cell.outputs and cell.cell_type == "code"]
        assert bool(with_outputs) == (one.saved in (MODEL_OUTPUTS, STOPPED)), one.story
        errors = [cell for cell in with_outputs if cell.outputs[0]["output_type"] == "error"]
        assert bool(errors) == (one.saved == STOPPED) and all(map(is_asked, errors))


def is_asked(cell: StudentCell) -> bool:
    return bool(questions_of(cell.tags))


@pytest.mark.slow
def test_outputs_of_the_model_solution_are_made_once_and_show_what_questions_are_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = saved_outputs("digits")
    notebook = json.loads(repository.notebook("digits").read_bytes())
    for cell in notebook["cells"]:
        if questions_of(cell["metadata"].get("tags", [])):
            assert any("image/png" in output.get("data", {}) for output in found[cell["id"]])
    monkeypatch.setattr("grader.authoring.saved_outputs.grade_groups", None)  # nothing runs again
    assert saved_outputs("digits") == found


def test_hand_in_lays_out_what_nbgrader_and_the_grader_read(tmp_path: Path, students: list[Simulated]) -> None:
    course = Course(tmp_path)
    assert hand_in(course, "digits", students[:3]) == 3
    submission = course.submission("digits", students[0].student)
    assert submission.notebook == students[0].notebook
    assert {name: content.decode() for name, content in submission.modules.items()} == students[0].modules
