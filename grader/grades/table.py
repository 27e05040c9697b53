"""Grades as a table: one row a student, None where nobody has graded yet (never 0, never full)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from nbgrader.api import Gradebook, MissingEntry

from exercises.assignment import Assignment, load_assignment
from grader.course.folder import Course
from grader.course.lateness import Lateness, read_lateness
from grader.nbgrader_base.database import gradebook_of, open_gradebook

from .total import Grade, Total


@dataclass(frozen=True)
class Row:
    """One student's points.  None is "not graded yet".

    Attributes:
        tasks, questions: points by name, without extra credit.
        extra:            extra credit, the checks' and what a person added; None while a task is not graded.
        from_checks:      tasks + extra, without the questions; None while a task is not graded.
        before_penalty:   tasks + questions + extra; None while any part is None.
        late_penalty:     points taken off for lateness, by course.toml's rule or a plugin of the course's own.
        total:            before_penalty - late_penalty, at least 0; None while any part is None.
    """

    student: str
    tasks: dict[str, float | None]
    questions: dict[str, float | None]
    extra: float | None
    from_checks: float | None
    before_penalty: float | None
    late_penalty: float
    total: float | None

    @classmethod
    def of(cls, student: str, tasks: dict[str, Grade], questions: dict[str, Grade], late_penalty: float) -> Row:
        """The row of a student with these grades."""
        extras = (replace(grade, points=0.0, maximum=0.0) for grade in questions.values())
        checked = Total.of([*tasks.values(), *extras])
        total = Total.of([*tasks.values(), *questions.values()], late_penalty)
        return cls(
            student=student,
            tasks={name: grade.points for name, grade in tasks.items()},
            questions={name: grade.points for name, grade in questions.items()},
            extra=checked.extra if checked.complete else None,
            from_checks=checked.before_penalty,
            before_penalty=total.before_penalty,
            late_penalty=late_penalty,
            total=total.points,
        )


@dataclass(frozen=True)
class Table:
    """The grades of a whole assignment in a course, sorted by student."""

    course: Course
    assignment: Assignment
    rows: tuple[Row, ...]

    @property
    def maximum(self) -> float:
        """Points without extra credit."""
        tasks, questions = self.assignment.tasks, self.assignment.questions
        return sum(task.points for task in tasks) + sum(question.points for question in questions)


def read_table(course: Course, assignment: str) -> Table:
    """The grades of everybody.  Raises what `rows` raises."""
    return Table(course, load_assignment(assignment), tuple(rows(course, assignment)))


def rows(course: Course, assignment: str) -> list[Row]:
    """The grades of everybody who is in the gradebook or has submitted, sorted by student.

    Raises:
        ValueError: there is no such assignment, it was never released in this course, or course.toml is wrong.
        sqlalchemy.exc.SQLAlchemyError, OSError: the gradebook cannot be read.
    """
    facts = load_assignment(assignment)
    lateness = read_lateness(course)
    if gradebook_of(course.root) is None:  # nbgrader would make an empty one
        raise ValueError(f"{course.root} has no gradebook yet: release and grade {assignment} there first")
    with open_gradebook(course.root) as gradebook:
        try:
            gradebook.find_assignment(assignment)
        except MissingEntry as error:
            raise ValueError(f"{course.root} knows no assignment {assignment!r}: release it there first") from error
        students = {student.id for student in gradebook.students} | set(course.students(assignment))
        return [_row(gradebook, lateness, facts, student) for student in sorted(students)]


def _row(gradebook: Gradebook, lateness: Lateness, assignment: Assignment, student: str) -> Row:
    booked, penalty = {}, 0.0
    try:
        submission = gradebook.find_submission(assignment.name, student)
    except MissingEntry:
        pass
    else:
        booked = {row.name: Grade.of(row) for notebook in submission.notebooks for row in notebook.grades}
        penalty = lateness.penalty(submission)
    tasks = {task.name: booked.get(f"task-{task.name}", Grade(None, task.points)) for task in assignment.tasks}
    questions = {one.name: booked.get(f"question-{one.name}", Grade(None, one.points)) for one in assignment.questions}
    return Row.of(student, tasks, questions, penalty)
