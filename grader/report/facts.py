"""What a report knows about an assignment in a course: numbers and anonymous verdicts, and nobody's name."""

from __future__ import annotations

import random
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from statistics import fmean

from exercises.assignment import Assignment, load_assignment
from exercises.checking.verdict import Verdict
from grader.course.folder import Course
from grader.course.handed_in import DamagedNoteError, collected_at
from grader.course.ledger_reader import Reader, open_ledger
from grader.grades.table import Row, rows
from grader.grading.checked.plan import CheckedPlan
from grader.nbgrader_base.database import open_gradebook
from grader.settings.deadlines import deadline_of

from .anonymous import Anonymous
from .counts import CheckFacts, count_checks


@dataclass(frozen=True)
class Result:
    """One submission.

    Attributes:
        handed_in: when, with a time zone; None where nobody noted it.
        verdicts:  empty while it is not graded.
        cpu_s, wall_s: what its grading took, None while it is not graded.
        older:     whether verdicts come from before the checks were last changed.
    """

    handed_in: datetime | None
    verdicts: tuple[Verdict, ...] = ()
    cpu_s: float | None = None
    wall_s: float | None = None
    older: bool = False

    @property
    def graded(self) -> bool:
        return bool(self.verdicts)


@dataclass(frozen=True)
class Grades:
    """One student's row of the table (grades/table.py) without the name; None is "not marked yet", which is not 0."""

    tasks: dict[str, float | None]
    questions: dict[str, float | None]
    extra: float | None
    from_checks: float | None
    before_penalty: float | None
    late_penalty: float
    total: float | None


@dataclass(frozen=True)
class Facts:
    """Everything that a report is made of.

    Attributes:
        made:     when they were read.
        students: how many are in the gradebook or have submitted.
        results:  in an order that says nothing about who they are.
        grades:   the same number as `students`, from the most points to the fewest.
        unread:   submissions that could not be read; they are in `results`, as not graded.
        source:   the data that accuracy is judged on, empty where the course has decided nothing yet.
    """

    assignment: Assignment
    made: datetime
    deadline: datetime
    students: int
    results: tuple[Result, ...]
    grades: tuple[Grades, ...]
    checks: tuple[CheckFacts, ...]
    unread: int = 0
    source: str = ""

    @property
    def graded(self) -> tuple[Result, ...]:
        return tuple(result for result in self.results if result.graded)

    @property
    def late(self) -> int:
        return sum(result.handed_in > self.deadline for result in self.results if result.handed_in)

    @property
    def times_unknown(self) -> int:
        return sum(result.handed_in is None for result in self.results)

    def task_mean(self, task: str) -> float | None:
        """Average points of a task among those whose points are known."""
        known = [points for grades in self.grades if (points := grades.tasks[task]) is not None]
        return fmean(known) if known else None


def gather(course: Course, assignment: str) -> Facts:
    """Read the ledger and the gradebook; nothing is graded, booked or changed.

    Raises:
        FileNotFoundError: the assignment was not released in this course.
        ValueError: there is no such assignment, or course.toml is wrong.
        sqlite3.Error: the ledger cannot be read.
    """
    facts = load_assignment(assignment)
    if not course.released_notebook(assignment).is_file():
        raise FileNotFoundError(f"{assignment} is not released in {course.root}: nothing can be reported yet")
    names, deadline = _from_gradebook(course, facts)
    booked = rows(course, assignment)
    anonymous = Anonymous([*names, *(row.student for row in booked)])
    plan = CheckedPlan.of(course.root, assignment)
    results, unread = _results(course, assignment, plan, anonymous)
    return Facts(
        assignment=facts,
        made=datetime.now(deadline.tzinfo),
        deadline=deadline,
        students=len(booked),
        results=results,
        grades=tuple(sorted(map(_grades, booked), key=_most_points_first)),
        checks=count_checks(assignment, (verdict for result in results for verdict in result.verdicts)),
        unread=unread,
        source=plan.source if plan.seed is not None else "",
    )


def _from_gradebook(course: Course, facts: Assignment) -> tuple[list[str], datetime]:
    """Everybody's names, to be taken out of texts, and the deadline, which a person may have moved."""
    with open_gradebook(course.root) as gradebook:
        people = [(one.id, one.first_name, one.last_name, one.email) for one in gradebook.students]
        due = {one.name: one.duedate for one in gradebook.assignments}.get(facts.name)
    names = [word for person in people for field in person if field for word in (field, *field.split())]
    if due is None:
        return names, deadline_of(course.root, facts.name)
    return names, due.replace(tzinfo=UTC).astimezone(course.zone(facts.name))


def _results(
    course: Course, assignment: str, plan: CheckedPlan, anonymous: Anonymous
) -> tuple[tuple[Result, ...], int]:
    found, unread = [], 0
    with open_ledger(course.ledger, plan) as ledger:
        for student in course.students(assignment):
            try:
                found.append(_result(course, assignment, student, ledger, anonymous))
            except OSError:
                unread += 1
                found.append(Result(_handed_in(course, assignment, student)))
    random.Random(len(found)).shuffle(found)  # no longer by name, and the same on every run
    return tuple(found), unread


def _result(course: Course, assignment: str, student: str, ledger: Reader | None, anonymous: Anonymous) -> Result:
    when = _handed_in(course, assignment, student)
    kept = ledger.parts(course.submission(assignment, student)) if ledger else {}
    checked = [one for one in kept.values() if one.part.verdicts]
    if not checked:
        return Result(when)
    return Result(
        handed_in=when,
        verdicts=tuple(anonymous.verdict(verdict) for one in checked for verdict in one.part.verdicts),
        cpu_s=sum(one.part.cpu_s for one in kept.values()),
        wall_s=sum(one.part.wall_s for one in kept.values()),
        older=any(one.older for one in checked),
    )


def _handed_in(course: Course, assignment: str, student: str) -> datetime | None:
    try:
        when = collected_at(course, assignment, student)
    except DamagedNoteError:
        return None
    return when and when.replace(tzinfo=UTC)


def _grades(row: Row) -> Grades:
    return Grades(**{field.name: getattr(row, field.name) for field in fields(Grades)})


def _most_points_first(grades: Grades) -> tuple[float, ...]:
    best = [grades.total, grades.from_checks, *grades.tasks.values(), *grades.questions.values()]
    return tuple(1.0 if value is None else -value for value in best)
