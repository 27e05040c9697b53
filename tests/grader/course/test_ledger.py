"""The ledger: what is known, for which bytes, under which plan; and how a result is put together from its parts."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from exercises.checking import Status, Verdict
from grader.course.ledger import Ledger
from grader.grading.checked import fingerprint
from grader.grading.checked.plan import CheckedPlan
from grader.model.problems import Kind, Problem, missing
from grader.model.results import Graded, Part
from grader.model.submission import Submission
from grader.repository import REPOSITORY

VERDICT = Verdict("blocks.skip", "blocks", "an idea", Status.PARTLY, 0.5, 1.0, got="ü", seconds=0.1)
SUBMISSION = Submission("a", "digits", {"blocks": b"x = 1\n"}, b"{}")
PLAN = CheckedPlan("digits", seed=3)
NOTE = Problem(Kind.ACT, "a note")
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


def test_equal_bytes_of_two_students_are_graded_once(tmp_path: Path) -> None:
    assert set(filled(tmp_path).known(replace(SUBMISSION, student="b"), PLAN)) == {"blocks", "notebook"}


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


def test_ledger_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.db"
    path.write_text("not a database, but somebody's text, longer than a header of a database would be" * 20)
    before = path.read_bytes()
    with pytest.raises(sqlite3.DatabaseError):
        Ledger(path).known(SUBMISSION, PLAN)
    assert path.read_bytes() == before


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the code that verdicts rest on, to change."""
    for folder in ("exercises", "datasets", "grader", "solutions"):
        shutil.copytree(REPOSITORY / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(fingerprint, "REPOSITORY", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("changed", "groups"),
    [
        ("grader/checks/digits/pooling.py", {"pooling"}),
        ("exercises/digits/checks/blocks.py", {"blocks"}),
        ("exercises/digits/checks/source.py", {"receptive_field", "pooling", "blocks", "classifier", "accuracy"}),
        ("grader/checks/trainee.py", {"receptive_field", "pooling", "blocks", "classifier", "accuracy"}),
        ("exercises/digits/digits.ipynb", {"notebook"}),
        ("exercises/digits/assignment.toml", set()),
        ("README.md", set()),
    ],
)
def test_changed_file_makes_new_only_what_rests_on_it(copy: Path, changed: str, groups: set[str]) -> None:
    everything = ("receptive_field", "pooling", "blocks", "classifier", "accuracy", "notebook")

    def versions() -> dict[str, str]:
        fingerprint._code_version.cache_clear()
        return {group: PLAN.version(group) for group in everything}

    before = versions()
    with open(copy / changed, "a") as file:
        file.write("\n")
    after = versions()
    fingerprint._code_version.cache_clear()
    assert {group for group in everything if before[group] != after[group]} == groups


def test_solution_and_framework_change_every_group(copy: Path) -> None:
    for changed in ("solutions/digits/blocks.py", "exercises/checking/expect.py", "grader/sandbox/wire.py"):
        fingerprint._code_version.cache_clear()
        before = PLAN.version("pooling")
        with open(copy / changed, "a") as file:
            file.write("\n")
        fingerprint._code_version.cache_clear()
        assert PLAN.version("pooling") != before, changed
    fingerprint._code_version.cache_clear()


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
