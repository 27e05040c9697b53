"""The table and the lines of a batch that goes on."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from grader.batch.desk import Done
from grader.cli.terminal import progress
from grader.cli.terminal.progress import Tally, graded_with_progress
from grader.course.folder import Course
from grader.model.problems import Kind, Problem

PROBLEM = (Problem(Kind.TAMPERING, "blocks.Skip: [bold]wrote[/] on the channel"),)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_time_left_follows_the_latest_pace() -> None:
    clock = Clock()
    tally = Tally("digits", 200, clock)
    assert tally.left_s is None
    for _ in range(100):  # unchanged: no time
        tally.take(Done("ada", None, known=True), ())
    for _ in range(progress.RECENT_SUBMISSIONS):
        clock.now += 2.0
        tally.take(Done("ada", None), ())
    assert tally.left_s == pytest.approx(2.0 * 60)
    clock.now += 30.0
    assert tally.left_s == pytest.approx(90.0)
    assert tally.line() == (
        "grading digits: 140 of 200 done, 100 unchanged, 0 running, 0 need a person; 0:01:50, about 0:01:30 left"
    )


def drawn(tally: Tally) -> str:
    console = Console(file=io.StringIO(), width=100)
    console.print(tally)
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def test_table_has_as_many_lines_for_any_course() -> None:
    tally = Tally("digits", 5000)
    tally.running = 2
    for number in range(1000):
        tally.take(Done(f"student-{number}", None), PROBLEM)
    text = drawn(tally)
    assert all(one in " ".join(text.split()) for one in ("1000/5000 done", "2 running", "1000 need a person"))
    assert "student-999: blocks.Skip: [bold]wrote[/] on the channel" in text and "student-990" not in text
    assert text.count("\n") == 1 + 4 + 1 + progress.MAX_PROBLEMS


def test_without_a_terminal_problems_and_progress_are_plain_lines(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def batch(*_: Any, at_work: Any, **__: Any) -> Iterator[Done]:
        at_work(7)
        yield Done("ada", None, problem="cannot be read")
        yield Done("bob", None, known=True, problem="locked")

    monkeypatch.setattr(progress, "grade_batch", batch)
    monkeypatch.setattr(progress, "LINE_EVERY_S", 0.0)
    out = io.StringIO()
    done = list(graded_with_progress(Course(tmp_path), "digits", ["ada", "bob"], Console(file=out), workers=lambda: 2))
    assert [one.student for one in done] == ["ada", "bob"]
    lines = out.getvalue().splitlines()
    assert lines[0] == "ada: cannot be read" and lines[2] == "bob: locked" and "\x1b" not in out.getvalue()
    assert lines[1].startswith("grading digits: 1 of 2 done, 0 unchanged, 2 running, 1 need a person; ")
    assert lines[3].startswith("grading digits: 2 of 2 done, 1 unchanged")


def test_in_a_terminal_the_last_table_stays(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(progress, "grade_batch", lambda *_, **__: iter([Done("ada", None, problem="cannot be read")]))
    monkeypatch.setenv("TERM", "xterm")
    out = io.StringIO()
    list(graded_with_progress(Course(tmp_path), "digits", ["ada"], Console(file=out, force_terminal=True, width=100)))
    assert "1/1" in out.getvalue() and "ada: cannot be read" in out.getvalue()
