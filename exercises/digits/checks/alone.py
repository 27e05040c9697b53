"""One mistake costs once: what is made of blocks is judged with the student's, and else with stand-ins for them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from exercises.checking import Expect
from exercises.checking.alone import judge_or_alone

Run = Callable[[Any, Any, Expect], None]
MADE_OF_BLOCKS = {"blocks": "ConvBlock2d", "classifier": "CNNClassifier2d"}


def alone_too(run: Run) -> Run:
    """A check that judges ConvBlock2d or CNNClassifier2d as it is, and where that fails, made of stand-ins."""

    @functools.wraps(run)
    def both(student: Any, solution: Any, expect: Expect) -> None:
        judge_or_alone(lambda: run(student, solution, expect), lambda: run(_MadeOfStandIns(student), solution, expect))

    return both


class _MadeOfStandIns:
    """A student whose ConvBlock2d and CNNClassifier2d are made of stand-ins (`standins.py`)."""

    def __init__(self, student: Any) -> None:
        self._student = student

    def __getattr__(self, name: str) -> Any:
        if name in MADE_OF_BLOCKS:
            return _Module(self._student, name)
        return getattr(self._student, name)


class _Module:
    def __init__(self, student: Any, module: str) -> None:
        self._student, self._module = student, module

    def __getattr__(self, name: str) -> Any:
        found = getattr(getattr(self._student, self._module), name)
        return self._student.standins.Alone(found, name) if name == MADE_OF_BLOCKS[self._module] else found
