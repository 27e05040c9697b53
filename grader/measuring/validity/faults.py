"""Checks that failed themselves while answers were judged: each fault once, with the answers that led to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from exercises.checking import Status

from .jobs import Job, Outcome, Run

MAX_NAMES = 3  # of answers, in words


@dataclass(frozen=True)
class Fault:
    """A check that failed itself.

    Attributes:
        what:      what it raised, and where.
        traceback: of the first time.
        answers:   the names of those that it was run on.
    """

    check: str
    what: str
    traceback: str
    answers: tuple[str, ...]

    def __str__(self) -> str:
        more = len(self.answers) - MAX_NAMES
        names = ", ".join(self.answers[:MAX_NAMES]) + (f" and {more} more" if more > 0 else "")
        return f"the check {self.check} failed itself: {self.what}; on {names}"


class Faults:
    """Collects them from what the stages have run."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], Fault] = {}

    def noted(self, run: Run) -> Run:
        """The same way to run jobs; the faults are noted here."""

        def noting(jobs: Sequence[Job]) -> Iterator[Outcome]:
            for outcome in run(jobs):
                self._note(outcome)
                yield outcome

        return noting

    def all(self) -> tuple[Fault, ...]:
        """Each once, sorted by check."""
        return tuple(sorted(self._found.values(), key=lambda fault: (fault.check, fault.what)))

    def _note(self, outcome: Outcome) -> None:
        for verdict in outcome.verdicts:
            if verdict.status is Status.ERROR:
                key = verdict.check, verdict.fault
                before = self._found.get(key, Fault(*key, verdict.note, ()))
                self._found[key] = replace(before, answers=(*before.answers, outcome.name))
