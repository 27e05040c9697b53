"""A course's gradebook for those who only read it."""

from __future__ import annotations

from nbgrader.coursedir import CourseDirectory
from sqlalchemy import Engine, NullPool, create_engine

from grader.course import Course

from .config import load_config
from .context import gradebook_file


def db_url_of(course: Course) -> str:
    """Where a course's gradebook is, as SQLAlchemy names it."""
    return str(CourseDirectory(config=load_config(course)).db_url)


def gradebook_of(course: Course) -> Engine | None:
    """The database with a course's grades; None where there is none yet, which SQLite would make an empty one of."""
    db_url = db_url_of(course)
    file = gradebook_file(db_url)
    return create_engine(db_url, poolclass=NullPool) if file is None or file.is_file() else None
