"""Reads a file of typical mistakes, and says in words what an entry lacks.

An entry, which begins with [[wrong]], has a `name` of its own and a `description`, one sentence for those who read the
gallery and the report.  `edit` lists texts of the module, each occurring exactly once, with what replaces them; in its
place `unwritten = true` stands for the module as it was released.  `caught_by` lists the checks that must not pass
("pooling.*": all of a task), `partly` those whose points depend on luck, with the lowest and the highest that are due.
`ends = false` marks code that runs for ever.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

KEYS = ("name", "description", "edit", "unwritten", "caught_by", "partly", "ends")
EXAMPLE_EDIT = 'edit = [{ old = "/ count", new = "/ x.shape[-1]" }]'
EXAMPLE_CAUGHT_BY = 'caught_by = ["pooling.values"]'
EXAMPLE_PARTLY = 'partly = { "accuracy.hidden_test" = [0.5, 2.0] }'


@dataclass(frozen=True)
class Entry:
    """One mistake as its file has it; the fields are those of `WrongAnswer`."""

    name: str
    description: str
    edits: tuple[tuple[str, str], ...] = ()
    caught_by: tuple[str, ...] = ()
    partly: dict[str, tuple[float, float]] = field(default_factory=dict)
    ends: bool = True
    unwritten: bool = False


def read_entries(text: str, *, of_all_modules: bool) -> tuple[Entry, ...]:
    """The entries of a file of mistakes.

    Args:
        of_all_modules: whether it is the file for mistakes of no single module.

    Raises:
        ValueError: it is no TOML, or an entry is not what it should be; the message names the entry.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"it is no TOML: {error}") from None
    entries = tables.pop("wrong", [])
    if tables:
        raise ValueError(f"{_listed(tables)} means nothing here; each entry begins with [[wrong]]")
    if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
        raise ValueError("it has no entry; each begins with a line [[wrong]]")
    return tuple(_entry(entry, f"entry {number}", of_all_modules) for number, entry in enumerate(entries, start=1))


def _entry(table: Mapping[str, Any], place: str, of_all_modules: bool) -> Entry:
    name = table.get("name")
    if not isinstance(name, str) or not name.strip():
        raise ValueError(f'{place} needs a name: name = "dilation_forgotten"')
    place = f"mistake {name!r}"
    for key in table:
        if key not in KEYS:
            near = "".join(f" (did you mean {one}?)" for one in get_close_matches(key, KEYS, n=1))
            raise ValueError(f"{place} has no {key}{near}; its keys are {', '.join(KEYS)}")
    description = table.get("description")
    if not isinstance(description, str) or not description.strip():
        raise ValueError(f'{place} needs a sentence that tells it: description = "The dilation is ignored."')
    for key in ("unwritten", "ends"):
        if not isinstance(table.get(key, True), bool):
            raise ValueError(f"{place}: {key} = {table[key]!r}, but it is true or false")
    found = Entry(
        name=name,
        description=description,
        edits=_edits(table.get("edit", []), place),
        caught_by=_caught_by(table.get("caught_by", []), place),
        partly=_partly(table.get("partly", {}), place),
        ends=table.get("ends", True),
        unwritten=table.get("unwritten", False),
    )
    if of_all_modules and not found.unwritten:
        raise ValueError(
            f"{place} belongs into the file of the module that it changes (pooling.toml for pooling.py); "
            "this file is for what was handed in as it was released: unwritten = true"
        )
    if found.unwritten == bool(found.edits):
        what = "both edit and unwritten" if found.unwritten else "nothing that differs from the solution"
        raise ValueError(f"{place} has {what}: write {EXAMPLE_EDIT}, or unwritten = true for the module as released")
    if not found.caught_by and not found.partly:
        raise ValueError(f"{place} names no check that catches it: write {EXAMPLE_CAUGHT_BY}")
    return found


def _edits(value: Any, place: str) -> tuple[tuple[str, str], ...]:
    pairs = value if isinstance(value, list) else [value]
    for pair in pairs:
        fits = isinstance(pair, dict) and pair.keys() == {"old", "new"} and pair["old"]
        if not fits or not all(isinstance(text, str) for text in pair.values()):
            raise ValueError(f"{place}: edit is a list of tables with the texts old and new: {EXAMPLE_EDIT}")
    return tuple((pair["old"], pair["new"]) for pair in pairs)


def _caught_by(value: Any, place: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(pattern, str) for pattern in value):
        raise ValueError(f"{place}: caught_by = {value!r}, but it is a list of checks: {EXAMPLE_CAUGHT_BY}")
    return tuple(value)


def _partly(value: Any, place: str) -> dict[str, tuple[float, float]]:
    bands: list[Any] = list(value.values()) if isinstance(value, dict) else [None]
    for band in bands:
        fits = isinstance(band, list) and len(band) == 2 and all(type(points) in (int, float) for points in band)
        if not fits or not 0 <= band[0] <= band[1]:
            words = "partly names the lowest and the highest points of each check, in this order"
            raise ValueError(f"{place}: {words}: {EXAMPLE_PARTLY}")
    return {check: (float(low), float(high)) for check, (low, high) in value.items()}


def _listed(names: Mapping[str, Any]) -> str:
    return ", ".join(names)
