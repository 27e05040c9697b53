"""An answer of more bytes than travel is a finding about the answer, told alike at home and when it is graded.

One of too many parts stays where it is, as a thing with a length and items: `plain.kind_of` says how many.
"""

from __future__ import annotations

import contextlib
from typing import Any

from .errors import StudentError
from .plain import ANSWER_WORDS, MAX_DEPTH, STAYS, Room, TooLargeError, kind_of, simple

MB = 1 << 20
ENOUGH = 1 << 60  # bytes, of which there is room for all


def room_for_answer(answer_mb: int) -> Room:
    """Room for an answer in an assignment that lets so many MB of tensors through."""
    return Room(size=answer_mb * MB)


def refuse_excess(value: Any, answer_mb: int) -> None:
    """Say of an answer, for which there was no room, how large it is; not where it has too many parts.

    Raises:
        StudentError: its tensors and arrays have more bytes than travel.
    """
    room = Room(4 * ANSWER_WORDS, ENOUGH)
    with contextlib.suppress(TooLargeError):  # of its parts the first ones say enough
        _take(value, room)
    bytes_mb = (ENOUGH - room.size) / MB
    if bytes_mb > answer_mb:
        size = f"{bytes_mb:,.0f}" if bytes_mb >= answer_mb + 1 else f"{bytes_mb:,.2f}"
        words = f"the answer has {size} MB, and at most {answer_mb} MB travel: what makes it so large?"
        raise StudentError(words, ("TooLargeError",))


def _take(value: Any, room: Room, depth: int = 0) -> None:
    """Take the room that a value needs, as `plain.seen` does, and copy nothing."""
    found = simple(value)
    kind = type(found)
    if found is STAYS or (depth >= MAX_DEPTH and kind in (tuple, list, dict)):
        room.take(kind_of(value))
        return
    room.take(found)
    if kind in (tuple, list, dict):
        for item in found.values() if kind is dict else found:
            _take(item, room, depth + 1)
