"""The two pages as HTML: each one file without scripts and without anything fetched from elsewhere."""

from __future__ import annotations

import functools
from pathlib import Path

from jinja2 import Template

from grader.feedback.html import environment

from .beside import Beside
from .notes import Notes


def notes_page(notes: Notes) -> str:
    """The model solution with notes.  Every text is escaped."""
    return _template("notes.html.j2").render(page=notes)


def beside_page(beside: Beside) -> str:
    """One student's files beside it.  Every text is escaped."""
    return _template("beside.html.j2").render(page=beside)


@functools.cache
def _template(name: str) -> Template:
    return environment(Path(__file__).parent).get_template(name)
