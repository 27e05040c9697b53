"""How each status looks, wherever it is shown: in a terminal, in a notebook, on a page."""

from __future__ import annotations

from dataclasses import dataclass

from .verdict import Status


@dataclass(frozen=True)
class Look:
    """How a status looks.  The word says it all; the others help the eye.

    Attributes:
        mark:   four characters, for columns of plain text.
        ground: the colour behind the mark in a notebook's table, where the mark itself is white: nobody knows whether
                the notebook is light or dark.
        word:   in running text.
        sign:   one character beside the word.
        colour: the name that a page's style sheet has for its colour.
        style:  the name that a terminal has for its colour, empty for the usual one.
    """

    mark: str
    ground: str
    word: str
    sign: str
    colour: str
    style: str = ""


LOOKS = {
    Status.PASSED: Look("PASS", "#1b6e3c", "passed", "✓", "good", "green"),
    Status.PARTLY: Look("PART", "#7a5200", "partly", "◐", "fair", "yellow"),
    Status.FAILED: Look("FAIL", "#a1260d", "failed", "✗", "bad", "red"),
    Status.NOT_RUN: Look("----", "#555555", "not run", "○", "idle"),
    Status.ERROR: Look("????", "#555555", "not checked yet", "?", "idle"),
}
UNWRITTEN = Look("TODO", "#555555", "not written yet", "○", "idle")  # for students at home, in the place of FAILED
