"""What the tags of a notebook's cells say: what is for exploration, and which written question a cell belongs to."""

from __future__ import annotations

from collections.abc import Iterable

# Cells that are for the student's evening and that no written answer rests on: where the grader is asked to run a
# notebook, it leaves them out.  Later cells without the tag must not need what they define.
EXPLORATION = "exploration"
QUESTION = "question:"  # followed by the question's name in assignment.toml
NOT_TELLING = ("#", "%", "!", "@", "import ", "from ")


def questions_of(tags: Iterable[object]) -> tuple[str, ...]:
    """The names of the questions that are about a cell with these tags."""
    return tuple(tag.removeprefix(QUESTION) for tag in tags if isinstance(tag, str) and tag.startswith(QUESTION))


def first_line(source: str) -> str:
    """What to call a cell: its first line of code that is neither comment nor import, at most 80 characters."""
    lines = [line.strip() for line in source.splitlines() if line.strip()]
    telling = (line for line in lines if not line.startswith(NOT_TELLING))
    return next(telling, lines[0] if lines else "")[:80]
