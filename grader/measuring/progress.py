"""How far a long measurement is: bars in a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

LINE_EVERY_S = 30.0  # without a terminal


class Row:
    """One measurement of several: `move` says how much of it is done.

    Args:
        tell: is called with how much is done, and in words what was done last.
    """

    def __init__(self, tell: Callable[[int, str], None]) -> None:
        self.done = 0
        self._tell = tell

    def move(self, done: int, latest: str = "") -> None:
        """That many are done now, the latest of them this one."""
        self.done = done
        self._tell(done, latest)

    def advance(self, latest: str = "") -> None:
        """One more is done."""
        self.move(self.done + 1, latest)


@contextmanager
def rows(console: Console, clock: Callable[[], float] = time.monotonic) -> Iterator[Callable[[str, int], Row]]:
    """Gives a function that begins a row, by its label and how many there are to do.

    Without a terminal, a row prints a line after every LINE_EVERY_S seconds in which something was done, and one when
    all is done.
    """
    if not console.is_terminal:
        yield lambda label, total: Row(_lines(console, label, total, clock))
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as progress:

        def begin(label: str, total: int) -> Row:
            bar = progress.add_task(label, total=total)

            def tell(done: int, latest: str) -> None:
                words = f"{label} {latest}"[:40].ljust(40) if latest else label
                progress.update(bar, completed=done, description=words)

            return Row(tell)

        yield begin


def _lines(console: Console, label: str, total: int, clock: Callable[[], float]) -> Callable[[int, str], None]:
    began = said = clock()
    before = 0

    def tell(done: int, latest: str) -> None:
        nonlocal said, before
        now = clock()
        if done > before and (done >= total or now - said >= LINE_EVERY_S):
            said, before = now, done
            passed = timedelta(seconds=round(now - began))
            words = f"{label}: {done} of {total}, {passed}{f' ({latest})' if latest else ''}"
            console.print(words, markup=False, highlight=False, soft_wrap=True)

    return tell
