"""Same in, same out: what counts as a difference."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from exercises.checking import Status, Verdict
from grader.grading.checked.plan import CheckedPlan
from grader.measuring import repeat
from grader.measuring.repeat import differences, repeated
from grader.model.problems import missing
from grader.model.results import Graded
from grader.model.submission import Submission

VERDICT = Verdict("blocks.skip", "blocks", "An idea", Status.PASSED, 1.0, 1.0, seconds=0.1)
GRADED = Graded("a", "digits", "hash", (VERDICT,), {"cell": [{"text": "1"}]}, (missing("b.py"),))


def test_only_processor_time_may_change() -> None:
    assert differences(GRADED, replace(GRADED, verdicts=(replace(VERDICT, seconds=9.0),), cpu_s=3.0)) == []


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (replace(GRADED, verdicts=(replace(VERDICT, points=0.5),)), 'blocks.skip: {"points": [1.0, 0.5]}'),
        (replace(GRADED, problems=()), "problems: b.py is missing, and none"),
    ],
)
def test_everything_that_is_told_counts(other: Graded, words: str) -> None:
    assert differences(GRADED, other) == [words]


def test_each_time_is_compared_with_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    def grade(submission: Submission, plan: CheckedPlan) -> Graded:
        calls.append(submission.student)
        third = calls.count("student-001") == 3 and submission.student == "student-001"
        return replace(GRADED, student=submission.student, verdicts=(replace(VERDICT, points=0.0 if third else 1.0),))

    monkeypatch.setattr(repeat, "grade", grade)
    found = list(repeated("digits", 2, 3, make_pool=lambda: ThreadPoolExecutor(1)))
    assert [(time, student) for time, student, _ in found] == [
        (1, "student-001"), (1, "student-002"), (2, "student-002"), (2, "student-001"), (3, "student-001"),
        (3, "student-002"),
    ]  # fmt: skip
    assert [bool(changed) for _, _, changed in found] == [False, False, False, False, True, False]


def test_a_part_of_the_cohort_is_spread_over_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeat, "grade", lambda submission, plan: replace(GRADED, student=submission.student))
    found = list(repeated("digits", 70, 2, every=30, make_pool=lambda: ThreadPoolExecutor(1)))
    assert {student for _, student, _ in found} == {"student-001", "student-031", "student-061"}
