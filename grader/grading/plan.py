"""What is graded, recorded and graded again by itself: the checks of each task, and the notebook."""

from __future__ import annotations

from dataclasses import dataclass

from exercises.checking import Check

NOTEBOOK = "notebook"


@dataclass(frozen=True)
class Group:
    """The checks of one task, or the notebook's run, which has none.  A group stands alone: no check needs another's.

    Attributes:
        name: the task's name, or "notebook".
    """

    name: str
    checks: tuple[Check, ...] = ()
