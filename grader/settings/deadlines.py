"""A course's deadlines and its time zone: where a moment is written without an offset, this says which moment it is.

A zone by name knows when the clocks change; an offset that was right in October is wrong in November.
"""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from pathlib import Path

from exercises.assignment import assignment_names, load_assignment

from .course_toml import COURSE_TOML, WrongSettingError, named_zone, read_settings

EXAMPLE_TIME = '"2030-01-15 23:59"'


def named_zone_of(root: Path) -> tzinfo | None:
    """The zone that course.toml names; None where it names none.

    Raises:
        WrongSettingError: course.toml is wrong.
    """
    name = read_settings(root / COURSE_TOML).get("zone")
    return named_zone(name) if name else None


def zone_of(root: Path, assignment: str) -> tzinfo:
    """The zone in which an assignment's times are written and its days counted.

    The one that course.toml names, or else the deadline's own offset; UTC for an assignment that is not in exercises/.

    Raises:
        WrongSettingError: course.toml is wrong.
    """
    if (zone := named_zone_of(root)) is not None:
        return zone
    return load_assignment(assignment).deadline.tzinfo or UTC if assignment in assignment_names() else UTC


def deadline_of(root: Path, assignment: str) -> datetime:
    """The deadline that assignment.toml sets, in the course's zone.

    Raises:
        WrongSettingError: it has neither an offset, nor does course.toml name a zone.
    """
    when, zone = load_assignment(assignment).deadline, named_zone_of(root)
    if when.tzinfo is not None:
        return when.astimezone(zone or when.tzinfo)
    if zone is None:
        raise WrongSettingError(
            f"{assignment}/assignment.toml: the deadline {when} has no offset from UTC: write {when}+02:00, "
            f'or name the zone at the top of {root / COURSE_TOML}: zone = "Europe/Helsinki"'
        )
    return latest_of(when, zone)


def moment(text: str, zone: tzinfo | None) -> datetime:
    """A date and a time of day, with its own offset or in a zone; where the clocks show it twice, the earlier.

    Raises:
        ValueError: it is none; a date alone could mean the begin or the end of that day.
    """
    when = datetime.fromisoformat(text.strip())
    if ":" not in text:
        raise ValueError(f"{text!r} is a date without a time of day")
    if when.tzinfo is not None:
        return when
    if zone is None:
        raise ValueError(f"{text!r} has no offset from UTC")
    return min(_both(when, zone), key=in_utc)


def latest_of(when: datetime, zone: tzinfo) -> datetime:
    """A deadline by the clocks of a zone; where they show it twice, the later one: in doubt for the student."""
    return max(_both(when, zone), key=in_utc)


def in_utc(when: datetime) -> datetime:
    """The same moment in UTC: two times of one zone are compared by their clocks, wrongly where these change."""
    return when.astimezone(UTC)


def _both(when: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    return when.replace(tzinfo=zone, fold=0), when.replace(tzinfo=zone, fold=1)
