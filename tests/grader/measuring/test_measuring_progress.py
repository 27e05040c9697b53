"""How far a measurement is, in a terminal and elsewhere."""

from __future__ import annotations

import io

from rich.console import Console

from grader.measuring.progress import rows


def test_without_a_terminal_a_line_comes_every_half_minute_and_at_the_end() -> None:
    now = 0.0
    shown = Console(file=io.StringIO(), width=40)
    with rows(shown, lambda: now) as begin:
        row = begin("digits", 100)
        for k in range(100):
            now += 1.0
            row.advance(f"answer_{k}")
        row.move(100)  # asked for once more
    assert shown.file.getvalue().splitlines() == [  # type: ignore[attr-defined]
        "digits: 30 of 100, 0:00:30 (answer_29)",
        "digits: 60 of 100, 0:01:00 (answer_59)",
        "digits: 90 of 100, 0:01:30 (answer_89)",
        "digits: 100 of 100, 0:01:40 (answer_99)",
    ]


def test_in_a_terminal_each_row_is_a_bar() -> None:
    shown = Console(file=io.StringIO(), width=120, force_terminal=True)
    with rows(shown) as begin:
        first, second = begin("digits", 2), begin("spoken_digits", 5)
        first.advance("one")
        first.advance("two")
        second.move(3)
    last = shown.file.getvalue()  # type: ignore[attr-defined]
    assert "digits two" in last
    assert "2/2" in last
    assert "3/5" in last
