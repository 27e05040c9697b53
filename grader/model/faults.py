"""Faults of the place where grades are kept, in words that tell a teaching assistant what to do."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

DISK_FULL_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class FaultError(Exception):
    """Something that only a person can mend; the text says what."""


def in_words(error: BaseException, path: Path) -> str:
    """What has happened to a file and what to do; empty for an error that says nothing about where grades are kept.

    Args:
        error: as it was raised; SQLAlchemy's errors carry SQLite's, and nbgrader hides both behind one of its own.
        path:  the file, where the error does not name it.
    """
    if isinstance(error, FaultError):
        return str(error)
    if isinstance(error, OSError) and error.filename:
        path = Path(str(error.filename))
    if isinstance(error, OSError):
        if error.errno in DISK_FULL_ERRORS:
            return f"the disk is full: {path} could not be written. Make room, and run again"
        return f"{path}: {error.strerror or error}"
    cause = _of_sqlite(error)
    match getattr(cause, "sqlite_errorcode", 0) & 0xFF:  # the extended codes add higher bits
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return f"{path} is locked: another program holds it. Run again when that has let it go"
        case sqlite3.SQLITE_FULL:
            return f"the disk is full: {path} could not be written. Make room, and run again"
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM | sqlite3.SQLITE_IOERR:
            return f"{path} cannot be read or written: {cause}. Is it a file of yours, and is the disk in order?"
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return f"{path} is damaged: {cause}. Move it away, or mend it"
    return ""


def is_lock(error: BaseException) -> bool:
    """Whether another program's lock on a SQLite file was in the way."""
    code = getattr(_of_sqlite(error), "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _of_sqlite(error: BaseException | None) -> sqlite3.Error | None:
    """The sqlite3.Error in an exception's chain; None where there is none."""
    while error is not None:
        cause = getattr(error, "orig", error)
        if isinstance(cause, sqlite3.Error):
            return cause
        error = error.__cause__ or error.__context__
    return None


class Patience:
    """How long to wait for a locked file: long at first, and hardly at all while it stays locked.

    A lock of moments costs nothing, and one that stays does not hold up every submission of a cohort anew.
    """

    def __init__(self, long_s: float = 10.0, short_s: float = 0.1) -> None:
        self._long_s, self._short_s = long_s, short_s
        self.seconds = long_s

    def free(self) -> None:
        self.seconds = self._long_s

    def locked(self) -> None:
        self.seconds = self._short_s
