"""What it takes to run nbgrader's own converters in this process."""

from __future__ import annotations

import functools
import logging
import os
import shutil
import sys
import warnings
from pathlib import Path

import nbgrader.api
import sqlalchemy
from sqlalchemy.exc import SAWarning


def quiet_database() -> None:
    """Do not show SQLAlchemy's warnings about nbgrader's own table definitions."""
    warnings.filterwarnings("ignore", category=SAWarning)


@functools.cache
def reuse_engines() -> None:
    """One engine for each database: nbgrader opens the gradebook a dozen times for each submission, and each new engine
    would translate every query anew.  Closing a gradebook still closes its connections."""
    nbgrader.api.create_engine = functools.lru_cache(maxsize=8)(sqlalchemy.create_engine)


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
