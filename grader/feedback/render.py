"""The page as HTML: one file without scripts and without anything fetched from elsewhere."""

from __future__ import annotations

import functools
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from exercises.checking.looks import LOOKS
from grader.grades.booked import Points, Total

from .contents import Contents


def number(value: float) -> str:
    """Points with at most two decimals: "2", "0.75"."""
    return f"{round(value, 2) + 0.0:g}"  # + 0.0 turns -0.0 into 0.0


def points_text(points: Points) -> str:
    """ "3 / 4", with extra credit "3 / 4 + 0.5 extra", or "not marked yet (4)"."""
    if points.earned is None:
        return f"not marked yet ({number(points.maximum)})"
    extra = f" + {number(points.extra)} extra" if points.extra else ""
    return f"{number(points.earned)} / {number(points.maximum)}{extra}"


def total_text(total: Total) -> str:
    """The total in words; points that nobody has given yet are named, never counted as 0."""
    everything = number(total.maximum)
    if total.complete:
        return f"{number(total.points)} of {everything} points"
    if total.waiting == total.maximum:
        return f"not marked yet ({everything} points)"
    so_far, waiting = number(total.points), number(total.waiting)
    return f"{so_far} points so far; {waiting} of the {everything} points are not marked yet"


def render(contents: Contents) -> str:
    """The contents as one HTML page.  Every text is escaped."""
    return _template().render(page=contents, marks=LOOKS)


@functools.cache
def _template() -> Template:
    """Translated once: that takes longer than a page."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(number=number, points=points_text, total=total_text)
    return environment.get_template("page.html.j2")
