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
    """

    def __init__(self, fact: str, advice: str = "", hostile: bool = False, cause: Cause = Cause.LOST) -> None:
        self.fact, self.advice, self.hostile, self.cause = fact, advice, hostile, cause
        self.reason = f"{fact}: {advice}" if advice else fact
        super().__init__(self.reason)
