"""What the sandbox raises: its own failures, and the end of a student's process."""

from __future__ import annotations

from exercises.checking.faults import NotFinishedError
from exercises.checking.verdict import Cause


class SandboxError(NotFinishedError):
    """The sandbox itself failed.  Nothing can be said about the submission."""


class ContainerBrokenError(SandboxError):
    """A submission has brought its own container down."""


class SessionEndedError(Exception):
    """A session is over: its process died, was stopped, or broke the protocol.

    Attributes:
        fact:    what happened.
        advice:  what to look for, where it took longer than it may.
        reason:  both, as one line for the student.
        hostile: whether no honest program could have caused it (a broken frame, a forged answer).
        cause:   of the verdicts that it is to blame for.
        who:     whose deed it is, where `fact` is the deed alone.
    """

    def __init__(
        self, fact: str, advice: str = "", hostile: bool = False, cause: Cause = Cause.LOST, who: str = ""
    ) -> None:
        self.fact, self.advice, self.hostile, self.cause = f"{who} {fact}" if who else fact, advice, hostile, cause
        self.reason = f"{self.fact}: {advice}" if advice else self.fact
        self._deed = fact if who else ""
        super().__init__(self.reason)

    def as_deed_of(self, who: str) -> str:
        """The reason, as something else's deed than the code's."""
        if not self._deed:
            return self.reason
        return f"{who} {self._deed}: {self.advice}" if self.advice else f"{who} {self._deed}"
