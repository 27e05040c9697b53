"""The points of a task, and those of its checks."""

from __future__ import annotations

from exercises.assignment import Assignment
from exercises.checking.catalogue import checks_of

from .errors import ReleaseError

HUNDREDTHS = 9  # decimals to which sums of hundredths are rounded, far below one


def refuse_points_that_do_not_add_up(facts: Assignment) -> None:
    """Compare what the checks of each task give, without extra credit, with what assignment.toml promises.

    Raises:
        ReleaseError: a task's checks give more or less than its points, or the checks cannot be read.
    """
    packages = (f"exercises.{facts.name}.checks", f"grader.checks.{facts.name}")
    try:
        checks = checks_of(facts, *packages)
    except (ImportError, SyntaxError, ValueError) as error:
        raise ReleaseError(f"the checks of {facts.name} cannot be read: {error}") from error
    for task in facts.tasks:
        mine = [check for check in checks if check.task == task.name and not check.extra]
        total = round(sum(check.points for check in mine), HUNDREDTHS)
        if total != task.points:
            each = ", ".join(f"{check.id} {check.points:g}" for check in mine)
            raise ReleaseError(
                f"task {task.name} has {task.points:g} points in exercises/{facts.name}/assignment.toml, but its "
                f"checks add up to {total:g} without extra credit ({each or 'there is none'}); make the two equal"
            )
