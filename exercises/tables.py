"""Reads a table of assignment.toml: known keys, values of the kind that is meant, or one sentence that says so."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class Kind:
    """What a value may be: in words, and as a test."""

    words: str
    fits: Callable[[Any], bool]


def is_number(value: Any) -> bool:
    """Whether a value is a finite number; True is none here."""
    return type(value) in (int, float) and math.isfinite(value)


TEXT = Kind("a text", lambda value: isinstance(value, str))
TITLE = Kind("a text that is not empty", lambda value: isinstance(value, str) and bool(value.strip()))
NAME = Kind(
    'a name like "first_week": a letter, then letters, digits and "_"',
    lambda value: isinstance(value, str) and bool(re.fullmatch(r"[a-zA-Z][a-zA-Z0-9_]*", value)),
)
COUNT = Kind("a whole number, at least 1", lambda value: type(value) is int and value >= 1)
LEVEL = Kind("1, 2 or 3", lambda value: type(value) is int and 1 <= value <= 3)
NUMBER = Kind("a number", is_number)
POINTS = Kind("a number, at least 0", lambda value: is_number(value) and value >= 0)
SWITCH = Kind("true or false", lambda value: isinstance(value, bool))
MOMENT = Kind(
    "a date with its time of day, without quotation marks: 2030-01-15T23:59:00+02:00",
    lambda value: isinstance(value, datetime),
)
TABLE = Kind("a table", lambda value: isinstance(value, dict))
TABLES = Kind("a list of tables, each below a line of its own in double brackets", lambda value: _all_tables(value))
ANYTHING = Kind("a value", lambda value: True)


def read_table(where: str, table: Any, required: Mapping[str, Kind], optional: Mapping[str, Kind]) -> dict[str, Any]:
    """The table itself, if it has all keys that it needs, no other, and values that fit.

    Args:
        where: what stands before a key in messages: "[[task]] spectra: "; empty at the top of the file.

    Raises:
        ValueError: it does not; the message names the key and what is due.
    """
    if not isinstance(table, dict):
        raise ValueError(f"{where}{table!r} stands where a table is due")
    known = {**required, **optional}
    for key, value in table.items():
        if key not in known:
            raise ValueError(f"{where}there is no key {key}{advice(key, known)}")
        if not known[key].fits(value):
            raise ValueError(f"{where}{key} = {_shown(value)}, but it is {known[key].words}")
    for key, kind in required.items():
        if key not in table:
            raise ValueError(f"{where}{key} is missing: it is {kind.words}")
    return table


def advice(key: str, known: Iterable[str]) -> str:
    """What may have been meant by a key that nobody knows."""
    names = list(known)
    near = difflib.get_close_matches(key, names, 1)
    return f": is {near[0]} meant?" if near else f"; choose from {', '.join(names)}"


def refuse_twice(what: str, names: Iterable[str]) -> None:
    """Refuse a name that stands twice.

    Raises:
        ValueError: one does.
    """
    seen = set()
    for name in names:
        if name in seen:
            raise ValueError(f"two {what}s are called {name!r}: each has a name of its own")
        seen.add(name)


def _all_tables(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def _shown(value: Any) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value) if isinstance(value, date) else repr(value)
    return text if len(text) <= 80 else f"{text[:80]} …"
