"""Compares the Python that runs here with the one that an assignment says it is graded with."""

from __future__ import annotations

import sys

from exercises.assignment import Assignment
from exercises.syntax import version

RUNNING_VERSION = (sys.version_info[0], sys.version_info[1])


def too_old(facts: Assignment, running: tuple[int, int] = RUNNING_VERSION) -> str:
    """What to do where this Python is older: students were told that it reads what it cannot.  Empty if it is not."""
    if running >= version(facts.python):
        return ""
    return f"{_words(facts, running)}: grade with Python {facts.python}, or write python = {_text(running)!r} there"


def newer(facts: Assignment, running: tuple[int, int] = RUNNING_VERSION) -> str:
    """What to consider where this Python is newer: it reads more than students are told.  Empty if it is not."""
    if running <= version(facts.python):
        return ""
    return f"{_words(facts, running)}: where every machine that grades has it, write python = {_text(running)!r} there"


def _words(facts: Assignment, running: tuple[int, int]) -> str:
    return f"{facts.name}/assignment.toml says that Python {facts.python} grades, and this is {_text(running)}"


def _text(running: tuple[int, int]) -> str:
    return ".".join(map(str, running))
