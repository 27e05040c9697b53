"""Reads what the ledger keeps on a submission, without changing it: under the present plan, or else the latest."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from grader.grading.checked.groups import groups_of
from grader.grading.checked.plan import CheckedPlan
from grader.grading.plan import NOTEBOOK
from grader.model.results import Part
from grader.model.submission import Submission

# The notebook's outputs may be large, and no figure of a report rests on them.
QUERY = """
SELECT json_remove(part, '$.cells'), version = ? AS present FROM parts
WHERE submission = ? AND checks = ? ORDER BY present DESC, recorded DESC LIMIT 1
"""


@dataclass(frozen=True)
class Kept:
    """A part as it was recorded; `older` if the checks, or what they rest on, have changed since."""

    part: Part
    older: bool


class Reader:
    """Parts of one assignment, by submission.

    Args:
        plan: the present one; None where the course has no secret, so that nothing can be present.
    """

    def __init__(self, database: sqlite3.Connection, assignment: str, plan: CheckedPlan | None) -> None:
        self._database = database
        self._groups = [group.name for group in groups_of(assignment)]
        self._versions = {name: plan.version(name) if plan else "" for name in self._groups}

    def parts(self, submission: Submission) -> dict[str, Kept]:
        """What is kept on these bytes, by group; what cannot be understood is left out.

        Raises:
            sqlite3.Error: the ledger cannot be read.
        """
        found = {}
        for name in self._groups:
            # as the ledger keys them: checks look at the modules alone
            looked_at = submission.hash if name == NOTEBOOK else submission.modules_hash
            row = self._database.execute(QUERY, (self._versions[name], looked_at, name)).fetchone()
            if row:
                with suppress(ValueError, TypeError, KeyError, AttributeError):
                    found[name] = Kept(Part.from_json(row[0]), older=not row[1])
        return found


@contextmanager
def open_ledger(path: Path, assignment: str, plan: CheckedPlan | None) -> Iterator[Reader | None]:
    """The ledger, opened to read only; None where there is none yet, since nothing was graded."""
    if not path.is_file():
        yield None
        return
    with closing(sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro", uri=True, timeout=30)) as database:
        yield Reader(database, assignment, plan)
