"""The assignment `toolkit`: complex spectra, networks from tables, text, and weights that are given."""

from __future__ import annotations


def check(task: str) -> None:
    """Run a task's public checks on the saved files, in a fresh process, and show what they say."""
    from exercises.checking.fresh import check_in_fresh_process

    check_in_fresh_process("toolkit", task)
