"""Extra credit, and marks that a person has given."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from nbgrader.utils import parse_utc

from exercises.checking import Status
from grader.course.folder import Course
from grader.course.handed_in import collected_at, note_collected
from grader.gradebook.steps.book import extra_credit
from grader.grades.exports import Options
from grader.grades.exports import csv as csv_form
from grader.grades.table import read_table
from grader.grades.total import Grade, Total

#                      current, booked, earned -> in the gradebook, ours
EXTRA = {
    "none earned": (None, None, 0.0, None, 0.0),
    "first earned": (None, None, 1.0, 1.0, 1.0),
    "ours replaces ours": (1.0, 1.0, 0.5, 0.5, 0.5),
    "ours is taken back": (1.0, 1.0, 0.0, None, 0.0),
    "a person's own before ours": (0.5, None, 1.0, 1.5, 1.0),
    "a person's own on top": (1.5, 1.0, 1.0, 1.5, 1.0),
    "a person's own stays when ours goes": (1.5, 1.0, 0.0, 0.5, 0.0),
    "a person lowered it": (0.25, 1.0, 1.0, 0.25, 1.0),
    "a person removed it": (None, 1.0, 1.0, None, 1.0),
    "a removal outlives a regrade without it": (None, 1.0, 0.0, None, 1.0),
    "rounding is nobody's credit": (0.1 + 0.2, 0.3, 0.3, 0.3, 0.3),
}


@pytest.mark.parametrize(("current", "booked", "earned", "after", "ours"), EXTRA.values(), ids=EXTRA.keys())
def test_extra_credit_keeps_what_a_person_entered(
    current: float | None, booked: float | None, earned: float, after: float | None, ours: float
) -> None:
    assert extra_credit(current, booked, earned) == (after, ours)


def with_extra(bench: Any, earned: float, **changes: Any) -> Any:
    base = bench.verdicts().verdicts
    bonus = bench.verdict("pooling", earned, 1.0, check="pooling.stochastic", extra=True, **changes)
    return bench.verdicts(verdicts=(*base, bonus))


def test_extra_credit_is_booked_beside_the_points(bench: Any) -> None:
    bench.submit(notebook=bench.released())
    bench.autograde(result=with_extra(bench, 1.0))
    row = bench.grades()["task-pooling"]
    assert (row.auto_score, row.extra_credit) == (3.0, 1.0)
    assert bench.grades()["task-blocks"].extra_credit is None


def test_extra_credit_of_a_ta_survives_regrades(bench: Any) -> None:
    bench.submit(notebook=bench.released())
    bench.autograde(result=with_extra(bench, 1.0))
    bench.mark("task-pooling", extra_credit=1.5)
    bench.mark("task-blocks", extra_credit=0.25)
    for earned, expected in ((1.0, 1.5), (0.0, 0.5), (1.0, 1.5)):
        bench.autograde(result=with_extra(bench, earned))
        rows = bench.grades()
        assert (rows["task-pooling"].extra_credit, rows["task-blocks"].extra_credit) == (expected, 0.25)


def test_extra_credit_that_could_not_be_checked_waits_and_keeps_the_old(bench: Any) -> None:
    bench.submit(notebook=bench.released())
    bench.autograde(result=with_extra(bench, 1.0))
    bench.autograde(result=with_extra(bench, 0.0, status=Status.ERROR))
    row = bench.grades()["task-pooling"]
    assert (row.auto_score, row.extra_credit, row.needs_manual_grade) == (3.0, 1.0, True)


def flag(bench: Any, name: str = "question-shift_curves") -> bool:
    return bool(bench.grades()[name].needs_manual_grade)


def test_marked_answer_is_not_asked_for_again_while_its_text_is_unchanged(bench: Any) -> None:
    bench.submit(notebook=bench.answered("Pooling forgives shifts."))
    bench.autograde()
    assert flag(bench)
    bench.mark("question-shift_curves", manual_score=0.5)
    bench.autograde()
    bench.autograde()
    assert not flag(bench) and bench.grades()["question-shift_curves"].manual_score == 0.5
    assert flag(bench, "question-failing_recipe")  # nobody has marked this one


def test_changed_answer_is_asked_for_again_until_it_is_marked(bench: Any) -> None:
    bench.submit(notebook=bench.answered("First."))
    bench.autograde()
    bench.mark("question-shift_curves", manual_score=0.5)
    bench.submit(notebook=bench.answered("Second."))
    for _ in range(3):  # the mark is of another text, however often this one is regraded
        bench.autograde()
        assert flag(bench)
    bench.submit(notebook=None)
    for _ in range(2):
        bench.autograde()
        assert flag(bench)
    bench.mark("question-shift_curves", manual_score=0.0)
    bench.autograde()
    assert not flag(bench)


def test_task_marked_by_hand_is_asked_for_again_only_when_its_points_change(bench: Any) -> None:
    bench.submit(notebook=bench.released())
    bench.autograde(result=bench.verdicts(points={"blocks": 2.0}))
    bench.mark("task-blocks", manual_score=4.0)
    bench.autograde(result=bench.verdicts(points={"blocks": 2.0}))
    assert not flag(bench, "task-blocks")
    bench.autograde(result=bench.verdicts(points={"blocks": 3.0}))
    assert flag(bench, "task-blocks")


def test_ungradable_task_marked_by_hand_stays_marked(bench: Any) -> None:
    broken = bench.verdicts(verdicts=(bench.verdict("blocks", 0.0, 5.0, status=Status.ERROR),))
    bench.submit(notebook=bench.released())
    bench.autograde(result=broken)
    bench.mark("task-blocks", manual_score=3.0)
    bench.autograde(result=broken)
    row = bench.grades()["task-blocks"]
    assert (row.auto_score, row.manual_score, row.needs_manual_grade) == (None, 3.0, False)


def test_time_of_submission_replaces_what_the_student_wrote(tmp_path: Path) -> None:
    """Formgrader compares the file with the gradebook; a link in its place must not lead our writing elsewhere."""
    course = Course(tmp_path)
    folder = course.submitted("digits", "ada")
    folder.mkdir(parents=True)
    (tmp_path / "precious").write_text("precious")
    (folder / "timestamp.txt").symlink_to(tmp_path / "precious")
    when = datetime(2027, 1, 15, 12, 30, tzinfo=UTC)
    note_collected(course, "digits", "ada", when)
    assert (tmp_path / "precious").read_text() == "precious"
    assert parse_utc((folder / "timestamp.txt").read_text()) == collected_at(course, "digits", "ada")


REASON = "the network cannot be recorded (classifier.py, line 31: x = x.item())"


def proposing(bench: Any, points: float = 3.0, reason: str = REASON) -> Any:
    """Full points, but for those of the blocks, which are proposed."""
    others = tuple(one for one in bench.verdicts().verdicts if one.task != "blocks")
    return bench.verdicts(verdicts=(*others, bench.verdict("blocks", points, 5.0, proposed=reason)))


def test_points_that_are_proposed_are_shown_and_wait_for_a_person(bench: Any) -> None:
    bench.submit(notebook=bench.answered())
    bench.autograde(result=proposing(bench))
    rows = bench.grades()
    assert (rows["task-blocks"].auto_score, rows["task-blocks"].needs_manual_grade) == (3.0, True)
    assert not rows["task-pooling"].needs_manual_grade
    for name in ("question-shift_curves", "question-failing_recipe"):
        bench.mark(name, manual_score=0.5)
    with bench.gradebook() as gradebook:
        found = gradebook.find_submission_notebook("digits", "digits", "ada").grades
        assert Total.of(map(Grade.of, found)).points is None  # as every export has it: blank
    shown = json.dumps(bench.autograded()["task-blocks"]["outputs"])
    assert f"a person will look at these points before they count: {REASON}" in shown
    path = bench.course.root / "grades.csv"
    csv_form.write(read_table(bench.course, "digits"), path, Options())
    (row,) = csv.DictReader(path.read_text().splitlines())
    assert (row["blocks"], row["total"]) == ("", "") and row["pooling"] == "3"


def test_points_that_a_person_has_entered_for_a_proposal_stay(bench: Any) -> None:
    bench.submit(notebook=bench.released())
    bench.autograde(result=proposing(bench))
    bench.mark("task-blocks", manual_score=1.0)
    for reason in (REASON, "the audit disagrees"):  # of the same submission, for the same points
        bench.autograde(result=proposing(bench, reason=reason))
        row = bench.grades()["task-blocks"]
        assert (row.auto_score, row.manual_score, row.needs_manual_grade) == (3.0, 1.0, False)
    bench.autograde(result=proposing(bench, points=4.0))
    assert flag(bench, "task-blocks") and bench.grades()["task-blocks"].manual_score == 1.0


def test_proposal_that_a_later_grading_does_without_waits_no_more(bench: Any) -> None:
    bench.submit(notebook=bench.released())
    bench.autograde(result=proposing(bench))
    bench.autograde(result=bench.verdicts(points={"blocks": 3.0}))
    assert not flag(bench, "task-blocks")
    bench.autograde(result=proposing(bench))
    assert flag(bench, "task-blocks")


def test_extra_credit_that_is_proposed_waits_too(bench: Any) -> None:
    bench.submit(notebook=bench.released())
    bench.autograde(result=with_extra(bench, 1.0, proposed=REASON))
    row = bench.grades()["task-pooling"]
    assert (row.auto_score, row.extra_credit, row.needs_manual_grade) == (3.0, 1.0, True)
    bench.autograde(result=with_extra(bench, 0.0, proposed=REASON))  # nothing is proposed
    assert not flag(bench, "task-pooling")
