"""The ledger: what is known, for which bytes, under which plan; and how a result is put together from its parts."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from exercises.checking import Cause, Status, Verdict
from grader.course.ledger import Ledger
from grader.course.ledger_reader import open_ledger
from grader.grading.adopted.plan import AdoptedPlan
from grader.grading.checked.plan import CheckedPlan
from grader.model.problems import Kind, Problem, missing
from grader.model.results import Graded, Part
from grader.model.submission import Submission

VERDICT = Verdict(
    "blocks.skip",
    "blocks",
    "an idea",
    Status.PARTLY,
    0.5,
    1.0,
    got="ü",
    seconds=0.1,
    cause=Cause.WRONG,
    about="a part",
    where=("blocks.py", 12),
    source="return x",
    measured={"digits": 0.1 + 0.2},
    due={"digits": 0.85},
)
SUBMISSION = Submission("a", "digits", {"blocks": b"x = 1\n"}, b"{}")
PLAN = CheckedPlan("digits", seed=3)
NOTE = Problem(Kind.TAMPERING, "a note")
BLOCKS = Part("blocks", (VERDICT,), problems=(NOTE,), cpu_s=1.5, wall_s=2.5)
NOTEBOOK = Part("notebook", cells={"cell-1": [{"output_type": "stream", "name": "stdout", "text": "hello"}]})


def filled(tmp_path: Path) -> Ledger:
    ledger = Ledger(tmp_path / "verdicts.db")
    ledger.put(SUBMISSION, PLAN, [BLOCKS, NOTEBOOK])
    return ledger


def test_parts_come_back_as_they_were(tmp_path: Path) -> None:
    assert Ledger(tmp_path / "verdicts.db").known(SUBMISSION, PLAN) == {}
    assert filled(tmp_path).known(SUBMISSION, PLAN) == {"blocks": BLOCKS, "notebook": NOTEBOOK}


def test_other_bytes_or_terms_are_not_known(tmp_path: Path) -> None:
    ledger = filled(tmp_path)
    assert ledger.known(replace(SUBMISSION, modules={"blocks": b"x = 2\n"}), PLAN) == {}
    assert ledger.known(SUBMISSION, CheckedPlan("digits", seed=4)) == {}
    assert ledger.known(SUBMISSION, CheckedPlan("digits", seed=3, source="mnist")) == {}


def test_equal_bytes_of_another_student_are_graded_for_themselves(tmp_path: Path) -> None:
    """Their private data differ; a run of the notebook has none, and is kept for both."""
    ledger, theirs = filled(tmp_path), replace(SUBMISSION, student="b")
    assert set(ledger.known(theirs, PLAN)) == {"notebook"}
    with open_ledger(tmp_path / "verdicts.db", PLAN) as reader:
        assert reader is not None and reader.parts(theirs) == {} and set(reader.parts(SUBMISSION)) == {"blocks"}
    other = replace(BLOCKS, verdicts=(replace(VERDICT, points=1.0),))
    ledger.put(theirs, PLAN, [other])
    assert ledger.known(theirs, PLAN)["blocks"] == other and ledger.known(SUBMISSION, PLAN)["blocks"] == BLOCKS


def test_an_adopted_notebook_is_graded_once_for_equal_bytes() -> None:
    mine = Submission("a", "week1", {}, None, files={"sums.ipynb": b"{}"})
    theirs = replace(mine, student="b")
    plan = AdoptedPlan("week1")
    assert plan.looked_at(mine, "sums") == plan.looked_at(theirs, "sums")


def test_new_notebook_leaves_the_checks_known(tmp_path: Path) -> None:
    assert set(filled(tmp_path).known(replace(SUBMISSION, notebook=b"[]"), PLAN)) == {"blocks"}


def test_later_part_takes_the_place_of_the_earlier(tmp_path: Path) -> None:
    ledger = filled(tmp_path)
    later = replace(BLOCKS, verdicts=(replace(VERDICT, points=1.0, status=Status.PASSED),))
    ledger.put(SUBMISSION, PLAN, [later])
    assert ledger.known(SUBMISSION, PLAN) == {"blocks": later, "notebook": NOTEBOOK}


def test_part_that_the_grader_could_not_finish_is_not_remembered(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "verdicts.db")
    ledger.put(SUBMISSION, PLAN, [replace(BLOCKS, finished=False)])
    assert ledger.known(SUBMISSION, PLAN) == {}


@pytest.mark.parametrize("field", ["cause", "where", "status"])
def test_row_of_an_older_grader_is_graded_again(tmp_path: Path, field: str) -> None:
    ledger = filled(tmp_path)
    row = json.loads(BLOCKS.to_json())
    del row["verdicts"][0][field]
    with closing(sqlite3.connect(tmp_path / "verdicts.db")) as database, database:
        database.execute("UPDATE parts SET part = ? WHERE checks = 'blocks'", (json.dumps(row),))
    assert ledger.known(SUBMISSION, PLAN) == {"notebook": NOTEBOOK}
    with open_ledger(tmp_path / "verdicts.db", PLAN) as reader:
        assert reader is not None and reader.parts(SUBMISSION) == {}  # runs that were asked for give no points


def test_ledger_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.db"
    path.write_text("not a database, but somebody's text, longer than a header of a database would be" * 20)
    before = path.read_bytes()
    with pytest.raises(sqlite3.DatabaseError):
        Ledger(path).known(SUBMISSION, PLAN)
    assert path.read_bytes() == before


def test_a_part_with_a_check_at_fault_is_tried_again(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "verdicts.db")
    fault = replace(VERDICT, status=Status.ERROR, points=0.0, fault="KeyError: 'a'")
    ledger.put(SUBMISSION, PLAN, [replace(BLOCKS, verdicts=(fault,)), NOTEBOOK])
    assert list(ledger.known(SUBMISSION, PLAN)) == ["notebook"]
    ledger.put(SUBMISSION, PLAN, [replace(BLOCKS, verdicts=(replace(fault, fault=""),))])  # a person decides that one
    assert sorted(ledger.known(SUBMISSION, PLAN)) == ["blocks", "notebook"]


def test_result_is_the_sum_of_its_parts() -> None:
    submission = replace(SUBMISSION, problems=(missing("digits.ipynb"),))
    graded = Graded.of(submission, [BLOCKS, replace(NOTEBOOK, problems=(NOTE,))])
    assert graded.verdicts == (VERDICT,) and graded.cells == NOTEBOOK.cells and graded.cpu_s == 1.5
    assert graded.problems == (missing("digits.ipynb"), NOTE)


def test_digest_tells_results_apart_but_not_by_their_time() -> None:
    graded = Graded.of(SUBMISSION, [BLOCKS])
    slower = Graded.of(SUBMISSION, [replace(BLOCKS, verdicts=(replace(VERDICT, seconds=9.0),), cpu_s=9.0)])
    other = Graded.of(SUBMISSION, [replace(BLOCKS, verdicts=(replace(VERDICT, hint="another"),))])
    assert slower.digest == graded.digest != other.digest


def test_points_of_a_task_are_unknown_where_the_grader_failed() -> None:
    fault = replace(VERDICT, check="blocks.other", status=Status.ERROR, points=0.0)
    extra = replace(VERDICT, check="blocks.extra", extra=True, points=0.25)
    graded = replace(Graded.of(SUBMISSION, []), verdicts=(VERDICT, extra))
    assert graded.task_points("blocks") == 0.5 and graded.extra_points("blocks") == 0.25
    assert graded.task_points("pooling") is None
    assert replace(graded, verdicts=(VERDICT, fault)).task_points("blocks") is None
    assert replace(graded, verdicts=(VERDICT, fault)).unfinished and not graded.unfinished
