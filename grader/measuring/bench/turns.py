"""Contenders take turns, round by round, so that a machine that is slow for minutes is slow for all of them.

They are programs of their own; what they know of each other is a folder, where each leaves a file after each round.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

POLL_S = 0.05
PATIENCE_S = 1800.0
FAILED = "failed"


@dataclass
class Turns:
    """One contender's view.

    Attributes:
        folder:   where the files lie.
        order:    the contenders' names, in the order of their turns.
        me:       this contender's name; one that is not in the order never waits.
        waited_s: how long it has waited for others until now.
    """

    folder: str
    order: tuple[str, ...]
    me: str
    waited_s: float = field(default=0.0, init=False)

    @contextmanager
    def turn(self, number: int) -> Iterator[None]:
        """Wait until round `number` (from 0) is ours, then hold it for the block.

        Raises:
            TimeoutError: the others do not come to an end.
            RuntimeError: one of them has failed in its turn.
        """
        begin = time.monotonic()
        if self.me in self.order:
            here = self.order.index(self.me)
            due = [self._file(name, number) for name in self.order[:here]]
            due += [self._file(name, number - 1) for name in self.order[here + 1 :] if number > 0]
            while not all(file.exists() for file in due):
                if failed := [name for name in self.order if self._file(name, FAILED).exists()]:
                    raise RuntimeError(f"{failed[0]} has failed")
                if time.monotonic() - begin > PATIENCE_S:
                    raise TimeoutError(f"waited {PATIENCE_S:.0f} s for {[str(file) for file in due]}")
                time.sleep(POLL_S)
        self.waited_s += time.monotonic() - begin
        try:
            yield
        except BaseException:
            self._file(self.me, FAILED).touch()  # or the others would wait for nothing
            raise
        self._file(self.me, number).touch()

    def _file(self, name: str, number: int | str) -> Path:
        return Path(self.folder, f"{name}-{number}")


def rounds(students: list[str], first: int, count: int) -> list[list[str]]:
    """The first students by themselves, the others in so many rounds of nearly the same size, in their order.

    Sizes are multiples of `first`, the number of jobs, as far as they can be: a job without a partner at the end of
    each round would be counted as slowness, and a batch has only one end.
    """
    others = students[first:]
    turns = -(-len(others) // first)
    cuts = [turns * number // count * first for number in range(count + 1)]
    parts = [others[begin:end] for begin, end in pairwise(cuts)]
    return [students[:first], *(part for part in parts if part)]
