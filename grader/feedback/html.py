"""The HTML of pages: one environment and one theme for feedback and report.

A page is one file without scripts and without anything fetched from elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

SHARED = Path(__file__).parent  # theme.css, sheet.css


def environment(folder: Path, **filters: Callable[..., str]) -> Environment:
    """What translates the templates of a folder.  Every text is escaped, and an unknown name is an error.

    Args:
        folder:  a template finds there what it includes, and else beside this file.
        filters: besides `number`.
    """
    made = Environment(
        loader=FileSystemLoader([folder, SHARED]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(number=number, **filters)
    return made


def number(value: float) -> str:
    """Points with at most two decimals: "2", "0.75"."""
    return f"{round(value, 2) + 0.0:g}"  # + 0.0 turns -0.0 into 0.0
