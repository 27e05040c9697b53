"""What the gradebook holds already, so that a submission that has not changed is not booked again.

A table of ours in nbgrader's database holds, for each submission, what was booked last, and the scores that came of it.
A submission stands as long as the verdicts, the time of submission, the released notebook and the configuration are the
same, neither the scores nor the autograded notebook have been touched since, and what was taken off for lateness is
what course.toml's rule takes off now.
"""

from __future__ import annotations

import functools
import hashlib
import json
import math
from pathlib import Path

from nbgrader.api import Assignment as ReleasedAssignment
from nbgrader.api import BaseCell, Grade, SubmittedAssignment
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    MetaData,
    NullPool,
    String,
    Table,
    Text,
    and_,
    create_engine,
    delete,
    insert,
    select,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from grader.course.folder import Course
from grader.course.handed_in import handed_in_at
from grader.course.lateness import Lateness, read_lateness
from grader.model.results import Graded
from grader.nbgrader_base.database import grades_of
from grader.settings.deadlines import in_utc

from .place import Place
from .point_changes import Change, replace_checked

FORM = "3"  # of what is booked and shown; another one books every submission anew
STANDING = Table(
    "course_standing",
    MetaData(),
    Column("student", String(128), primary_key=True),
    Column("assignment", String(128), primary_key=True),
    Column("basis", String(64), nullable=False),  # sha256 of what was booked
    Column("scores", Text, nullable=False),  # JSON: what nbgrader's rows held afterwards
)


def stands(place: Place, graded: Graded) -> bool:
    """Whether exactly this has been booked, and is still there.

    Raises:
        DamagedNoteError: it is not known when the submission was handed in.
        WrongSettingError: course.toml is wrong.
    """
    if graded.unfinished or not _all_autograded(place.course, place.assignment, place.student):
        return False
    try:
        with _engine(place.db_url).connect() as connection:
            row = connection.execute(select(STANDING.c.basis, STANDING.c.scores).where(_key(place))).one_or_none()
            lateness = read_lateness(place.course)
            return (
                row is not None
                and row.basis == _basis(place, graded, lateness)
                and row.scores == _scores(connection, place)
                and _penalty_is_due(connection, place, lateness)
            )
    except SQLAlchemyError:  # no gradebook yet, or one that this table was never made in
        return False


def forget(place: Place) -> None:
    """Before anything of a submission is replaced: what was there does not stand any more."""
    with _engine(place.db_url).begin() as connection:
        STANDING.create(connection, checkfirst=True)
        connection.execute(delete(STANDING).where(_key(place)))


def note(place: Place, graded: Graded) -> Change | None:
    """After a submission has been booked.  Returns what its checks give now and did not give the last time."""
    if graded.unfinished:
        return None
    with _engine(place.db_url).begin() as connection:
        change = replace_checked(connection, place, graded)
        basis = _basis(place, graded, read_lateness(place.course))
        values = {"basis": basis, "scores": _scores(connection, place)}
        connection.execute(insert(STANDING).values(student=place.student, assignment=place.assignment, **values))
    return change


def _key(place: Place) -> ColumnElement[bool]:
    return and_(STANDING.c.student == place.student, STANDING.c.assignment == place.assignment)


def _basis(place: Place, graded: Graded, lateness: Lateness) -> str:
    course = place.course
    names = course.notebooks(place.assignment)
    files = [*(course.released_notebook(place.assignment, name) for name in names), course.config]
    parts = [FORM, graded.digest, str(handed_in_at(course, place.assignment, place.student)), *map(_file_hash, files)]
    if lateness.rule_for(place.assignment) is not None:  # which numbers it has shows in the penalty
        parts.append("late")
    elif deadline := course.kind(place.assignment).deadline(course.root, place.assignment):
        parts.append(in_utc(deadline).isoformat())  # a plugin of the course's own may look at it
    return hashlib.sha256("/".join(parts).encode()).hexdigest()


def _file_hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _all_autograded(course: Course, assignment: str, student: str) -> bool:
    folder = course.autograded(assignment, student)
    return all((folder / f"{name}.ipynb").is_file() for name in course.notebooks(assignment))


def _scores(connection: Connection, place: Place) -> str:
    """The scores that autograding gave, cell by cell; a person's marks are not among them."""
    query = grades_of(place.assignment, BaseCell.name, Grade.auto_score)
    rows = connection.execute(query.where(SubmittedAssignment.student_id == place.student))
    return json.dumps([list(row) for row in rows])


def _penalty_is_due(connection: Connection, place: Place, lateness: Lateness) -> bool:
    """Whether the rule takes off what is booked: rule, extension, deadline or a mark by hand may have changed."""
    if lateness.rule_for(place.assignment) is None:
        return True
    with Session(connection) as session:
        submission = session.scalars(
            select(SubmittedAssignment)
            .join(ReleasedAssignment, ReleasedAssignment.id == SubmittedAssignment.assignment_id)
            .where(SubmittedAssignment.student_id == place.student, ReleasedAssignment.name == place.assignment)
        ).one()
        booked = submission.late_submission_penalty or 0.0
        return math.isclose(booked, lateness.penalty(submission), abs_tol=1e-6)


@functools.lru_cache(maxsize=8)
def _engine(db_url: str) -> Engine:
    return create_engine(db_url, poolclass=NullPool)  # a file that is put back from a copy is another file
