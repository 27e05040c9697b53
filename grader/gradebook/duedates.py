"""The gradebook's due date: a copy of the course's deadline, brought up to date when grading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from nbgrader.api import Gradebook, MissingEntry

from grader.course.folder import Course
from grader.nbgrader_base.database import gradebook_file
from grader.settings.course_toml import COURSE_TOML
from grader.settings.deadlines import in_utc, stated_deadline


@dataclass(frozen=True)
class Moved:
    """A deadline that is another one than the gradebook had; both in the course's zone.

    Attributes:
        source: the file that has it.
    """

    assignment: str
    before: datetime
    after: datetime
    source: str

    def __str__(self) -> str:
        before, after = (f"{when:%Y-%m-%d %H:%M} (UTC{when:%z})" for when in (self.before, self.after))
        return (
            f"the deadline of {self.assignment} has moved from {before} to {after}, as {self.source} has it: "
            "lateness is booked anew"
        )


def bring_up_to_date(course: Course, assignment: str, db_url: str) -> Moved | None:
    """Put the course's deadline into the gradebook; None where it has not moved.

    Where the gradebook alone knows the deadline, nothing is done.

    Raises:
        WrongSettingError: course.toml is wrong.
        sqlalchemy.exc.SQLAlchemyError: the gradebook is locked or damaged.
    """
    file = gradebook_file(db_url)
    if file is not None and not file.is_file():  # nbgrader would make an empty one
        return None
    deadline = course.kind(assignment).deadline(course.root, assignment)
    if deadline is None:
        return None
    after = in_utc(deadline).replace(tzinfo=None)  # nbgrader keeps UTC
    with Gradebook(db_url) as gradebook:
        try:
            entry = gradebook.find_assignment(assignment)
        except MissingEntry:  # never released here
            return None
        before = entry.duedate
        if before == after:
            return None
        entry.duedate = after
        gradebook.db.commit()
    if not before:
        return None
    source = COURSE_TOML if stated_deadline(course.root, assignment) else "assignment.toml"
    return Moved(assignment, before.replace(tzinfo=UTC).astimezone(deadline.tzinfo), deadline, source)
