"""What changed since a submission was booked before is said and kept, whoever books."""

from __future__ import annotations

import csv
from typing import Any

import pytest

from exercises.checking import Status
from grader.gradebook.point_changes import Change, CheckChange, regrades_file
from grader.gradebook.writer import GradebookWriter
from grader.model.problems import Kind, Problem


@pytest.fixture
def booked(bench: Any) -> Any:
    bench.submit(notebook=bench.answered())
    assert book(bench) is None  # the first time nothing has changed
    return bench


def book(bench: Any, **changes: Any) -> Change | None:
    outcome = GradebookWriter(bench.course).write(bench.work(**changes))
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
    assert book(booked, points={"blocks": 1.5}, problems=(Problem(Kind.TAMPERING, "a note"),)) is None
    (booked.submit(notebook=booked.answered()) / "exercises/digits/blocks.py").write_text("ANSWER = 2\n")
    gained = book(booked)
    assert gained is not None
    assert (gained.gain, gained.new) == (3.5, True)
    kept = lines(booked)
    assert [(line["student"], line["check"], line["from"], line["to"]) for line in kept] == [
        ("ada", "blocks.check", "5", "1.5"),
        ("ada", "blocks.check", "1.5", "5"),
    ]
    assert [line["submission"] for line in kept] == ["same", "new"]


def test_a_task_whose_checks_are_others_now_is_compared_as_a_whole(booked: Any) -> None:
    def blocks(**points: float) -> tuple[Any, ...]:
        return tuple(booked.verdict("blocks", value, 5.0, check=f"blocks.{name}") for name, value in points.items())

    others = tuple(one for one in booked.verdicts().verdicts if one.task != "blocks")
    assert book(booked, verdicts=(*others, *blocks(skip=3.0, values=2.0))) is None  # 5 points, as before
    lost = book(booked, verdicts=(*others, *blocks(skip_1d=1.5, skip_2d=0.0, values=2.0, extra=0.0)))
    assert lost is not None and lost.gain == -1.5
    assert lost.checks == (CheckChange("blocks", 5.0, 3.5, by=("blocks.skip_2d", "blocks.extra")),)
    gained = book(booked, verdicts=(*others, *blocks(skip=3.0, values=2.0, extra=0.0)))
    assert gained is not None and gained.checks == (CheckChange("blocks", 3.5, 5.0, by=("blocks.skip_2d",)),)
    assert [(line["check"], line["from"], line["to"]) for line in lines(booked)] == [
        ("blocks", "5", "3.5"),
        ("blocks", "3.5", "5"),
    ]
    assert lines(booked)[0]["idea"] == "its checks are others now; by blocks.skip_2d, blocks.extra"


def test_a_task_that_came_or_went_has_no_points_on_the_other_side(booked: Any) -> None:
    rest = tuple(one for one in booked.verdicts().verdicts if one.task != "blocks")
    verdicts = (*rest, booked.verdict("added", 2.0, 2.0, check="added.check"))
    change = book(booked, verdicts=verdicts)
    assert change is not None
    assert {(one.check, one.before, one.after) for one in change.checks} == {
        ("blocks", 5.0, None),
        ("added", None, 2.0),
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
    outcome = GradebookWriter(booked.course).write(booked.work(points={"blocks": 0.0}))
    assert str(path) in outcome.error
    assert booked.grades()["task-blocks"].auto_score is None
    path.rmdir()
    assert book(booked, points={"blocks": 0.0}) is not None
    assert len(lines(booked)) == 1
