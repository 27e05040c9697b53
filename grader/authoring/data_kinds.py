"""Whether the kinds of data that assignment.toml names exist; nothing is drawn."""

from __future__ import annotations

from exercises.assignment import load_assignment
from grader.checks.private.kinds import kind_of
from grader.release.errors import ReleaseError


def refuse_unknown_kinds(assignment: str) -> None:
    """Look up each kind of data that the assignment and its trainings name.

    Raises:
        ReleaseError: there is no such kind, or the assignment's own module of kinds cannot be read.
    """
    facts = load_assignment(assignment)
    found = []
    for name in dict.fromkeys((facts.data, *(rules.data for rules in facts.training.values()))):
        try:
            if name:
                kind_of(assignment, name)
        except ValueError as error:
            found.append(f"exercises/{error}" if str(error).startswith(f"{assignment}/") else str(error))
        except Exception as error:  # what a module raises on its import is any author's
            words = f"{type(error).__name__}: {error}"
            raise ReleaseError(
                f"the kinds of data of {assignment} cannot be read: {words}; see grader/checks/{assignment}/data.py"
            ) from error
    if found:
        raise ReleaseError("\n".join(found))
