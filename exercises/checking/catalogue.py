"""Finds an assignment's checks: a module a task, in the order of the tasks."""

from __future__ import annotations

import importlib

from ..assignment import Assignment
from .check import Check, checks_in


def checks_of(assignment: Assignment, *packages: str) -> list[Check]:
    """All checks of an assignment, task by task, from each package in turn ("exercises.digits.checks").

    Raises:
        ValueError: two checks share an id, a check stands in another task's module, one needs a check that does not
            come before it, or what is practised at home is not for a public check and a hidden one that train.
    """
    found: list[Check] = []
    for task in assignment.tasks:
        for package in packages:
            for check in checks_in(importlib.import_module(f"{package}.{task.name}")):
                if check.task != task.name:
                    raise ValueError(f"check {check.id} stands in {package}.{task.name}: its id starts with the task")
                found.append(check)
    ids: set[str] = set()
    for check in found:
        if check.id in ids:
            raise ValueError(f"two checks have the id {check.id}")
        if unknown := set(check.needs) - ids:
            raise ValueError(f"check {check.id} needs {sorted(unknown)}, which do not come before it")
        ids.add(check.id)
    _require_practices(found)
    return found


def _require_practices(checks: list[Check]) -> None:
    by_id = {check.id: check for check in checks}
    taken: set[str] = set()
    for check in checks:
        if not check.practice:
            continue
        at_home = by_id.get(check.practice)
        if (
            at_home is None
            or not (at_home.public and at_home.trains and check.trains and check.points)
            or check.public
            or at_home.task != check.task
            or check.practice in taken
        ):
            raise ValueError(
                f"check {check.id} is practised by {check.practice}: a hidden check with points that trains names a "
                "public one of its task that trains, and no other check names that one"
            )
        taken.add(check.practice)


def public_checks(assignment: Assignment) -> list[Check]:
    """The checks that students have."""
    return checks_of(assignment, f"exercises.{assignment.name}.checks")
