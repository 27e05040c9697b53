"""Points taken off for lateness, and deadlines of single students: what course.toml says, as nbgrader's plugin.

    zone = "Europe/Helsinki"   # in which deadlines are read and days counted; without it the deadline's own offset

    [late]
    grace_minutes = 15       # so late is still in time
    penalty_per_day = 0.1    # of the points earned, for each day begun since the deadline
    latest_days = 7          # whoever is later gets nothing

    [extensions.digits]
    STUDENT = "2030-01-15 23:59"    # in that zone; without one, of an adopted assignment with its offset: +01:00

Days are those of the calendar: each begins at the deadline's time of day, whatever the clocks have done in between.
Where nobody stated when a submission was handed in, it is not late; where a system said "late" and not when, one day.

The penalty is a share of the points, and a person's marks come after the booking.  So whoever shows points asks
`penalty` what is due now, and a submission whose booked penalty is another does not stand (standing.py).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any

from nbgrader.api import SubmittedAssignment

from exercises.assignment import assignment_names
from grader.settings.course_toml import WrongSettingError, meant, read_settings
from grader.settings.deadlines import EXAMPLE_TIME, in_utc, latest_of

from .folder import Course
from .handed_in import DamagedNoteError, read_note

DAY_S = 86_400.0  # seconds
LATE_KEYS = ("grace_minutes", "penalty_per_day", "latest_days")


@dataclass(frozen=True)
class Rule:
    """What lateness costs.

    Attributes:
        penalty_per_day: share of the points earned, 0 to 1, for each day begun since the deadline.
        grace_minutes:   so late is still in time.
        latest_days:     whoever is later loses everything; None: the days alone decide.
    """

    penalty_per_day: float
    grace_minutes: float = 0.0
    latest_days: int | None = None

    def days(self, seconds_late: float, by_the_clock: float | None = None) -> int:
        """Days begun since the deadline; 0 within the grace.

        Args:
            by_the_clock: seconds between what the clocks on the wall showed, where that is another number.
        """
        if seconds_late <= self.grace_minutes * 60:
            return 0
        return max(1, math.ceil((seconds_late if by_the_clock is None else by_the_clock) / DAY_S))

    def share(self, seconds_late: float) -> float:
        """The share of the points that is taken off, 0 to 1."""
        return self.share_of(self.days(seconds_late))

    def share_of(self, days: int) -> float:
        """The share of the points that is taken off for days begun, 0 to 1."""
        if self.latest_days is not None and days > self.latest_days:
            return 1.0
        return min(1.0, round(days * self.penalty_per_day, 9))

    def words(self, seconds_late: float) -> str:
        """Why points are taken off, for the student; empty where none are."""
        return self.words_of(self.days(seconds_late))

    def words_of(self, days: int) -> str:
        """Why points are taken off for days begun, for the student; empty where none are."""
        if not self.share_of(days):
            return ""
        if self.latest_days is not None and days > self.latest_days:
            return f"more than {_counted(self.latest_days)} after the deadline, all points"
        return f"{_counted(days)} begun since the deadline, {self.share_of(days):.4g} of the points"


@dataclass(frozen=True)
class Lateness:
    """All that a course says on lateness.

    Attributes:
        rule:       None: no points are taken off, and nobody's deadline matters.
        extensions: new deadlines, by assignment and student.
        course:     where zone and notes lie.
    """

    rule: Rule | None = None
    extensions: dict[str, dict[str, datetime]] = field(default_factory=dict)
    course: Course | None = None

    def days(self, submission: SubmittedAssignment) -> int:
        """The days begun since the deadline; 0 where it is not known when the submission was handed in.

        The latest counts of the gradebook's deadline (which is that of assignment.toml, see duedates.py), an extension
        in the gradebook and one in course.toml.  A system that says "late", and not when, proves one day begun; not of
        a student with an extension, of which that system knows nothing.
        """
        if self.rule is None or self.course is None:
            return 0
        name, student = submission.assignment.name, submission.student_id
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
        return self.rule.days((when - deadline).total_seconds(), _by_the_clock(deadline, when, self.course, name))

    def penalty(self, submission: SubmittedAssignment) -> float:
        """The points to take off by what is marked now; without a rule what is booked (by a plugin of the course's)."""
        if self.rule is None:
            return float(submission.late_submission_penalty or 0.0)
        return self.rule.share_of(self.days(submission)) * max(0.0, float(submission.score))

    def words(self, submission: SubmittedAssignment) -> str:
        """Why points are taken off, for the student; empty where none are, or another plugin than this decides."""
        if self.rule is None or not (words := self.rule.words_of(self.days(submission))):
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
        rule = _rule(tables["late"]) if "late" in tables else None
        return Lateness(rule, _extensions(course, tables.get("extensions", {})), course)
    except WrongSettingError as error:
        raise WrongSettingError(f"{course.settings}: {error}") from None


def _rule(table: Any) -> Rule:
    if not isinstance(table, dict):
        raise WrongSettingError("late is a table: [late], and below it penalty_per_day = 0.1")
    for key in table:
        if key not in LATE_KEYS:
            raise WrongSettingError(f"[late] has no {key}{meant(key, LATE_KEYS)}; its keys are {', '.join(LATE_KEYS)}")
    if "penalty_per_day" not in table:
        raise WrongSettingError("[late] lacks penalty_per_day, for example penalty_per_day = 0.1")
    latest = table.get("latest_days")
    if latest is not None and (type(latest) is not int or latest < 0):
        raise WrongSettingError(f"[late] latest_days = {latest!r}, but it is a whole number of days, 0 or more")
    share = "is a share of the points between 0 and 1: 0.1 takes a tenth"
    return Rule(
        penalty_per_day=_number(table, "penalty_per_day", share, lambda value: 0 <= value <= 1),
        grace_minutes=_number(table, "grace_minutes", "is a number of minutes, 0 or more", lambda value: value >= 0),
        latest_days=latest,
    )


def _number(table: dict[str, Any], key: str, meant: str, fits: Callable[[float], bool]) -> float:
    value = table.get(key, 0)
    if type(value) not in (int, float) or not math.isfinite(value) or not fits(value):  # True is no number here
        raise WrongSettingError(f"[late] {key} = {value!r}, but it {meant}")
    return float(value)


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
            student: _moment(value, zone, f"[extensions.{assignment}] {student}") for student, value in students.items()
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


def _moment(value: Any, zone: tzinfo | None, key: str) -> datetime:
    """A date with its time; a date alone could mean the begin or the end of that day."""
    try:
        when = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except (TypeError, ValueError):
        when = None
    if when is None or (isinstance(value, str) and ":" not in value):
        raise WrongSettingError(f"{key} = {str(value)!r}, but it is a date and a time: {EXAMPLE_TIME}")
    if when.tzinfo is None and zone is None:
        raise WrongSettingError(
            f"{key} = {str(value)!r}, but the deadline of an adopted assignment has no time zone of its own to read it "
            'in: write it with its offset, "2030-01-15 23:59+01:00", or name the zone at the top of course.toml'
        )
    return when if when.tzinfo else latest_of(when, zone or UTC)


def _counted(days: int) -> str:
    return f"{days} day" if days == 1 else f"{days} days"
