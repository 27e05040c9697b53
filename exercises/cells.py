"""What the cells of a notebook say of themselves: by tags, by their first line, by the outputs saved with them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

# Cells that are for the student's evening and that no written answer rests on: where the grader is asked to run a
# notebook, it leaves them out.  Later cells without the tag must not need what they define.
EXPLORATION = "exploration"
QUESTION = "question:"  # followed by the question's name in assignment.toml
NOT_TELLING = ("#", "%", "!", "@", "import ", "from ")
WIDGET = "application/vnd.jupyter.widget-view+json"
OBJECT_PATTERN = re.compile(r"<(?:[\w.]+ object(?: at 0x[0-9a-f]+)?|Figure size [^>]*)>")  # a browser's


def questions_of(tags: Iterable[object]) -> tuple[str, ...]:
    """The names of the questions that are about a cell with these tags."""
    return tuple(tag.removeprefix(QUESTION) for tag in tags if isinstance(tag, str) and tag.startswith(QUESTION))


def first_line(source: str) -> str:
    """What to call a cell: its first line of code that is neither comment nor import, at most 80 characters."""
    lines = [line.strip() for line in source.splitlines() if line.strip()]
    telling = (line for line in lines if not line.startswith(NOT_TELLING))
    return next(telling, lines[0] if lines else "")[:80]


def can_be_shown(data: Mapping[str, str]) -> bool:
    """Whether something displayed can be shown to whoever marks: a PNG picture, or text that says something.

    Args:
        data: its representations by type, each as one string.
    """
    words = data.get("text/plain", "").strip()
    return bool(data.get("image/png")) or (WIDGET not in data and bool(words) and not OBJECT_PATTERN.fullmatch(words))
