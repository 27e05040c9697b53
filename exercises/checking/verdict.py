"""What a check says about an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """How a check ended.  ERROR is a fault of the grader: it is neither 0 nor full points, a person decides."""

    PASSED = "passed"
    PARTLY = "partly"
    FAILED = "failed"
    NOT_RUN = "not run"
    ERROR = "error"


class Cause(StrEnum):
    """Why an answer did not pass a check that ran."""

    WRONG = "wrong"  # it gives something else than is expected
    NOT_WRITTEN = "not written"
    RAISED = "raised"  # it raised an exception of another kind than the next two, or it cannot be asked
    UNREADABLE = "unreadable"  # Python cannot read a file: a SyntaxError
    NOT_FOUND = "not found"  # it imports what is not there: an ImportError
    ON_IMPORT = "on import"  # a file ended its process, or was stopped, while it was imported
    TOO_LARGE = "too large"  # it gives more than travels in one answer
    STOPPED = "stopped"  # it took more than it may
    CRASHED = "crashed"  # a signal ended its process
    ENDED = "ended"  # it ended its own process, or closed the connection to it
    GIVEN_UP = "given up"  # it is not asked any more: it did not finish before, or it has used up what it may use
    LOST = "lost"  # its process or container is gone with what was asked of, or no answer can be read


@dataclass(frozen=True)
class Verdict:
    """The outcome of one check, ready to be printed, stored as JSON or added up.

    The texts are for people.  Whoever has to tell one verdict from another reads the fields below them.

    Attributes:
        note:     for the TA, never shown to the student.
        fault:    for the TA too: what a check raised that failed itself, and where; empty where another part of the
                  grader failed.
        cause:    why it did not pass; None where it passed, did not run, or the grader failed.
        about:    what the cause is about: the part that is not written, the exception's class, the module that was
                  not found, the file that was imported; empty where nobody knows.  Of a check that did not run, the
                  id of the one that it needs.
        where:    the student's file and line that it happened in.
        source:   that line, as `quoted` puts it into texts; the student's own words.
        measured: what was measured, by name: accuracies from 0 to 1, by the names of their thresholds.
        due:      what is worth full points, by the same names.
        proposed: why the points are only proposed, so that they wait for a person; empty where they are final.
        hints:    further hints, opened one after the other, from a question to the line of thought.
        printed:  the first lines that the student's code printed meanwhile; at home alone, see `printed.py`.
    """

    check: str
    task: str
    idea: str
    status: Status
    points: float
    max_points: float
    extra: bool = False
    expected: str = ""
    got: str = ""
    hint: str = ""
    note: str = ""
    fault: str = ""
    seconds: float = 0.0
    cause: Cause | None = None
    about: str = ""
    where: tuple[str, int] | None = None
    source: str = ""
    measured: Mapping[str, float] = field(default_factory=dict, hash=False)
    due: Mapping[str, float] = field(default_factory=dict, hash=False)
    proposed: str = ""
    printed: str = ""
    hints: tuple[str, ...] = ()

    @property
    def awaits(self) -> str:
        """What the student reads of points that are only proposed; empty where they are final."""
        return self.proposed and f"a person will look at these points before they count: {self.proposed}"

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Verdict:
        """The verdict that `dataclasses.asdict` has turned into JSON.

        Raises:
            KeyError, TypeError, ValueError: another version wrote it, with other fields or other words for a status.
        """
        cause, where = data["cause"], data["where"]
        return cls(
            **{
                **data,
                "status": Status(data["status"]),
                "cause": None if cause is None else Cause(cause),
                "where": None if where is None else (where[0], where[1]),
                "hints": tuple(data.get("hints", ())),  # earlier versions had none
            }
        )


def quoted(where: tuple[str, int], source: str | None = None) -> str:
    """A place as texts quote it: "(blocks.py, line 12: return x)", without a source line "(blocks.py, line 12)"."""
    file, line = where
    return f"({file}, line {line})" if source is None else f"({file}, line {line}: {source})"
