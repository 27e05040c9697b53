"""The mutants that are right answers too, listed beside the solution with the reason.

    [[harmless]]                             solutions/<assignment>/harmless_mutants.toml
    module = "receptive_field"
    places = ["dense_parameters"]            the functions with this line; [""] outside of any
    before = "return n_units * (n_inputs + int(bias))"
    after = ["return n_units * (n_inputs + bias)"]
    reason = "True counts as 1 in a sum."

Lines are written as Python writes them back from its syntax tree, so that a comment or a line break changes nothing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from exercises.assignment import load_assignment
from grader import repository
from grader.authoring.galleries import GalleryError

from .mutate import Mutant

KEYS = ("module", "places", "before", "after", "reason")
LISTS = ("places", "after")


@dataclass(frozen=True)
class Harmless:
    """One entry, for one mutant."""

    module: str
    place: str
    before: str
    after: str
    reason: str

    def fits(self, mutant: Mutant) -> bool:
        """Whether this is the mutant that the entry is about."""
        mine = (self.module, self.place, self.before, self.after)
        return mine == (mutant.module, mutant.place, mutant.before, mutant.after)

    def __str__(self) -> str:
        return f"{self.module}.py, {self.place or 'the module'}: {self.before}  ->  {self.after}"


def harmless_mutants(assignment: str) -> tuple[Harmless, ...]:
    """The assignment's list; nothing where it has none.

    Raises:
        GalleryError: the file is no TOML, or an entry is not what it should be; the message names the entry.
    """
    path = repository.solutions(assignment) / "harmless_mutants.toml"
    if not path.is_file():
        return ()
    place = f"solutions/{assignment}/{path.name}"
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise GalleryError(f"{place} is no TOML: {error}") from None
    entries = tables.pop("harmless", [])
    if tables or not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise GalleryError(f"{place}: it holds entries, and nothing else; each begins with a line [[harmless]]")
    for number, entry in enumerate(entries, start=1):
        _refuse(entry, f"{place}, entry {number}", load_assignment(assignment).modules)
    return tuple(
        Harmless(entry["module"], where, entry["before"], after, entry["reason"])
        for entry in entries
        for where in entry["places"]
        for after in entry["after"]
    )


def _refuse(entry: Mapping[str, Any], place: str, modules: Collection[str]) -> None:
    """Refuse an entry with other keys than it has to have, or with other values."""
    if entry.keys() != set(KEYS):
        missing, strange = ", ".join(set(KEYS) - entry.keys()), ", ".join(entry.keys() - set(KEYS))
        found = [f"lacks {missing}"] * bool(missing) + [f"has no {strange}"] * bool(strange)
        raise GalleryError(f"{place} {' and '.join(found)}; its keys are {', '.join(KEYS)}")
    for key, value in entry.items():
        texts = value if isinstance(value, list) else [value]
        if isinstance(value, list) != (key in LISTS) or not all(isinstance(text, str) for text in texts):
            raise GalleryError(f"{place}: {key} is {'a list of texts' if key in LISTS else 'a text'}, not {value!r}")
    if entry["module"] not in modules:
        raise GalleryError(f"{place}: there is no module {entry['module']}; choose from {', '.join(modules)}")
