"""Writes a feedback page as HTML."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Template

from exercises.checking.verdict import Status
from grader.grades.total import Grade, Total

from .contents import Contents
from .html import environment, number


@dataclass(frozen=True)
class Mark:
    """How a status looks: a sign, a word, the name of its colour.  The word says it all; the others help the eye."""

    sign: str
    word: str
    colour: str


MARKS = {
    Status.PASSED: Mark("✓", "passed", "good"),
    Status.PARTLY: Mark("◐", "partly", "fair"),
    Status.FAILED: Mark("✗", "failed", "bad"),
    Status.NOT_RUN: Mark("○", "not run", "idle"),
    Status.ERROR: Mark("?", "not checked yet", "idle"),
}


def points_text(grade: Grade) -> str:
    """ "3 / 4", with extra credit "3 / 4 + 0.5 extra", or "not marked yet (4)"."""
    if grade.points is None:
        return f"not marked yet ({number(grade.maximum)})"
    extra = f" + {number(grade.extra)} extra" if grade.extra else ""
    return f"{number(grade.points)} / {number(grade.maximum)}{extra}"


def total_text(total: Total) -> str:
    """The total in words; points that nobody has given yet are named, never counted as 0."""
    everything = number(total.maximum)
    if total.points is not None:
        return f"{number(total.points)} of {everything} points"
    if total.waiting == total.maximum:
        return f"not marked yet ({everything} points)"
    so_far, waiting = number(total.so_far), number(total.waiting)
    return f"{so_far} points so far; {waiting} of the {everything} points are not marked yet"


def render(contents: Contents) -> str:
    """The contents as one HTML page.  Every text is escaped."""
    return _template().render(page=contents, marks=MARKS)


@functools.cache
def _template() -> Template:
    """Translated once: that takes longer than a page."""
    return environment(Path(__file__).parent, points=points_text, total=total_text).get_template("page.html.j2")
