"""When nobody has time left for an assignment: the latest deadline of anyone, and until when lateness earns points."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nbgrader.api import MissingEntry

from exercises.assignment import load_assignment
from grader.nbgrader_base.database import gradebook_of, open_gradebook
from grader.settings.deadlines import deadline_of, in_utc
from grader.settings.late_rule import Rule, default_rule

from .folder import Course
from .lateness import read_lateness


@dataclass(frozen=True)
class Closing:
    """The end of an assignment.

    Attributes:
        when:  the latest deadline of anyone, in the zone of the course's.
        whose: the student with that extension; empty where the deadline is everybody's.
        late:  from then on what is handed in late earns nothing; None where it always earns points.
    """

    when: datetime
    whose: str = ""
    late: datetime | None = None


def closing(root: Path | None, assignment: str) -> Closing:
    """The end of an assignment in a course folder; without one that of assignment.toml.

    Extensions count of course.toml and of the gradebook.

    Raises:
        WrongSettingError: course.toml is wrong.
    """
    if root is None:
        stated = load_assignment(assignment).deadline
        alone = stated if stated.tzinfo else stated.astimezone()
        return Closing(alone, late=_late(alone, default_rule(assignment)))
    course, own = Course(root), deadline_of(root, assignment)
    lateness = read_lateness(course)
    found = [(own, ""), *((when, who) for who, when in lateness.extensions.get(assignment, {}).items())]
    found += _in_gradebook(course, assignment, own)
    when, whose = max(found, key=lambda one: in_utc(one[0]))
    when = when.astimezone(own.tzinfo)
    return Closing(when, whose, _late(when, lateness.rule_for(assignment)))


def _in_gradebook(course: Course, assignment: str, deadline: datetime) -> Iterator[tuple[datetime, str]]:
    if gradebook_of(course.root) is None:
        return
    with open_gradebook(course.root) as gradebook:
        try:
            submissions = gradebook.find_assignment(assignment).submissions
        except MissingEntry:  # never released here
            return
        for one in submissions:
            if one.extension:
                yield in_utc(deadline) + one.extension, one.student_id


def _late(when: datetime, rule: Rule | None) -> datetime | None:
    """From when on a rule leaves nothing of the points; None where it never does."""
    if rule is None:
        return None
    days = [rule.latest_days] if rule.latest_days is not None else []
    if rule.penalty_per_day:
        days.append(math.ceil(round(1 / rule.penalty_per_day, 9)) - 1)
    if not days:
        return None
    return when + max(timedelta(days=min(days)), timedelta(minutes=rule.grace_minutes))


def this_moment() -> datetime:
    """Now, in UTC; a function of its own, so that a test may choose it."""
    return datetime.now(UTC)
