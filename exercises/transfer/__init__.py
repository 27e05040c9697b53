"""The assignment `transfer`: what a network has learnt."""

from __future__ import annotations


def check(task: str) -> None:
    """Run a task's public checks on the saved files, in a fresh process, and show what they say."""
    # Here and not above: whoever imports one of the modules, as grading does many times, does not need it.
    from exercises.checking.fresh import check_in_fresh_process

    check_in_fresh_process("transfer", task)
