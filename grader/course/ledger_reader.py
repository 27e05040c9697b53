"""Reads what the ledger keeps on a submission, without changing it: under the present plan, or else the latest."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from grader.grading.plan import GradingPlan, NotPreparedError
from grader.model.results import Part
from grader.model.submission import Submission

from .ledger import LATEST


@dataclass(frozen=True)
class Kept:
    """A part as it was recorded; `older` if the checks, or what they rest on, have changed since."""

    part: Part
    older: bool


class Reader:
    """Parts of one assignment, by submission.

    Args:
        plan: the present one; where the course lacks what a verdict rests on, no part is present.
    """

    def __init__(self, database: sqlite3.Connection, plan: GradingPlan) -> None:
        self._database, self._plan = database, plan
        self._versions = {group.name: _version(plan, group.name) for group in plan.groups}

    def parts(self, submission: Submission) -> dict[str, Kept]:
        """What is kept on this submission, by group; what cannot be understood is left out.

        Raises:
            sqlite3.Error: the ledger cannot be read.
        """
        found = {}
        for name, version in self._versions.items():
            looked_at = self._plan.looked_at(submission, name)
            row = self._database.execute(LATEST, (version, looked_at, name)).fetchone()
            if row:
                with suppress(ValueError, TypeError, KeyError, AttributeError):
                    found[name] = Kept(Part.from_json(row[0]), older=not row[1])
        return found


def _version(plan: GradingPlan, group: str) -> str:
    try:
        return plan.version(group)
    except NotPreparedError:
        return ""  # no part has this one


@contextmanager
def open_ledger(path: Path, plan: GradingPlan) -> Iterator[Reader | None]:
    """The ledger, opened to read only; None where there is none yet, since nothing was graded."""
    if not path.is_file():
        yield None
        return
    with closing(sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro", uri=True, timeout=30)) as database:
        yield Reader(database, plan)
