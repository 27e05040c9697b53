"""Grades as a table: one row a student, blank where nobody has graded yet (never 0, never full)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry

from exercises.assignment import load_assignment
from grader.course.folder import Course
from grader.course.lateness import Lateness, read_lateness
from grader.nbgrader_base.database import gradebook_of, open_gradebook

from .points import if_complete, points


@dataclass(frozen=True)
class Row:
    """One student's points.  None is "not graded yet".

    Attributes:
        tasks, questions: points by name, without extra credit.
        extra:            extra credit, the checks' and what a person added; None while a task is not graded.
        late_penalty:     points taken off for lateness, by course.toml's rule or a plugin of the course's own.
        total:            tasks + questions + extra - late_penalty, at least 0; None while any part is None.
    """

    student: str
    tasks: dict[str, float | None]
    extra: float | None
    questions: dict[str, float | None]
    late_penalty: float
    total: float | None

    @property
    def before_penalty(self) -> float | None:
        """tasks + questions + extra; None while any part is None."""
        return if_complete([*self.tasks.values(), self.extra, *self.questions.values()], sum)


def rows(course: Course, assignment: str) -> list[Row]:
    """The grades of everybody who is in the gradebook or has submitted, sorted by student.

    Raises:
        ValueError: there is no such assignment, it was never released in this course, or course.toml is wrong.
        sqlalchemy.exc.SQLAlchemyError, OSError: the gradebook cannot be read.
    """
    load_assignment(assignment)
    lateness = read_lateness(course)
    if gradebook_of(course.root) is None:  # nbgrader would make an empty one
        raise ValueError(f"{course.root} has no gradebook yet: release and grade {assignment} there first")
    with open_gradebook(course.root) as gradebook:
        try:
            gradebook.find_assignment(assignment)
        except MissingEntry as error:
            raise ValueError(f"{course.root} knows no assignment {assignment!r}: release it there first") from error
        students = {student.id for student in gradebook.students} | set(course.students(assignment))
        return [_row(gradebook, lateness, assignment, student) for student in sorted(students)]


def _row(gradebook: Gradebook, lateness: Lateness, name: str, student: str) -> Row:
    assignment = load_assignment(name)
    try:
        submission = gradebook.find_submission(name, student)
    except MissingEntry:
        grades, penalty = {}, 0.0
    else:
        grades = {grade.name: grade for notebook in submission.notebooks for grade in notebook.grades}
        penalty = lateness.penalty(submission)
    tasks = {task.name: points(grades.get(f"task-{task.name}")) for task in assignment.tasks}
    questions = {question.name: points(grades.get(f"question-{question.name}")) for question in assignment.questions}
    extra = if_complete(tasks.values(), lambda _: sum(grade.extra_credit or 0.0 for grade in grades.values()))
    total = if_complete([*tasks.values(), extra, *questions.values()], lambda known: max(0.0, sum(known) - penalty))
    return Row(student, tasks, extra, questions, penalty, total)


def as_text(name: str) -> str:
    """A name for a table: one that a spreadsheet would take for a formula gets an apostrophe in front."""
    return f"'{name}" if name.startswith(("=", "+", "-", "@", "\t", "\r")) else name


def write_csv(course: Course, assignment: str, path: Path) -> int:
    """Write the table and return how many students are in it."""
    table = rows(course, assignment)
    facts = load_assignment(assignment)
    tasks, questions = [task.name for task in facts.tasks], [question.name for question in facts.questions]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["student", *tasks, "extra", *questions, "before_penalty", "late_penalty", "total"])
        for row in table:
            parts = [*row.tasks.values(), row.extra, *row.questions.values()]
            values = [*parts, row.before_penalty, row.late_penalty, row.total]
            writer.writerow([as_text(row.student), *("" if value is None else f"{value:g}" for value in values)])
    return len(table)
