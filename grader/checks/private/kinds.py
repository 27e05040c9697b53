"""Which data a course can be judged on, and whether they lie on this machine."""

from __future__ import annotations

from datasets import load_digits, load_speech

READERS = {"mnist": load_digits, "fsdd": load_speech}


def require_source(assignment: str, source: str) -> None:
    """Whether all data that trainings of this assignment are judged on lie on this machine.

    Raises:
        datasets.DataError: some do not; the message says what to do.
    """
    if source in READERS:
        READERS[source](source)
