"""What it takes to run nbgrader's own converters in this process."""

from __future__ import annotations

import functools
import logging
import os
import shutil
import sys
import warnings
from pathlib import Path
from typing import Any

import nbgrader.api
import sqlalchemy
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError, SAWarning
from sqlalchemy.orm import scoped_session, sessionmaker


def quiet_database() -> None:
    """Do not show SQLAlchemy's warnings about nbgrader's own table definitions."""
    warnings.filterwarnings("ignore", category=SAWarning)


@functools.cache
def reuse_engines() -> None:
    """Spare nbgrader work that it does again and again: it opens the gradebook a dozen times for each submission.

    One engine for each database, since each new one would translate every query anew; closing a gradebook still closes
    its connections.  And a file whose tables were looked for is only asked for its course, as long as it is that very
    file: one that is put back from a copy is another.
    """
    nbgrader.api.create_engine = functools.lru_cache(maxsize=8)(sqlalchemy.create_engine)
    prepare, prepared = nbgrader.api.Gradebook.__init__, set()

    def open_gradebook(
        self: Any, db_url: str, course_id: str = "default_course", authenticator: Any | None = None
    ) -> None:
        if (_file_id(db_url), course_id) in prepared:
            self.engine = nbgrader.api.create_engine(db_url, echo=False, future=True)
            self.db = scoped_session(sessionmaker(autoflush=True, bind=self.engine, future=True))
            self.course_id, self.authenticator = course_id, authenticator
            if _has_course(self):
                return
            self.close()  # another file after all, in the place on disk of one that was removed
        prepare(self, db_url, course_id, authenticator)
        _index(self)
        if found := _file_id(db_url):
            prepared.add((found, course_id))

    nbgrader.api.Gradebook.__init__ = open_gradebook


INDEXED_COLUMNS = (("grade", "notebook_id"), ("comment", "notebook_id"), ("submitted_notebook", "assignment_id"))


def _index(gradebook: Any) -> None:
    """Let the database find the rows of one submission: nbgrader's tables have no index for that.

    Without it each booking reads the grades of all students, and in a large course takes longer and longer.
    """
    try:
        with gradebook.engine.begin() as connection:
            for table, column in INDEXED_COLUMNS:
                name = f"course_{table}_{column}"
                connection.execute(sqlalchemy.text(f"CREATE INDEX IF NOT EXISTS {name} ON {table} ({column})"))
    except OperationalError:
        pass  # locked, or not to be written: whoever writes will say so, and who reads needs no index


def _has_course(gradebook: Any) -> bool:
    try:
        found = gradebook.db.get(nbgrader.api.Course, gradebook.course_id) is not None
        gradebook.db.commit()
        return bool(found)
    except OperationalError:  # no such table
        return False


def _file_id(db_url: str) -> tuple[str, int, int] | None:
    """Which file a gradebook is; None where it is no file, or an empty one."""
    url = make_url(db_url)
    if url.get_backend_name() != "sqlite" or not url.database or not os.path.isfile(url.database):
        return None
    status = os.stat(url.database)
    return (db_url, status.st_dev, status.st_ino) if status.st_size else None


def put_programs_on_path() -> None:
    """Make the programs of this virtual environment found: nbgrader runs `alembic` when it makes a gradebook."""
    if shutil.which("alembic") is None:
        os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"


class ErrorLog(logging.Logger):
    """A logger for one run that keeps the texts of errors: nbgrader logs the cause and raises a bare exception.

    It is not registered with the logging module, so nothing piles up over many runs.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name, logging.ERROR)
        self.texts: list[str] = []
        self.addHandler(_Keep(self.texts))

    def __str__(self) -> str:
        return "\n".join(self.texts)


class _Keep(logging.Handler):
    def __init__(self, texts: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._texts = texts

    def emit(self, record: logging.LogRecord) -> None:
        self._texts.append(record.getMessage())
