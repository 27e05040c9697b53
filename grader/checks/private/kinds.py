"""Which kinds of data there are for trainings, and for the notebooks of an assignment.

The framework has the two of `datasets/`; an assignment adds its own in `grader/checks/NAME/data.py`, which whoever
builds on it has too.  Such a module has `KINDS`, a tuple of `DataKind`.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exercises.assignment import load_assignment
from grader.checks.places import data_modules

BUILT_IN = ("grader.checks.private.digits", "grader.checks.private.speech")


def _here(source: str) -> None:
    """Nothing is needed for data that are made here and now."""


def _none() -> list[Path]:
    return []


@dataclass(frozen=True)
class DataKind:
    """One kind of data: how a course draws its own, and how a student meets them.

    What is drawn is a frozen dataclass of tensors, or of such dataclasses: sizes, classes and names are the kind's.

    Attributes:
        name:     as assignment.toml has it.
        draw:     (examples to learn from, examples in each part of the test, seed, source) -> data of one attempt, the
                  same for a whole course.  Private data are made here and now, or chosen by the seed out of real ones;
                  nothing of them is left in a file.
        disguise: (data, seed) -> the same data as one student meets them: new names of the classes, and whatever
                  makes what was learned elsewhere worthless and disturbs no honest training.  Training and test alike;
                  what it was given stays as it is.
        require:  (source): raises datasets.DataError, with what to do, where real data of that name do not lie here.
        files:    the generated public data that students have, as files of the cache, made first where they are
                  missing: so no notebook makes them anew while it is graded.
    """

    name: str
    draw: Callable[[int, int, int, str], Any]
    disguise: Callable[[Any, int], Any]
    require: Callable[[str], object] = _here
    files: Callable[[], list[Path]] = _none


@functools.cache
def kinds_of(assignment: str) -> dict[str, DataKind]:
    """The kinds of data that an assignment can use, by name.

    Raises:
        ValueError: two of them have the same name.
    """
    found: dict[str, DataKind] = {}
    for module in (*BUILT_IN, *data_modules(assignment)):
        for kind in importlib.import_module(module).KINDS:
            if kind.name in found:
                raise ValueError(f"{module}: there is a kind of data {kind.name!r} already: give it another name")
            found[kind.name] = kind
    return found


def kind_of(assignment: str, name: str) -> DataKind:
    """The kind of this name.

    Raises:
        ValueError: there is none; the message lists those that there are.
    """
    kinds = kinds_of(assignment)
    if name not in kinds:
        raise ValueError(
            f"{assignment}/assignment.toml: data = {name!r}, but the kinds of data are {', '.join(kinds)}; "
            f"one of its own belongs into grader/checks/{assignment}/data.py"
        )
    return kinds[name]


def require_source(assignment: str, source: str) -> None:
    """Whether all data that trainings of this assignment are judged on lie on this machine.

    Raises:
        datasets.DataError: some do not; the message says what to do.
        ValueError: assignment.toml names a kind that there is not.
    """
    for rules in load_assignment(assignment).training.values():
        if rules.data:
            kind_of(assignment, rules.data).require(source)


def public_files(assignment: str) -> list[Path]:
    """The generated public data of an assignment, as files.  Raises ValueError for a kind that there is not."""
    facts = load_assignment(assignment)
    kinds = dict.fromkeys(name for name in (facts.data, *(one.data for one in facts.training.values())) if name)
    return list(dict.fromkeys(path for name in kinds for path in kind_of(assignment, name).files()))
