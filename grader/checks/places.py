"""Where an assignment's own data lie, without torch: whoever compares versions of verdicts does not wait for it."""

from __future__ import annotations

from exercises.assignment import foundations, load_assignment
from grader import repository


def data_modules(assignment: str) -> tuple[str, ...]:
    """The modules with kinds of an assignment's own, and of those that it builds on, by dotted name."""
    try:
        below = foundations(assignment)
    except ValueError:  # beside a student's notebook, the earlier ones have no assignment.toml
        below = load_assignment(assignment).builds_on
    names = [*below, assignment]
    return tuple(
        f"grader.checks.{name}.data"
        for name in names
        if (repository.REPOSITORY / "grader" / "checks" / name / "data.py").is_file()
    )
