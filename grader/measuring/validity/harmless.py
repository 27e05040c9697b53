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
from dataclasses import dataclass

from grader import repository
from grader.authoring.galleries import GalleryError

from .mutate import Mutant


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
        GalleryError: an entry is not complete.
    """
    path = repository.solutions(assignment) / "harmless_mutants.toml"
    if not path.is_file():
        return ()
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))["harmless"]
        return tuple(
            Harmless(entry["module"], place, entry["before"], after, entry["reason"])
            for entry in entries
            for place in entry["places"]
            for after in entry["after"]
        )
    except (KeyError, TypeError, ValueError) as error:
        raise GalleryError(f"{path.name}: {type(error).__name__}: {error}") from error
