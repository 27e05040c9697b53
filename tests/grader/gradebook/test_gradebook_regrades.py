"""What changed since a submission was booked before is said and kept, whoever books."""

from __future__ import annotations

import csv
from typing import Any

import pytest

from exercises.checking import Status
from grader.gradebook.regrades import Change, CheckChange, regrades_file
from grader.gradebook.writer import GradebookWriter
from grader.problems import Kind, Problem


@pytest.fixture
def booked(bench: Any) -> Any:
    bench.submit(notebook=bench.answered())
    assert book(bench) is None  # the first time nothing has changed
    return bench


def book(bench: Any, **changes: Any) -> Change | None:
    outcome = GradebookWriter(bench.course).write(bench.verdicts(**changes))
    assert outcome.written, outcome.error
    change: Change | None = outcome.change
    return change


def lines(bench: Any) -> list[dict[str, str]]:
    path = regrades_file(bench.course, "digits")
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines())) if path.exists() else []


def test_change_names_checks_points_and_sum_and_is_kept(booked: Any) -> None:
    full = sum(verdict.points for verdict in booked.verdicts().verdicts)
    lost = book(booked, points={"blocks": 1.5})
    assert lost is not None
    assert lost.checks == (CheckChange("blocks.check", 5.0, 1.5, "the idea of blocks"),)
    assert (lost.before, lost.after, lost.new) == (full, full - 3.5, False)
    assert book(booked, points={"blocks": 1.5}, problems=(Problem(Kind.ACT, "a note"),)) is None
    gained = book(booked, submission_hash="2" * 64)
    assert gained is not None
    assert (gained.gain, gained.new) == (3.5, True)
    kept = lines(booked)
    assert [(line["student"], line["check"], line["from"], line["to"]) for line in kept] == [
        ("ada", "blocks.check", "5", "1.5"),
        ("ada", "blocks.check", "1.5", "5"),
    ]
    assert [line["submission"] for line in kept] == ["same", "new"]


def test_check_that_came_or_went_has_no_points_on_the_other_side(booked: Any) -> None:
    verdicts = (*booked.verdicts().verdicts[1:], booked.verdict("blocks", 2.0, 2.0, check="blocks.added"))
    change = book(booked, verdicts=verdicts)
    assert change is not None
    gone = booked.verdicts().verdicts[0]
    assert {(one.check, one.before, one.after) for one in change.checks} == {
        (gone.check, gone.points, None),
        ("blocks.added", None, 2.0),
    }


def test_unknown_points_are_no_loss_and_are_compared_when_known_again(booked: Any) -> None:
    fault = booked.verdict("blocks", 0.0, 5.0, status=Status.ERROR)
    assert book(booked, verdicts=(fault,)) is None
    change = book(booked, points={"blocks": 4.0})
    assert change is not None
    assert [(one.before, one.after) for one in change.checks] == [(5.0, 4.0)]


def test_formgraders_button_keeps_changes_too(booked: Any) -> None:
    assert booked.autograde(result=booked.verdicts(points={"blocks": 0.0}))["success"]
    assert [(line["from"], line["to"]) for line in lines(booked)] == [("5", "0")]


def test_change_that_cannot_be_kept_is_not_booked_and_is_said_the_next_time(booked: Any) -> None:
    path = regrades_file(booked.course, "digits")
    path.mkdir()
    outcome = GradebookWriter(booked.course).write(booked.verdicts(points={"blocks": 0.0}))
    assert str(path) in outcome.error
    assert booked.grades()["task-blocks"].auto_score is None
    path.rmdir()
    assert book(booked, points={"blocks": 0.0}) is not None
    assert len(lines(booked)) == 1
