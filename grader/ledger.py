"""Remembers every result, so that nothing is graded twice and a killed run goes on where it was."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from .results import Graded
from .submission import Submission
from .terms import Terms

SCHEMA = """
CREATE TABLE IF NOT EXISTS results (
    submission TEXT NOT NULL,  -- hash of the submitted bytes
    version    TEXT NOT NULL,  -- hash of the checks, the solution, the framework, torch's version, the seed, the data
    student    TEXT NOT NULL,
    graded     TEXT NOT NULL,  -- JSON
    PRIMARY KEY (submission, version, student)
)
"""


class Ledger:
    """Results by submission and version in one SQLite file; safe to use from several processes."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, submission: Submission, terms: Terms) -> Graded | None:
        if not self._path.exists():
            return None
        with closing(self._connect()) as database:
            row = database.execute(
                "SELECT graded FROM results WHERE submission = ? AND version = ? AND student = ?",
                (submission.hash, terms.version, submission.student),
            ).fetchone()
        return Graded.from_json(row[0]) if row else None

    def put(self, graded: Graded, terms: Terms) -> None:
        """Record a result, in place of an older one for the same submission and version."""
        with closing(self._connect()) as database, database:
            database.execute(
                "INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?)",
                (graded.submission_hash, terms.version, graded.student, graded.to_json()),
            )

    def _connect(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._path, timeout=60)
        database.execute(SCHEMA)
        return database
