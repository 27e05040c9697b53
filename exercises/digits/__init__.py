"""The assignment `digits`: convolutional networks read handwritten digits."""

from __future__ import annotations

from exercises.checking.fresh import check_in_fresh_process


def check(task: str) -> None:
    """Run a task's public checks on the saved files, in a fresh process, and show what they say."""
    check_in_fresh_process("digits", task)
