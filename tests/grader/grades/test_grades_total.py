"""One total of a grade: table, nbgrader's export, feedback and report say the same, whatever is in the gradebook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbgrader.api import Gradebook

from exercises.assignment import load_assignment
from grader.course.lateness import read_lateness
from grader.feedback.contents import gather as gather_feedback
from grader.grades.exports.nbgrader import submission_scores
from grader.grades.table import rows
from grader.grades.total import Grade, Total
from grader.report.facts import gather as gather_report
from tests.grader.feedback.conftest import bench, built_course
from tests.grader.feedback.feedback_bench import STUDENT, Bench

__all__ = ["bench", "built_course"]  # fixtures: a course with one submission

CELLS = [f"task-{task.name}" for task in load_assignment("digits").tasks]
CELLS += [f"question-{question.name}" for question in load_assignment("digits").questions]
POINTS = st.sampled_from([0.0, 0.1, 0.25, 0.7, 1.125, 2.35, 4.0])
GRADES = st.builds(Grade, st.none() | POINTS, POINTS, POINTS)


@dataclass(frozen=True)
class Booked:
    """What nbgrader's row of one cell holds."""

    auto_score: float | None
    manual_score: float | None
    extra_credit: float | None
    needs_manual_grade: bool


OPEN = st.sampled_from([False] * 19 + [True])
ROWS = st.builds(Booked, POINTS, st.none() | POINTS, st.none() | POINTS, OPEN)
SUBMISSIONS = st.fixed_dictionaries({cell: ROWS for cell in CELLS})


@given(st.lists(GRADES, max_size=8), POINTS, st.integers())
def test_total_spreads_what_is_not_known_and_is_never_below_zero(
    grades: list[Grade], penalty: float, seed: int
) -> None:
    total = Total.of(grades, penalty)
    assert (total.points is None) == (total.before_penalty is None) == any(grade.points is None for grade in grades)
    assert total.so_far == max(0.0, total.earned - penalty) >= 0
    assert total.points in (None, total.so_far)
    assert total.earned == pytest.approx(sum(g.points + g.extra for g in grades if g.points is not None))
    assert total.waiting == pytest.approx(sum(g.maximum for g in grades if g.points is None))
    assert Total.of(Random(seed).sample(grades, len(grades)), penalty) == total  # to the last digit


@pytest.mark.parametrize(
    ("row", "points", "by_hand"),
    [
        (Booked(2.0, None, None, False), 2.0, False),
        (Booked(2.0, 0.0, None, False), 0.0, True),
        (Booked(2.0, 4.0, None, True), None, False),  # the mark is of another text
        (Booked(None, None, None, True), None, False),
        (Booked(None, None, None, False), None, False),
    ],
)
def test_grade_is_a_persons_mark_or_else_the_checks(row: Booked, points: float | None, by_hand: bool) -> None:
    row_of_nbgrader = type("Row", (), {**vars(row), "max_score": 5.0})
    assert Grade.of(row_of_nbgrader) == Grade(points, 5.0, 0.0, by_hand)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SUBMISSIONS, st.sampled_from(["no rule", "a plugin of the course's", "a rule"]))
def test_the_four_readers_say_the_same_total(bench: Bench, booked: dict[str, Booked], late: str) -> None:
    course = bench.course
    course.settings.write_text("[late]\npenalty_per_day = 0.1\n" if late == "a rule" else "")
    with bench.gradebook() as gradebook:
        put(gradebook, booked, penalty=7.25 if late == "a plugin of the course's" else None)
    with bench.gradebook() as gradebook:
        exported = submission_scores(gradebook, read_lateness(course), "digits", STUDENT)
    [row] = rows(course, "digits")
    [reported] = gather_report(course, "digits").grades
    feedback = gather_feedback(course, bench.graded).total
    assert exported[1:] == (row.before_penalty, row.late_penalty, row.total)
    assert (reported.before_penalty, reported.late_penalty, reported.total) == exported[1:]
    assert (feedback.before_penalty, feedback.penalty, feedback.points) == exported[1:]
    assert (row.total is None) == any(one.needs_manual_grade for one in booked.values())
    assert late == "no rule" or row.late_penalty > 0 or feedback.earned == 0


def put(gradebook: Gradebook, booked: dict[str, Booked], penalty: float | None) -> None:
    """Book these rows, of a submission that came a day and an hour late."""
    submission = gradebook.find_submission("digits", STUDENT)
    submission.assignment.duedate, submission.timestamp = datetime(2030, 1, 15), datetime(2030, 1, 16, 1)
    for notebook in submission.notebooks:
        notebook.late_submission_penalty = penalty
        for grade in notebook.grades:
            for name, value in vars(booked[grade.name]).items():
                setattr(grade, name, value)
    gradebook.db.commit()
