"""course.toml, read as a whole: a table or key that means nothing is refused, for it was meant to mean something."""

from __future__ import annotations

import difflib
import functools
import tomllib
import zoneinfo
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from exercises.assignment import assignment_names, load_assignment
from grader.model.faults import FaultError

TABLE_NAMES = ("data", "deadlines", "late", "extensions", "rubric")
QUOTES_ADVICE = (
    'A date stands in quotes, and so does a name with an umlaut, a dot or a blank: "Jürgen-7" = "2030-01-15 23:59"'
)
EXAMPLE_TIME = '"2030-01-15 23:59"'
COURSE_TOML = "course.toml"  # in the course folder
ZONE_EXAMPLE = 'zone = "Europe/Helsinki"'
CONTACT_EXAMPLE = 'contact = "help@course.example, or the forum"'
ABOVE = {"zone": ZONE_EXAMPLE, "contact": CONTACT_EXAMPLE}  # keys above the first table


class WrongSettingError(FaultError, ValueError):
    """course.toml says something that cannot be meant; the text names the key."""


def read_settings(path: Path) -> dict[str, Any]:
    """The zone, the contact and the tables of course.toml; none where there is no such file.

    What `[late]` and `[extensions]` hold is for `course/lateness.py` to look at.  What is set here for an assignment
    wins over what its assignment.toml says.

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
    _check_contact(path, tables)
    for name in tables:
        if name not in (*TABLE_NAMES, *ABOVE):
            listed = ", ".join(f"[{table}]" for table in TABLE_NAMES)
            near = meant(name, (*TABLE_NAMES, *ABOVE))
            raise WrongSettingError(
                f"{path}: {name} means nothing here{near}; its tables are {listed}, "
                f"above them {' and '.join(ABOVE.values())}"
            )
    for name, source in _by_assignment(path, tables, "data", '"generated"').items():
        if not isinstance(source, str):
            raise WrongSettingError(
                f'{path}: [data] {name} = {source!r}, but it is a name in quotes: {name} = "generated"'
            )
    for name, when in _by_assignment(path, tables, "deadlines", EXAMPLE_TIME).items():
        if written_time(when) is None:
            raise WrongSettingError(
                f"{path}: [deadlines] {name} = {str(when)!r}, but it is a date and a time: {name} = {EXAMPLE_TIME}"
            )
    for name, texts in _by_assignment(path, tables, "rubric", '{ QUESTION = "…" }').items():
        _check_rubric(path, name, texts)
    return tables


def _by_assignment(path: Path, tables: dict[str, Any], table: str, example: str) -> dict[str, Any]:
    """A table whose keys are assignments of exercises/; empty where there is none."""
    found, known = tables.get(table, {}), assignment_names()
    if not isinstance(found, dict):
        raise WrongSettingError(
            f"{path}: {table} is a table: [{table}], and below it a line such as {known[0]} = {example}"
        )
    for name in found:
        if name not in known:
            listed = ", ".join(known)
            raise WrongSettingError(
                f"{path}: [{table}] {name}: no such assignment{meant(name, known)}; choose from {listed}"
            )
    return found


def _check_rubric(path: Path, assignment: str, texts: Any) -> None:
    """Refuse what is no table of texts by question."""
    known = [question.name for question in load_assignment(assignment).questions]
    example = f'{known[0] if known else "QUESTION"} = "half of the points for …"'
    if not isinstance(texts, dict):
        raise WrongSettingError(
            f"{path}: rubric.{assignment} is a table: [rubric.{assignment}], and below it a line such as {example}"
        )
    for name, text in texts.items():
        if name not in known:
            questions = ", ".join(known) or "none"
            raise WrongSettingError(
                f"{path}: [rubric.{assignment}] {name}: no such question{meant(name, known)}; it has {questions}"
            )
        if not isinstance(text, str) or not text.strip():
            raise WrongSettingError(f"{path}: [rubric.{assignment}] {name} is a text in quotes: {example}")


def written_time(value: Any) -> datetime | None:
    """A date with its time of day, as TOML has it or as a text; None where it is none.

    A date alone is none: it could mean the begin or the end of that day.
    """
    try:
        when = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return None if isinstance(value, str) and ":" not in value else when


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


def _check_contact(path: Path, tables: dict[str, Any]) -> None:
    for name, table in tables.items():
        if isinstance(table, dict) and isinstance(table.get("contact"), str):
            raise WrongSettingError(
                f"{path}: contact lies in [{name}], but it stands above the first table: {CONTACT_EXAMPLE}"
            )
    contact = tables.get("contact", "somebody")
    if not isinstance(contact, str) or not contact.strip() or not contact.isprintable():
        raise WrongSettingError(
            f"{path}: contact = {contact!r}, but it is whom students ask, one line in quotes: {CONTACT_EXAMPLE}"
        )


def contact_of(root: Path) -> str:
    """Whom the students of a course ask, as its course.toml says; empty where it does not.

    Raises:
        WrongSettingError: course.toml is wrong.
    """
    return str(read_settings(root / COURSE_TOML).get("contact", "")).strip()


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
