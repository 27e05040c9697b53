"""Finds the solution regions of a module: from `### BEGIN SOLUTION` to `### END SOLUTION`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .errors import ReleaseError

BEGIN_LINE = "### BEGIN SOLUTION"
END_LINE = "### END SOLUTION"

# Anything that looks like a mark, so that one in another spelling is found before it hands out an answer.
MARK_PATTERN = re.compile(r"\b(begin|end)[\s_-]*solution", re.IGNORECASE)
TASK_PATTERN = re.compile(r"\s*# (Task \d[^:]*: .*\S)\s*")


@dataclass(frozen=True)
class Region:
    """One solution region.  Line numbers count from 1.

    Attributes:
        begin, end: the lines of the two marks.
        task:       the text of the comment above the mark: "Task 2.1: write MaxPool1d.forward".
        indent:     the blanks in front of the first mark.
        lines:      what stands between the marks.
    """

    begin: int
    end: int
    task: str
    indent: str
    lines: tuple[str, ...]


def find_regions(text: str, name: str) -> list[Region]:
    """The solution regions of a module's text, from top to bottom.

    Args:
        name: the file's name, for messages.

    Raises:
        ReleaseError: a region is not closed, not opened, nested, empty or without a Task comment, or a mark is spelt
            in another way.
    """
    lines = text.split("\n")
    regions: list[Region] = []
    begin = 0  # line of the open region's mark; 0 where none is open
    for number, line in enumerate(lines, start=1):
        place = f"{name}:{number}"
        mark = line.strip()
        if mark == BEGIN_LINE:
            if begin:
                raise ReleaseError(f"{place}: regions cannot be nested; the one of line {begin} is still open")
            begin = number
        elif mark == END_LINE:
            if not begin:
                raise ReleaseError(f"{place}: {END_LINE!r} without {BEGIN_LINE!r} before it")
            regions.append(_region(lines, begin, number, name))
            begin = 0
        elif MARK_PATTERN.search(line):
            raise ReleaseError(
                f"{place}: {mark!r} is not a mark; write {BEGIN_LINE!r} or {END_LINE!r} alone on the line"
            )
    if begin:
        raise ReleaseError(f"{name}:{begin}: this region is never closed; write {END_LINE!r} below the answer")
    return regions


def _region(lines: list[str], begin: int, end: int, name: str) -> Region:
    place = f"{name}:{begin}"
    above = TASK_PATTERN.fullmatch(lines[begin - 2]) if begin > 1 else None
    if above is None:
        raise ReleaseError(f"{place}: write a comment like '# Task 2.1: write the pooling' directly above the mark")
    inside = tuple(lines[begin : end - 1])
    if not any(line.strip() for line in inside):
        raise ReleaseError(f"{place}: this region is empty; write the answer between the marks")
    first = lines[begin - 1]
    return Region(begin, end, above[1], first[: len(first) - len(first.lstrip())], inside)
