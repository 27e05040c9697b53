"""A course's gradebook: where it is, and how it is opened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbgrader.api import Assignment, BaseCell, Grade, Gradebook, Notebook, SubmittedAssignment, SubmittedNotebook
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import Engine, NullPool, Select, create_engine, make_url, select

from .options import load_options
from .runs import put_programs_on_path, quiet_database, reuse_engines


def db_url_of(root: Path) -> str:
    """Where a course's gradebook is, as SQLAlchemy names it."""
    return str(CourseDirectory(config=load_options(root)).db_url)


def gradebook_of(root: Path) -> Engine | None:
    """The database with a course's grades; None where there is none yet, which SQLite would make an empty one of."""
    db_url = db_url_of(root)
    file = gradebook_file(db_url)
    return create_engine(db_url, poolclass=NullPool) if file is None or file.is_file() else None


def open_gradebook(root: Path) -> Gradebook:
    """A course's gradebook as nbgrader's own class gives it, which makes one where there is none."""
    put_programs_on_path()
    quiet_database()
    reuse_engines()
    return Gradebook(db_url_of(root))


def gradebook_file(db_url: str) -> Path | None:
    """The gradebook where it is a file; nbgrader can keep it in another database."""
    url = make_url(db_url)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def grades_of(assignment: str, *columns: Any) -> Select[Any]:
    """A query for these columns of each grade of an assignment, by the cell's name and then the student's.

    Args:
        columns: of SubmittedAssignment, Assignment, SubmittedNotebook, Notebook, Grade and BaseCell, which are joined.
    """
    return (
        select(*columns)
        .select_from(SubmittedAssignment)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
        .where(Assignment.name == assignment)
        .order_by(BaseCell.name, SubmittedAssignment.student_id)
    )
