"""Names in course.toml that nobody in the course has: a typing error there would cost a student the extension."""

from __future__ import annotations

from collections.abc import Iterator

from nbgrader.api import Student
from sqlalchemy import select

from exercises.assignment import assignment_names
from grader.course.folder import Course
from grader.course.lateness import read_lateness
from grader.nbgrader_base.database import gradebook_of
from grader.settings.course_toml import meant


def strangers(course: Course, assignment: str) -> Iterator[str]:
    """For each extension of a student who has neither submitted nor is in the gradebook, what to tell.

    Raises:
        WrongSettingError: course.toml is wrong.
        sqlalchemy.exc.SQLAlchemyError: the gradebook cannot be read.
    """
    given = read_lateness(course).extensions.get(assignment, {})
    known = _students(course, assignment) if given else set()
    for student in given:
        if student not in known:
            near = meant(student, sorted(known))
            yield (
                f"{course.settings}: [extensions.{assignment}] {student}: nobody of this name has submitted or is in "
                f"the gradebook{near}; the extension counts for nobody until then"
            )


def _students(course: Course, assignment: str) -> set[str]:
    found = {student for name in {assignment, *assignment_names()} for student in course.students(name)}
    if (engine := gradebook_of(course.root)) is not None:
        with engine.connect() as connection:
            found |= set(connection.scalars(select(Student.id)))
    return found
