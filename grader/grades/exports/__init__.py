"""A course's grades in the form of another system, a file each.

A format is a module of its name in this folder with `write(table, path, options) -> Exported`, and its name in FORMATS.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from grader.grades.table import Table

FORMATS = ("csv", "moodle", "canvas")  # as `export --format` offers them, the first by default


@dataclass(frozen=True)
class Options:
    """What a person can ask for; each format reads what concerns it.

    Attributes:
        column:             the heading, as an export of Canvas has it ("Digits (123456)"); the title where empty.
        maximum:            the maximum grade that is set in the other system; None: the assignment's points.
        numbers_from_names: whether a folder of which nothing is noted gives its number at the end of its name.
    """

    column: str = ""
    maximum: float | None = None
    numbers_from_names: bool = False


@dataclass(frozen=True)
class Exported:
    """What was written, and what was not.

    Attributes:
        written:  how many students.
        left_out: those whom this platform does not know.
        unnoted:  those of whom nothing is noted, though their folders' names end in a number.
        by_name:  those whose number was taken from there.
        capped:   those who have more points than the maximum, which was written instead.
        maximum:  points.
    """

    written: int
    left_out: tuple[str, ...] = ()
    unnoted: tuple[str, ...] = ()
    by_name: tuple[str, ...] = ()
    capped: tuple[str, ...] = ()
    maximum: float = 0.0


class Writer(Protocol):
    """A format's `write`: it writes the table to the path, and says what became of everybody.

    Raises:
        ValueError: nothing was written; the message says why.
    """

    def __call__(self, table: Table, path: Path, options: Options) -> Exported: ...


def writer_of(form: str) -> Writer:
    """The `write` of a format; its module is imported only now, since nbgrader and SQLAlchemy take a second."""
    write: Writer = import_module(f"{__name__}.{form}").write
    return write
