"""A course's deadlines and its time zone: where a moment is written without an offset, this says which moment it is.

    [deadlines]                      in course.toml: they win over those of assignment.toml
    digits = "2030-01-15 23:59"      in the course's zone; without one, in that of assignment.toml's deadline

A zone by name knows when the clocks change; an offset that was right in October is wrong in November.
"""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from exercises.assignment import assignment_names, load_assignment

from .course_toml import (
    COURSE_TOML,
    EXAMPLE_TIME,
    ZONE_EXAMPLE,
    WrongSettingError,
    named_zone,
    read_settings,
    written_time,
)


def named_zone_of(root: Path) -> tzinfo | None:
    """The zone that course.toml names; None where it names none.

    Raises:
        WrongSettingError: course.toml is wrong.
    """
    name = read_settings(root / COURSE_TOML).get("zone")
    return named_zone(name) if name else None


def zone_of(root: Path, assignment: str) -> tzinfo:
    """The zone in which an assignment's times are written and its days counted.

    The one that course.toml names, or else the deadline's own offset, be it of course.toml or of assignment.toml; UTC
    for an assignment that is not in exercises/.

    Raises:
        WrongSettingError: course.toml is wrong.
    """
    if (zone := named_zone_of(root)) is not None:
        return zone
    if assignment not in assignment_names():
        return UTC
    stated = stated_deadline(root, assignment)
    return (stated or load_assignment(assignment).deadline).tzinfo or UTC


def stated_deadline(root: Path, assignment: str) -> datetime | None:
    """The deadline that course.toml sets, in the course's zone; None where it sets none for this assignment.

    Raises:
        WrongSettingError: course.toml is wrong, or there is no zone to read it in.
    """
    value = read_settings(root / COURSE_TOML).get("deadlines", {}).get(assignment)
    if value is None:
        return None
    named = named_zone_of(root)
    zone = named or load_assignment(assignment).deadline.tzinfo
    try:
        when = due_date(value, zone, f"[deadlines] {assignment}")
    except WrongSettingError as error:
        raise WrongSettingError(f"{root / COURSE_TOML}: {error}") from None
    return when.astimezone(named or when.tzinfo)


def deadline_of(root: Path, assignment: str) -> datetime:
    """The deadline of an assignment in a course, in the course's zone: course.toml's, else that of assignment.toml.

    Raises:
        WrongSettingError: course.toml is wrong; or the deadline has no offset, and course.toml names no zone.
    """
    if (stated := stated_deadline(root, assignment)) is not None:
        return stated
    when, zone = load_assignment(assignment).deadline, named_zone_of(root)
    if when.tzinfo is not None:
        return when.astimezone(zone or when.tzinfo)
    if zone is None:
        raise WrongSettingError(
            f"{assignment}/assignment.toml: the deadline {when} has no offset from UTC: write {when}+02:00, "
            f'or name the zone at the top of {root / COURSE_TOML}: zone = "Europe/Helsinki"'
        )
    return latest_of(when, zone)


def due_date(value: Any, zone: tzinfo | None, key: str) -> datetime:
    """A deadline as course.toml has it: a date with its time of day, with its own offset or in a zone.

    Args:
        key: what stands before it there, for messages: "[deadlines] digits".

    Raises:
        WrongSettingError: it is no such time, or it has neither offset nor zone.
    """
    when = written_time(value)
    if when is None:
        raise WrongSettingError(f"{key} = {str(value)!r}, but it is a date and a time: {EXAMPLE_TIME}")
    if when.tzinfo is not None:
        return when
    if zone is None:
        raise WrongSettingError(
            f"{key} = {str(value)!r}, but there is no time zone to read it in, neither here nor in a deadline of "
            'assignment.toml: write it with its offset, "2030-01-15 23:59+01:00", or name the zone at the top of the '
            f"file: {ZONE_EXAMPLE}"
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


def in_words(when: datetime) -> str:
    """A deadline for people to read: "Tuesday 15 January 2030, 23:59 (UTC+0200, Europe/Helsinki)"."""
    zone = [f"UTC{when:%z}"] if when.tzinfo else []
    zone += [when.tzinfo.key] if isinstance(when.tzinfo, ZoneInfo) else []
    return f"{when:%A %d %B %Y, %H:%M}" + (f" ({', '.join(zone)})" if zone else "")


def in_utc(when: datetime) -> datetime:
    """The same moment in UTC: two times of one zone are compared by their clocks, wrongly where these change."""
    return when.astimezone(UTC)


def _both(when: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    return when.replace(tzinfo=zone, fold=0), when.replace(tzinfo=zone, fold=1)
