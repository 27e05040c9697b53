"""What a check can do with a thing that stays with the student's code, wherever that runs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from .errors import StudentError

MAX_ITEMS = 10_000  # that a check goes through: an iterator may never end


class NoLengthError(StudentError, TypeError):
    """As Python has it, so that `list` and the like go on without a length."""


class Thing:
    """A thing that is called and read where it is; it has no truth value and no equality.

    It has the length, the items and the iteration of what it stands for: each item is asked for when it is due.
    """

    __hash__ = None  # type: ignore[assignment]

    def _ask(self, question: str, *rest: Any) -> Any:
        """Have a function of `exercises.checking.probe` look at a thing."""
        raise NotImplementedError

    def __len__(self) -> int:
        try:
            length = self._ask("length", self)
        except StudentError as error:
            if "TypeError" not in error.kinds:
                raise
            raise NoLengthError(error.summary, error.kinds, error.where, cause=error.cause, about=error.about) from None
        if type(length) is not int or not 0 <= length <= sys.maxsize:
            raise StudentError("its length is no whole number from 0")
        return length

    def __getitem__(self, key: Any) -> Any:
        return self._ask("item", self, key)

    def __iter__(self) -> Iterator[Any]:
        iterator = self._ask("iterator", self)
        for _ in range(MAX_ITEMS + 1):  # that there are no more, the last one says
            found = self._ask("following", iterator)
            if type(found) is not tuple or len(found) > 1:
                raise StudentError("its items cannot be read")
            if not found:
                return
            yield found[0]
        raise StudentError(f"it has more than {MAX_ITEMS:,} items: does it ever end?")

    def __bool__(self) -> bool:
        raise TypeError("a student's object has no truth value: compare tensors or plain values")

    def __eq__(self, other: object) -> bool:
        raise TypeError("a student's object is never compared: compare tensors or plain values")
