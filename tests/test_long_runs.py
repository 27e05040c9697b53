"""What begins first is there, and what is not begun in time is said by file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.long_runs import LONGEST, BeginWithin, longest_first

ROOT = Path(__file__).parents[1]


class Item:
    """As much of a test as is asked for."""

    def __init__(self, file: str, name: str = "test") -> None:
        self.location = (file, 0, name)


def test_files_that_take_longest_are_there() -> None:
    assert [name for name in LONGEST if not (ROOT / name).is_file()] == []


def test_longest_begin_first_and_all_else_stays_in_its_order() -> None:
    items = [Item("tests/b.py", "2"), Item("tests/b.py", "1"), Item(LONGEST[1]), Item("tests/a.py"), Item(LONGEST[0])]
    longest_first(items)  # type: ignore[arg-type]
    assert [item.location[::2] for item in items] == [
        (LONGEST[0], "test"),
        (LONGEST[1], "test"),
        ("tests/b.py", "2"),
        ("tests/b.py", "1"),
        ("tests/a.py", "test"),
    ]


def test_no_test_begins_once_the_time_is_over() -> None:
    BeginWithin(60).pytest_runtest_setup(Item("tests/a.py"))  # type: ignore[arg-type]
    with pytest.raises(pytest.skip.Exception, match=r"NOT BEGUN within -1 s: tests/a\.py"):
        BeginWithin(-1).pytest_runtest_setup(Item("tests/a.py"))  # type: ignore[arg-type]
