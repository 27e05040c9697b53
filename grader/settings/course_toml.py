"""course.toml, read as a whole: a table or key that means nothing is refused, for it was meant to mean something."""

from __future__ import annotations

import difflib
import functools
import tomllib
import zoneinfo
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from exercises.assignment import assignment_names
from grader.model.faults import FaultError

TABLE_NAMES = ("data", "late", "extensions")
QUOTES_ADVICE = (
    'A date stands in quotes, and so does a name with an umlaut, a dot or a blank: "Jürgen-7" = "2030-01-15 23:59"'
)
COURSE_TOML = "course.toml"  # in the course folder
ZONE_EXAMPLE = 'zone = "Europe/Helsinki"'


class WrongSettingError(FaultError, ValueError):
    """course.toml says something that cannot be meant; the text names the key."""


def read_settings(path: Path) -> dict[str, Any]:
    """The zone and the tables of course.toml; none where there is no such file.

    What `[late]` and `[extensions]` hold is for `course/lateness.py` to look at.

    Raises:
        WrongSettingError: it is no TOML, or has a table or a key that means nothing.
    """
    if not path.is_file():
        return {}
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:  # not TOML, or not UTF-8
        raise WrongSettingError(f"{path} cannot be read: {error}. {QUOTES_ADVICE}") from None
    _check_zone(path, tables)
    for name in tables:
        if name not in (*TABLE_NAMES, "zone"):
            listed = ", ".join(f"[{table}]" for table in TABLE_NAMES)
            near = meant(name, (*TABLE_NAMES, "zone"))
            raise WrongSettingError(
                f"{path}: {name} means nothing here{near}; its tables are {listed}, above them {ZONE_EXAMPLE}"
            )
    data, known = tables.get("data", {}), assignment_names()
    if not isinstance(data, dict):
        raise WrongSettingError(
            f'{path}: data is a table: [data], and below it a line such as {known[0]} = "generated"'
        )
    for name, source in data.items():
        if name not in known:
            listed = ", ".join(known)
            raise WrongSettingError(
                f"{path}: [data] {name}: no such assignment{meant(name, known)}; choose from {listed}"
            )
        if not isinstance(source, str):
            raise WrongSettingError(
                f'{path}: [data] {name} = {source!r}, but it is a name in quotes: {name} = "generated"'
            )
    return tables


def _check_zone(path: Path, tables: dict[str, Any]) -> None:
    for name, table in tables.items():
        inner = [table, *table.values()] if isinstance(table, dict) else []
        if any(isinstance(one, dict) and "/" in str(one.get("zone", "")) for one in inner):
            raise WrongSettingError(
                f"{path}: zone lies in [{name}], but it stands above the first table: {ZONE_EXAMPLE}"
            )
    zone = tables.get("zone", "UTC")
    try:
        if not isinstance(zone, str):
            raise WrongSettingError(f"zone = {zone!r}, but it is the name of a time zone in quotes: {ZONE_EXAMPLE}")
        named_zone(zone)
    except WrongSettingError as error:
        raise WrongSettingError(f"{path}: {error}") from None


@functools.lru_cache(maxsize=8)
def named_zone(name: str) -> zoneinfo.ZoneInfo:
    """A time zone by its name.

    Raises:
        WrongSettingError: there is none of this name.
    """
    try:
        return zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        near = meant(name, zoneinfo.available_timezones(), fold=True)
        raise WrongSettingError(f"zone = {name!r}, but it is the name of a time zone{near}: {ZONE_EXAMPLE}") from None


def meant(word: str, known: Iterable[str], *, fold: bool = False) -> str:
    """ " (did you mean late?)" where one of the known words is near; else empty.

    Args:
        fold: whether capitals make no difference.
    """
    words = {one.lower() if fold else one: one for one in known}
    near = difflib.get_close_matches(word.lower(), list(words), n=1)
    return f" (did you mean {words[near[0]]}?)" if near else ""
