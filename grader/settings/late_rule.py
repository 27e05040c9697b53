"""What lateness costs: the table [late] of course.toml, or of assignment.toml, where it is the default."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from exercises.assignment import assignment_names, load_assignment

from .course_toml import WrongSettingError, meant

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


def default_rule(assignment: str) -> Rule | None:
    """The rule of assignment.toml, for courses whose course.toml has none; None where that has none either.

    Raises:
        WrongSettingError: its table [late] cannot be meant.
    """
    table = load_assignment(assignment).late if assignment in assignment_names() else None
    if table is None:
        return None
    try:
        return rule_of(table)
    except WrongSettingError as error:
        raise WrongSettingError(f"exercises/{assignment}/assignment.toml: {error}") from None


def rule_of(table: Any) -> Rule:
    """The rule that a table [late] states.

    Raises:
        WrongSettingError: it cannot be meant; the text names the key.
    """
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


def _counted(days: int) -> str:
    return f"{days} day" if days == 1 else f"{days} days"
