"""The groups of an assignment of ours: the checks of each task."""

from __future__ import annotations

import functools

from exercises.assignment import load_assignment
from exercises.checking import Check
from exercises.checking.catalogue import checks_of
from grader.grading.plan import Group


@functools.cache
def groups_of(assignment: str) -> tuple[Group, ...]:
    """Every group, task by task, with public and hidden checks that are worth points.

    Checks without points only inform students.

    Raises:
        ValueError: a check needs one of another task, so that the tasks could not be graded one by one.
    """
    facts = load_assignment(assignment)
    checks = checks_of(facts, f"exercises.{assignment}.checks", f"grader.checks.{assignment}")
    for check in checks:
        if foreign := [need for need in check.needs if need.split(".")[0] != check.task]:
            raise ValueError(f"check {check.id} needs {foreign} of another task: each task is graded by itself")
    return tuple(Group(t.name, tuple(c for c in checks if c.task == t.name and c.points > 0)) for t in facts.tasks)


def graded_checks(assignment: str) -> list[Check]:
    """All checks that are worth points, in their order."""
    return [check for group in groups_of(assignment) for check in group.checks]
