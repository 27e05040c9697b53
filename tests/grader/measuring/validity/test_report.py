"""From cells and fates to counts, scores and the bars that are missed."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from exercises.checking import Status, Verdict
from grader.authoring.dependents import dependents
from grader.measuring.rests_on import RestsOn, read_rests_on, validity_rests_on
from grader.measuring.validity import measure
from grader.measuring.validity.faults import Faults
from grader.measuring.validity.harmless import Harmless
from grader.measuring.validity.jobs import Job, Outcome
from grader.measuring.validity.matrix import matrices
from grader.measuring.validity.mutate import Mutant
from grader.measuring.validity.page import updated
from grader.measuring.validity.report import MadeWith, Validity
from grader.measuring.validity.right import RightRow, judge_right
from grader.measuring.validity.run import write
from grader.measuring.validity.scores import check_scores, task_scores
from grader.measuring.validity.show import show
from grader.measuring.validity.survivors import Fate
from grader.measuring.validity.wrong import (
    FAILED,
    FAULT,
    LEFT_OUT,
    MISSED,
    NOT_RUN,
    PASSED,
    SURPRISE,
    WrongRow,
    judge_wrong,
)

MADE = MadeWith("2030-01-15", 3, 0, "2.11", RestsOn({"pooling": "12"}, {"torch": "2.11"}, "34"))


def verdict(check: str, status: Status, points: float = 0.0) -> Verdict:
    return Verdict(check, check.split(".")[0], "", status, points, 1.0)


def mutant(line: int, after: str = "pass") -> Mutant:
    return Mutant("pooling", "MaxPool1d.forward", line, line, "return x", after, after)


def row(name: str, **cells: str) -> WrongRow:
    return WrongRow(name, "", "pooling", {f"pooling.{check}": cell for check, cell in cells.items()})


def validity(**parts: object) -> Validity:
    empty = {"checks": ("pooling.max_1d",), "right": (), "wrong": (), "fates": (), "tasks": (), "scores": ()}
    return Validity("digits", MADE, **{**empty, **parts})  # type: ignore[arg-type]


def test_mistake_counts_as_named_only_where_nothing_else_happens() -> None:
    assert row("a", max_1d=FAILED, gradient=NOT_RUN, max_2d=PASSED).by_named_check
    missed = row("b", max_1d=FAILED, gradient=MISSED)
    assert missed.caught and not missed.by_named_check and missed.unexpected == ("pooling.gradient",)
    assert not row("c", max_1d=FAILED, gradient=SURPRISE).by_named_check
    assert not row("d", max_1d=MISSED, gradient=LEFT_OUT).caught


def test_cells_compare_verdicts_with_what_the_mistake_says() -> None:
    def run(jobs: list[Job]) -> list[Outcome]:
        job = next(job for job in jobs if job.name == "pooling_over_channels")
        said = {check: Status.PASSED for check in job.checks}
        said |= {
            "pooling.max_1d": Status.NOT_RUN,
            "pooling.max_shape_1d": Status.FAILED,
            "blocks.skip_2d": Status.FAILED,
        }
        return [Outcome(job.name, tuple(verdict(check, status) for check, status in said.items()))]

    (found,) = judge_wrong("digits", False, run)  # type: ignore[arg-type]
    assert found.cells["pooling.max_1d"] == NOT_RUN
    assert found.cells["pooling.max_shape_1d"] == FAILED
    assert found.cells["pooling.max_2d"] == PASSED
    assert found.cells["accuracy.hidden_test"] == LEFT_OUT
    said_nothing = ("pooling.max_1d_example", "pooling.gradient_1d")
    assert found.unexpected == (*said_nothing, "blocks.skip_2d")


def test_right_answer_needs_every_check_on_every_seed() -> None:
    def run(jobs: list[Job]) -> list[Outcome]:
        statuses = {job.name: Status.FAILED if job.name == "slices/1" else Status.PASSED for job in jobs}
        return [Outcome(name, (verdict("pooling.max_1d", status),)) for name, status in statuses.items()]

    rows = {one.name: one for one in judge_right("digits", [0, 1], [], run)}  # type: ignore[arg-type]
    assert rows["solution"].full_marks
    assert rows["slices"].misses == ("seed 1: pooling.max_1d: failed: ",)


def test_right_answer_with_points_that_are_proposed_is_right_and_it_is_said() -> None:
    def run(jobs: list[Job]) -> list[Outcome]:
        one = replace(verdict("pooling.max_1d", Status.PASSED), proposed="a person decides")
        return [Outcome(job.name, (one,)) for job in jobs]

    row = next(judge_right("digits", [0, 1], [], run))  # type: ignore[arg-type]
    assert row.full_marks and row.proposed == ("pooling.max_1d: a person decides",)
    found = validity(right=(row,))
    assert found.misses() == () and found.to_json()["right"] == {"total": 1, "full_marks": 1}
    assert "| yes; proposed: pooling.max_1d: a person decides |" in updated("", found)


def test_scores_leave_harmless_survivors_out() -> None:
    found = (
        Fate(mutant(10, "a"), "pooling", ("pooling.max_1d", "pooling.gradient")),
        Fate(mutant(10, "b"), "pooling", ("pooling.max_1d",)),
        Fate(mutant(10, "c"), "pooling", ("blocks.skip",), elsewhere=True),
        Fate(mutant(20, "d"), "pooling", (), harmless="it is the same"),
        Fate(mutant(20, "e"), "pooling"),
    )
    (task,) = task_scores("digits", found)
    assert (task.mutants, task.harmless, task.killed, task.elsewhere, task.score) == (5, 1, 3, 1, 0.75)
    solution = Outcome("solution", (), {"pooling.max_1d": {"pooling": [10]}, "pooling.gradient": {"pooling": [10, 20]}})
    first, second = check_scores(("pooling.max_1d", "pooling.gradient"), found, solution)
    assert (first.mutants, first.killed, first.itself, first.alone, first.score) == (3, 3, 2, 1, 1.0)
    assert (second.mutants, second.killed, second.itself, second.alone, second.score) == (4, 3, 1, 0, 0.75)


def test_bars_that_are_missed_are_named() -> None:
    hole = Fate(mutant(20), "pooling")
    found = validity(
        right=(RightRow("slices", "", ("seed 1: pooling.max_1d: failed",)), RightRow("strided", "")),
        wrong=(row("a", max_1d=FAILED), row("b", max_1d=MISSED)),
        fates=(hole,),
        tasks=task_scores("digits", (hole,)),
        stale=(Harmless("pooling", "", "x", "y", "why"),),
    )
    said = " / ".join(found.misses())
    for words in ("slices", "of 2 mistakes 1", "mistake b: pooling.max_1d", "task pooling: 0.0%", "survives"):
        assert words in said
    assert "no survivor: pooling.py" in said
    counts = found.to_json()
    assert counts["right"] == {"total": 2, "full_marks": 1}
    assert counts["wrong"] == {"total": 2, "caught": 1, "by_named_check": 1, "not_judged": ()}
    assert counts["mutation_score"] == 0.0
    assert validity().misses() == ()


def test_a_check_at_fault_is_told_once_with_its_traceback_and_says_nothing_of_the_mistake(tmp_path: Path) -> None:
    def failing(jobs: Sequence[Job]) -> list[Outcome]:
        fault = {"status": Status.ERROR, "fault": "KeyError: 'a' (pooling.py, line 3)", "note": "Traceback: all of it"}
        return [Outcome(job.name, (replace(verdict("pooling.view", Status.ERROR), **fault),)) for job in jobs]  # type: ignore[arg-type]

    faults = Faults()
    run = faults.noted(failing)
    rows = {one.name: one for one in judge_wrong("digits", False, run)}
    cells = rows["pooling_over_channels"].cells
    assert cells["pooling.view"] == FAULT and "pooling.view" not in rows["pooling_over_channels"].unexpected
    (fault,) = faults.all()
    assert len(fault.answers) == len(rows) and fault.traceback == "Traceback: all of it"
    words = "the check pooling.view failed itself: KeyError: 'a' (pooling.py, line 3); on "
    found = validity(faults=(fault,))
    (missed,) = found.misses()
    assert missed.startswith(words) and missed.endswith(f" and {len(rows) - 3} more")
    assert updated("", found).count("Traceback: all of it") == 1 == found.to_json()["faults"].__len__()
    out = io.StringIO()
    show(found, Console(file=out, width=120))
    assert out.getvalue().count("Traceback: all of it") == 1


def test_page_and_terminal_say_how_it_was_judged_and_what_that_leaves_out() -> None:
    for boxed, words in ((True, "judged in the sandbox, as submissions are graded"), (False, "what does not travel")):
        found = replace(validity(), made=replace(MADE, boxed=boxed))
        out = io.StringIO()
        show(found, Console(file=out, width=300))
        assert (
            words in out.getvalue() and words in updated("", found) and found.to_json()["made_with"]["boxed"] is boxed
        )


def test_right_answer_of_which_a_person_would_be_told_misses() -> None:
    def run(jobs: Sequence[Job]) -> list[Outcome]:
        return [Outcome(job.name, (), told=("the notebook was stopped",)) for job in jobs]

    assert {one.misses for one in judge_right("digits", [3], [], run)} == {("seed 3: the notebook was stopped",)}


def test_matrix_shows_the_mistakes_that_touch_a_task() -> None:
    found = validity(wrong=(row("a", max_1d=FAILED), row("b", max_1d=PASSED)))
    (matrix,) = matrices(found)
    assert [(one.name, signs) for one, signs in matrix.rows] == [("a", FAILED)]
    assert matrix.legend() == "1 max_1d"
    assert "| a | pooling | x |" in updated("", found)


def test_measuring_one_assignment_leaves_what_is_written_of_another(tmp_path: Path) -> None:
    data, docs = tmp_path / "build" / "validity.json", tmp_path / "docs" / "validity.md"
    spoken, first = replace(validity(), assignment="spoken_digits"), validity(right=(RightRow("slices", ""),))
    for found in (spoken, first, validity()):
        write(found, data, docs)
    assert list(json.loads(data.read_text(encoding="utf-8"))) == ["spoken_digits", "digits"]
    text = docs.read_text(encoding="utf-8")
    assert updated(text, spoken) == text == updated(updated("", validity()), spoken)
    record = json.loads(docs.with_suffix(".json").read_text(encoding="utf-8"))
    assert {name: read_rests_on(one) for name, one in record.items()} == dict.fromkeys(record, MADE.rests_on)
    assert record["digits"]["seeds"] == 3 and list(record) == ["spoken_digits", "digits"]
    assert text.index("\n## digits\n") < text.index("\n## spoken_digits\n") and "slices" not in text


def test_what_the_results_rest_on_is_read_when_measuring_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    now = validity_rests_on("digits", training=True)
    for name in ("judge_right", "judge_wrong", "all_mutants", "fates"):
        monkeypatch.setattr(measure, name, lambda *_, **__: [])
    monkeypatch.setattr(measure, "run_jobs", lambda jobs: [Outcome(job.name, ()) for job in jobs])
    found = measure.measure("digits", 1, 1, lambda jobs: [Outcome(job.name, ()) for job in jobs])
    assert found.made.rests_on == now and list(now.tasks)[-1] == "accuracy"
    untrained = measure.measure("digits", 1, 0, lambda jobs: [Outcome(job.name, ()) for job in jobs])
    assert list(untrained.made.rests_on.tasks) == ["receptive_field", "pooling", "blocks", "classifier"]


def test_harmless_entry_fits_its_mutant_alone() -> None:
    entry = Harmless("pooling", "MaxPool1d.forward", "return x", "pass", "why")
    assert entry.fits(mutant(10))
    assert not entry.fits(mutant(10, "return y"))


def test_dependents_are_found_through_imports() -> None:
    files = {"a": "", "b": "from .a import x", "c": "from .b import y", "d": "from elsewhere import a"}
    assert dependents(files) == {"a": ("b", "c"), "b": ("c",), "c": (), "d": ()}
