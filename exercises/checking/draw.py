"""Where checks draw numbers from: sizes, kernels, values.

At home a check draws the same numbers each time.  While it grades, they come from the course's private seed, so that no
answer can be written down.  Each check draws by its own id and by a topic: an edit of one check moves no other's draws.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

HOME = 0

_in_force: ContextVar[tuple[int, str]] = ContextVar("in_force", default=(HOME, ""))


@contextmanager
def drawing(check: str, seed: int = HOME) -> Iterator[None]:
    """What is drawn in here is drawn by the check of this id, from this seed."""
    token = _in_force.set((seed, check))
    try:
        yield
    finally:
        _in_force.reset(token)


def seed_for(topic: object) -> int:
    """The seed in force, mixed with the check that runs and a topic: 0 … 2**63 - 1."""
    words = "/".join(map(str, (*_in_force.get(), topic)))
    return int.from_bytes(hashlib.sha256(words.encode()).digest()[:8], "big") >> 1


def draw(topic: object = "") -> random.Random:
    """Where a check draws sizes, kernels and the like from; the topic tells its draws apart.

    `draw("kernel").choice((3, 5, 7))`.
    """
    return random.Random(seed_for(topic))
