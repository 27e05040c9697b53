"""Writes a feedback page as HTML."""

from __future__ import annotations

import functools
from pathlib import Path

from jinja2 import Template

from exercises.checking.looks import LOOKS
from grader.grades.total import Grade, Total

from .contents import Contents
from .html import environment, number


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
    return _template().render(page=contents, marks=LOOKS)


@functools.cache
def _template() -> Template:
    """Translated once: that takes longer than a page."""
    return environment(Path(__file__).parent, points=points_text, total=total_text).get_template("page.html.j2")
