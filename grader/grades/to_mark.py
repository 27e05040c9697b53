"""What waits for a person in formgrader: written answers, and marks whose answer or points have changed since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nbgrader.api import BaseCell, Grade, SubmittedAssignment

from grader.course.folder import Course
from grader.nbgrader_base.database import gradebook_of, grades_of


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

    @property
    def question(self) -> str:
        """The name of the written question; of a task's part, the cell's own."""
        return self.cell.removeprefix("question-")


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
    query = grades_of(assignment, BaseCell.name, SubmittedAssignment.student_id, Grade.manual_score)
    found: dict[str, list[tuple[str, bool]]] = {}
    with engine.connect() as connection:
        for cell, student, mark in connection.execute(query.where(Grade.needs_manual_grade)):
            if student in wanted:
                found.setdefault(cell, []).append((student, mark is not None))
    return tuple(
        Waiting(cell, tuple(student for student, _ in rows), tuple(student for student, marked in rows if marked))
        for cell, rows in found.items()
    )
