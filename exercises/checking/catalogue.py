"""Finds an assignment's checks: a module a task, in the order of the tasks."""

from __future__ import annotations

import importlib

from ..assignment import Assignment
from .check import Check, checks_in


def checks_of(assignment: Assignment, *packages: str) -> list[Check]:
    """All checks of an assignment, task by task, from each package in turn ("exercises.digits.checks").

    Raises:
        ValueError: two checks share an id, a check stands in another task's module, or one needs a check that does
            not come before it.
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
    return found


def public_checks(assignment: Assignment) -> list[Check]:
    """The checks that students have."""
    return checks_of(assignment, f"exercises.{assignment.name}.checks")
