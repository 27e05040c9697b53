"""The ledger: what is known, for which bytes, under which terms."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from exercises.checking import Status, Verdict
from grader.ledger import Ledger
from grader.results import Graded
from grader.submission import Submission
from grader.terms import Terms

VERDICT = Verdict("blocks.skip", "blocks", "an idea", Status.PARTLY, 0.5, 1.0, got="ü", seconds=0.1)
SUBMISSION = Submission("a", "digits", {"blocks": b"x = 1\n"}, b"{}")
TERMS = Terms("digits", seed=3)


def result(submission: Submission) -> Graded:
    cells = {"cell-1": [{"output_type": "stream", "name": "stdout", "text": "hello"}]}
    return Graded(submission.student, "digits", submission.hash, (VERDICT,), cells, ("a note",), 1.5, 2.5)


def test_result_comes_back_as_it_was(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "verdicts.db")
    assert ledger.get(SUBMISSION, TERMS) is None
    ledger.put(result(SUBMISSION), TERMS)
    assert ledger.get(SUBMISSION, TERMS) == result(SUBMISSION)


def test_other_bytes_terms_or_student_are_not_known(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "verdicts.db")
    ledger.put(result(SUBMISSION), TERMS)
    assert ledger.get(replace(SUBMISSION, modules={"blocks": b"x = 2\n"}), TERMS) is None
    assert ledger.get(replace(SUBMISSION, student="b"), TERMS) is None
    assert ledger.get(SUBMISSION, Terms("digits", seed=4)) is None
    assert ledger.get(SUBMISSION, Terms("digits", seed=3, source="mnist")) is None


def test_later_result_takes_the_place_of_the_earlier(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "verdicts.db")
    ledger.put(result(SUBMISSION), TERMS)
    later = replace(result(SUBMISSION), verdicts=(replace(VERDICT, points=1.0, status=Status.PASSED),))
    ledger.put(later, TERMS)
    assert ledger.get(SUBMISSION, TERMS) == later


def test_points_of_a_task_are_unknown_where_the_grader_failed() -> None:
    fault = replace(VERDICT, check="blocks.other", status=Status.ERROR, points=0.0)
    extra = replace(VERDICT, check="blocks.extra", extra=True, points=0.25)
    graded = replace(result(SUBMISSION), verdicts=(VERDICT, extra))
    assert graded.task_points("blocks") == 0.5 and graded.extra_points("blocks") == 0.25
    assert graded.task_points("pooling") is None
    assert replace(graded, verdicts=(VERDICT, fault)).task_points("blocks") is None
    assert replace(graded, verdicts=(VERDICT, fault)).unfinished and not graded.unfinished
