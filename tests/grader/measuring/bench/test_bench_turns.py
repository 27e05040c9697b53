"""Contenders that take turns."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from grader.measuring.bench import turns
from grader.measuring.bench.turns import Turns, rounds


def test_contenders_alternate_in_their_order(tmp_path: Path) -> None:
    seen: list[tuple[str, int]] = []

    def work(name: str) -> None:
        mine = Turns(str(tmp_path), ("first", "second"), name)
        for number in range(3):
            with mine.turn(number):
                seen.append((name, number))

    threads = [threading.Thread(target=work, args=(name,)) for name in ("second", "first")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [(name, number) for number in range(3) for name in ("first", "second")]


def test_program_outside_the_order_never_waits(tmp_path: Path) -> None:
    alone = Turns(str(tmp_path), ("first", "second"), "another")
    with alone.turn(5):
        pass
    assert alone.waited_s < 1


def test_contender_that_never_comes_ends_the_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE_S", 0.1)
    with pytest.raises(TimeoutError, match="first-0"), Turns(str(tmp_path), ("first", "second"), "second").turn(0):
        pass


def test_contender_that_fails_ends_the_wait_at_once(tmp_path: Path) -> None:
    with pytest.raises(KeyError), Turns(str(tmp_path), ("first", "second"), "first").turn(0):
        raise KeyError("a submission")
    second = Turns(str(tmp_path), ("first", "second"), "second")
    with pytest.raises(RuntimeError, match="first has failed"), second.turn(0):
        pass


def test_rounds_hold_everybody_once_the_first_ones_apart() -> None:
    students = [f"student-{number}" for number in range(11)]
    found = rounds(students, 2, 4)
    assert found[0] == students[:2] and [one for part in found for one in part] == students
    assert {len(part) for part in found[1:]} == {2, 3}


def test_fewer_students_than_rounds_leave_no_empty_round() -> None:
    assert rounds(["a", "b", "c"], 1, 4) == [["a"], ["b"], ["c"]]


def test_each_job_has_a_partner_until_a_rounds_end() -> None:
    students = [f"student-{number}" for number in range(40)]
    found = rounds(students, 2, 4)
    assert [len(part) for part in found] == [2, 8, 10, 10, 10] and [one for part in found for one in part] == students
