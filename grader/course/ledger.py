"""Remembers every verdict, so that nothing is graded twice and a killed run goes on where it was."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from grader.grading.plan import GradingPlan
from grader.model.faults import Patience, is_lock
from grader.model.private import owner_only
from grader.model.results import Part
from grader.model.submission import Submission

SCHEMA = """
CREATE TABLE IF NOT EXISTS parts (
    submission TEXT NOT NULL,  -- hash of what it is that the group looks at (`GradingPlan.looked_at`)
    checks     TEXT NOT NULL,  -- the group: a task, or the notebook where it was run
    version    TEXT NOT NULL,  -- hash of all that its verdicts rest on beside the submission (`GradingPlan.version`)
    part       TEXT NOT NULL,  -- JSON
    recorded   TEXT NOT NULL,
    PRIMARY KEY (submission, checks, version)
) WITHOUT ROWID
"""
KNOWN = "SELECT part FROM parts WHERE submission = ? AND checks = ? AND version = ?"
RECORD = "INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?, ?)"
# The notebook's outputs may be large: whoever only reads leaves them out.
LATEST = """
SELECT json_remove(part, '$.cells'), version = ? AS present FROM parts
WHERE submission = ? AND checks = ? ORDER BY present DESC, recorded DESC LIMIT 1
"""


class Ledger:
    """Parts of results in one SQLite file; safe to use from several processes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._patience = Patience()

    def known(self, submission: Submission, plan: GradingPlan) -> dict[str, Part]:
        """What has been recorded for this submission under this plan, by group, runs that were asked for among it.

        Of another student's equal bytes it knows what does not follow from the student.

        What cannot be understood, since another version of the grader wrote it, is not known.

        Raises:
            sqlite3.Error: the file cannot be read.
        """
        if not self._path.exists():
            return {}
        found = {}
        with self._open() as database:
            for group in (*plan.groups, *plan.on_demand):
                row = database.execute(
                    KNOWN,
                    (plan.looked_at(submission, group.name), group.name, plan.version(group.name)),
                ).fetchone()
                if row:
                    with suppress(ValueError, TypeError, KeyError, AttributeError):
                        found[group.name] = Part.from_json(row[0])
        return found

    def put(self, submission: Submission, plan: GradingPlan, parts: Iterable[Part]) -> None:
        """Record finished parts, in place of older ones for the same key and version; all of them or none.

        Where a check failed itself the part is left out, so that the next run tries again: the reason may lie in none
        of the files that a version speaks of.

        Raises:
            sqlite3.Error: the file cannot be written, for example on a full disk.
        """
        now = datetime.now(UTC).isoformat(timespec="seconds")
        rows = [
            (plan.looked_at(submission, part.group), part.group, plan.version(part.group), part.to_json(), now)
            for part in parts
            if part.finished and not part.at_fault
        ]
        with self._open() as database, database:
            database.executemany(RECORD, rows)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with owner_only(self._path.parent):  # the file is made here
                opened = sqlite3.connect(self._path, timeout=self._patience.seconds)
            with closing(opened) as database:
                database.execute(SCHEMA)
                yield database
        except sqlite3.Error as error:
            if is_lock(error):
                self._patience.locked()
            raise
        self._patience.free()
