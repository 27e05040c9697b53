"""Points taken off for lateness, and deadlines of single students: what course.toml says.

    zone = "Europe/Helsinki"   # in which deadlines are read and days counted; without it the deadline's own offset

    [late]
    grace_minutes = 15       # so late is still in time
    penalty_per_day = 0.1    # of the points earned, for each day begun since the deadline
    latest_days = 7          # whoever is later gets nothing

Without [late] there, the one of each assignment.toml counts, if it has one.  With it, that alone does, for all
assignments of the course: penalty_per_day = 0 takes nothing off.

    [extensions.digits]
    STUDENT = "2030-01-15 23:59"    # in that zone; without one, of an adopted assignment with its offset: +01:00

Days are those of the calendar: each begins at the deadline's time of day, whatever the clocks have done in between.
Where nobody stated when a submission was handed in, it is not late; where a system said "late" and not when, one day.

The penalty is a share of the points, and a person's marks come after the booking.  So whoever shows points asks
`penalty` what is due now, and a submission whose booked penalty is another does not stand (gradebook/up_to_date.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any

from nbgrader.api import SubmittedAssignment

from exercises.assignment import assignment_names
from grader.settings.course_toml import WrongSettingError, meant, read_settings
from grader.settings.deadlines import due_date, in_utc
from grader.settings.late_rule import Rule as Rule
from grader.settings.late_rule import default_rule, rule_of

from .folder import Course
from .handed_in import DamagedNoteError, read_note


@dataclass(frozen=True)
class Lateness:
    """All that a course says on lateness.

    Attributes:
        rule:       the course's; None where it has none, see `rule_for`.
        extensions: new deadlines, by assignment and student.
        course:     where zone and notes lie.
    """

    rule: Rule | None = None
    extensions: dict[str, dict[str, datetime]] = field(default_factory=dict)
    course: Course | None = None

    def rule_for(self, assignment: str) -> Rule | None:
        """The course's rule, else that of assignment.toml; None: no points are taken off, and no deadline matters.

        Raises:
            WrongSettingError: the rule of assignment.toml cannot be meant.
        """
        return self.rule or default_rule(assignment)

    def days(self, submission: SubmittedAssignment) -> int:
        """The days begun since the deadline; 0 where it is not known when the submission was handed in.

        The latest counts of the gradebook's deadline (a copy, see duedates.py), an extension in the gradebook and one
        in course.toml.  A system that says "late", and not when, proves one day begun; not of a student with an
        extension, of which that system knows nothing.
        """
        name, student = submission.assignment.name, submission.student_id
        rule = self.rule_for(name)
        if rule is None or self.course is None:
            return 0
        extension = self.extensions.get(name, {}).get(student)
        if submission.timestamp is None:
            extended = extension is not None or submission.extension is not None
            return 0 if extended else int(_called_late(self.course, name, student))
        if submission.assignment.duedate is None:
            return 0
        deadline = submission.duedate.replace(tzinfo=UTC)
        if extension is not None:
            deadline = max(deadline, in_utc(extension))
        when = submission.timestamp.replace(tzinfo=UTC)
        return rule.days((when - deadline).total_seconds(), _by_the_clock(deadline, when, self.course, name))

    def penalty(self, submission: SubmittedAssignment) -> float:
        """The points to take off by what is marked now; without a rule what is booked (by a plugin of the course's)."""
        rule = self.rule_for(submission.assignment.name)
        if rule is None:
            return float(submission.late_submission_penalty or 0.0)
        return rule.share_of(self.days(submission)) * max(0.0, float(submission.score))

    def words(self, submission: SubmittedAssignment) -> str:
        """Why points are taken off, for the student; empty where none are, or another plugin than this decides."""
        rule = self.rule_for(submission.assignment.name)
        if rule is None or not (words := rule.words_of(self.days(submission))):
            return ""
        return words if submission.timestamp else f"after the deadline, by how much is not known: {words}"


def _called_late(course: Course, assignment: str, student: str) -> bool:
    """Whether a system said that a submission came after the deadline, and not when."""
    try:
        note = read_note(course, assignment, student)
    except DamagedNoteError:  # booking meets it too, and says so
        return False
    return note is not None and note.when is None and note.late


def _by_the_clock(begin: datetime, end: datetime, course: Course, assignment: str) -> float:
    """Seconds between what the clocks of the course's zone showed: 24 hours a day, also where these changed."""
    zone = course.zone(assignment) or UTC
    return (end.astimezone(zone).replace(tzinfo=None) - begin.astimezone(zone).replace(tzinfo=None)).total_seconds()


def read_lateness(course: Course) -> Lateness:
    """What course.toml says on lateness.

    Raises:
        WrongSettingError: something in it, on lateness or else, cannot be meant.
    """
    tables = read_settings(course.settings)
    try:
        rule = rule_of(tables["late"]) if "late" in tables else None
        return Lateness(rule, _extensions(course, tables.get("extensions", {})), course)
    except WrongSettingError as error:
        raise WrongSettingError(f"{course.settings}: {error}") from None


def _extensions(course: Course, table: Any) -> dict[str, dict[str, datetime]]:
    example = assignment_names()[0]
    if not isinstance(table, dict):
        raise WrongSettingError(
            f'extensions are tables: [extensions.{example}], and below it STUDENT = "2030-01-15 23:59"'
        )
    found = {}
    for assignment, students in table.items():
        zone = _zone(course, assignment)
        if not isinstance(students, dict):
            raise WrongSettingError(
                f'extensions.{assignment} is a table, with lines such as STUDENT = "2030-01-15 23:59"'
            )
        found[assignment] = {
            student: due_date(value, zone, f"[extensions.{assignment}] {student}")
            for student, value in students.items()
        }
    return found


def _zone(course: Course, assignment: str) -> tzinfo | None:
    """The time zone of an assignment's deadline; None where neither the deadline nor the course names one."""
    if course.has(assignment):
        return course.zone(assignment)
    known = assignment_names()
    own = ", or one of the course's own in its source/" if course.adoption else ""
    raise WrongSettingError(
        f"[extensions.{assignment}]: there is no such assignment{meant(assignment, known)}; "
        f"choose one of {', '.join(known)}{own}"
    )
