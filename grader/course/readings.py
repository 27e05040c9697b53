"""Remembers what was found in a file of code that was read, so that a cohort is not read anew by each command."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path

from grader.grading.checked import to_read
from grader.grading.checked.to_read import Use, uses_in
from grader.model.private import owner_only

SCHEMA = "CREATE TABLE IF NOT EXISTS readings (version TEXT, file TEXT, uses TEXT, PRIMARY KEY (version, file))"
WAIT_S = 1.0  # for a run that writes there
KNOWN = "SELECT file, uses FROM readings WHERE version = ?"
OUTDATED = "DELETE FROM readings WHERE version != ?"
RECORD = "INSERT OR REPLACE INTO readings VALUES (?, ?, ?)"


class Readings:
    """What files use that a person may want to read (`grader.grading.checked.to_read`).

    The ledger's file keeps it, in a table of its own, by name and content of what was read; where that file cannot be
    read or written, everything is read anew.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._version = hashlib.sha256(Path(to_read.__file__).read_bytes()).hexdigest()
        self._known: dict[str, str] = {}
        self._new: dict[str, str] = {}
        if path.exists():
            with suppress(sqlite3.Error), closing(sqlite3.connect(path, timeout=WAIT_S)) as database:
                self._known = dict(database.execute(KNOWN, (self._version,)))

    def uses_in(self, modules: Mapping[str, bytes]) -> tuple[Use, ...]:
        """What these modules use, by name without ".py"; in the order of the files and lines."""
        found: list[Use] = []
        for name, content in modules.items():
            key = hashlib.sha256(b"\0".join((name.encode(), content))).hexdigest()
            if (known := _from_json(self._known.get(key, ""))) is None:
                known = uses_in({name: content})
                self._known[key] = self._new[key] = json.dumps([(use.what, use.file, use.lines) for use in known])
            found += known
        return tuple(found)

    def keep(self) -> None:
        """Write down what was read for the first time."""
        if not self._new:
            return
        with suppress(sqlite3.Error, OSError), owner_only(self._path.parent):
            with closing(sqlite3.connect(self._path, timeout=WAIT_S)) as database, database:
                database.execute(SCHEMA)
                database.execute(OUTDATED, (self._version,))
                database.executemany(RECORD, [(self._version, *one) for one in self._new.items()])
            self._new = {}


def _from_json(text: str) -> tuple[Use, ...] | None:
    """What was kept; None where that cannot be understood."""
    try:
        return tuple(Use(what, file, tuple(lines)) for what, file, lines in json.loads(text))
    except (ValueError, TypeError):
        return None
