"""course.toml, read as a whole: a table or key that means nothing is refused, for it was meant to mean something."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from exercises.assignment import assignment_names

from .faults import Fault

TABLES = ("data", "late", "extensions")


class WrongSetting(Fault, ValueError):
    """course.toml says something that cannot be meant; the text names the key."""


def read_settings(path: Path) -> dict[str, Any]:
    """The tables of course.toml; none where there is no such file.

    What `[late]` and `[extensions]` hold is for `gradebook.late` to look at.

    Raises:
        WrongSetting: it is no TOML, or has a table or a key that means nothing.
    """
    if not path.is_file():
        return {}
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:  # not TOML, or not UTF-8
        raise WrongSetting(f'{path} cannot be read: {error}. A date stands in quotes: "2030-01-15 23:59"') from None
    for name in tables:
        if name not in TABLES:
            listed = ", ".join(f"[{table}]" for table in TABLES)
            raise WrongSetting(f"{path}: {name} means nothing here{meant(name, TABLES)}; its tables are {listed}")
    data, known = tables.get("data", {}), assignment_names()
    if not isinstance(data, dict):
        raise WrongSetting(f'{path}: data is a table: [data], and below it a line such as {known[0]} = "generated"')
    for name, source in data.items():
        if name not in known:
            listed = ", ".join(known)
            raise WrongSetting(f"{path}: [data] {name}: no such assignment{meant(name, known)}; choose from {listed}")
        if not isinstance(source, str):
            raise WrongSetting(f'{path}: [data] {name} = {source!r}, but it is a name in quotes: {name} = "generated"')
    return tables


def meant(word: str, known: Iterable[str]) -> str:
    """ " (did you mean late?)" where one of the known words is near; else empty."""
    near = difflib.get_close_matches(word.lower(), list(known), n=1)
    return f" (did you mean {near[0]}?)" if near else ""
