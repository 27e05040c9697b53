"""Texts side by side: the lines in which two versions of a module differ, with a few around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from textwrap import dedent

from grader.model.text import fit


@dataclass(frozen=True)
class Line:
    """A line of one of two texts, and whether the other has it too, in this place."""

    text: str
    same: bool


@dataclass(frozen=True)
class Hunk:
    """Lines that belong together: those of the first text and those of the second, each from a line number on."""

    first: tuple[Line, ...]
    second: tuple[Line, ...]
    first_at: int
    second_at: int


def hunks(first: Sequence[str], second: Sequence[str], around: int) -> tuple[Hunk, ...]:
    """The places in which two texts differ; none where they say the same.

    Args:
        around: lines that are shown before and after each.
    """
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    found = []
    for group in matcher.get_grouped_opcodes(around):
        left = [Line(text, tag == "equal") for tag, i, j, _, _ in group for text in first[i:j]]
        right = [Line(text, tag == "equal") for tag, _, _, i, j in group for text in second[i:j]]
        found.append(Hunk(tuple(left), tuple(right), group[0][1] + 1, group[0][3] + 1))
    return tuple(found)


@dataclass(frozen=True)
class Change:
    """A line of a difference: "same", "gone" (of the first text alone) or "new" (of the second alone)."""

    kind: str
    text: str


def changes(first: Sequence[str], second: Sequence[str], around: int) -> tuple[tuple[Change, ...], ...]:
    """The same as `hunks`, one below the other: what is gone stands above what is new.

    Each place is moved to the left as a whole, and has no empty lines around it.
    """
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    found = []
    for group in matcher.get_grouped_opcodes(around):
        lines: list[Change] = []
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                lines += [Change("same", text) for text in first[i1:i2]]
            else:
                lines += [Change("gone", text) for text in first[i1:i2]]
                lines += [Change("new", text) for text in second[j1:j2]]
        found.append(_trimmed(lines))
    return tuple(found)


def _trimmed(lines: list[Change]) -> tuple[Change, ...]:
    empty = [line.kind == "same" and not line.text for line in lines]
    kept = lines[empty.index(False) : len(lines) - empty[::-1].index(False)]
    texts = dedent("\n".join(line.text for line in kept)).split("\n")
    return tuple(Change(line.kind, text) for line, text in zip(kept, texts, strict=True))


def changed_at(first: Sequence[str], second: Sequence[str]) -> list[int]:
    """Where the two differ: of each place the first line of the first text, from 0; new lines stand before it."""
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    return [begin for tag, begin, _, _, _ in matcher.get_opcodes() if tag != "equal"]


def lines_of(text: str) -> list[str]:
    """The lines of a module as a page shows them, without blanks at their ends."""
    return [line.rstrip() for line in fit(text).rstrip().split("\n")]
