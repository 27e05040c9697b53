"""What waits for a person in formgrader: written answers, and marks by hand that what they were given for has left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nbgrader.api import Assignment, BaseCell, Grade, Notebook, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import select

from grader.course.folder import Course
from grader.nbgrader_base.database import gradebook_of


@dataclass(frozen=True)
class Waiting:
    """One part of the notebook ("question-shift_curves"), and whose wait.

    Attributes:
        marked_before: those among the students with an older mark by hand: their answer, or their points, have changed.
    """

    cell: str
    students: tuple[str, ...]
    marked_before: tuple[str, ...]

    @property
    def written(self) -> bool:
        return self.cell.startswith("question-")


def waiting(course: Course, assignment: str, students: Iterable[str]) -> tuple[Waiting, ...]:
    """What waits for a person, of these students, part by part in the notebook's order of names.

    One query, however many students there are.

    Raises:
        SQLAlchemyError: the gradebook is locked or damaged.
    """
    wanted = set(students)
    engine = gradebook_of(course.root)
    if engine is None:
        return ()
    query = (
        select(BaseCell.name, SubmittedAssignment.student_id, Grade.manual_score)
        .select_from(SubmittedAssignment)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
        .where(Assignment.name == assignment, Grade.needs_manual_grade)
        .order_by(BaseCell.name, SubmittedAssignment.student_id)
    )
    found: dict[str, list[tuple[str, bool]]] = {}
    with engine.connect() as connection:
        for cell, student, mark in connection.execute(query):
            if student in wanted:
                found.setdefault(cell, []).append((student, mark is not None))
    return tuple(
        Waiting(cell, tuple(student for student, _ in rows), tuple(student for student, marked in rows if marked))
        for cell, rows in found.items()
    )
