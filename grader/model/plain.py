"""Text from a student's program or notebook, made fit for a page: no terminal codes, nothing that reorders lines."""

from __future__ import annotations

import re

from .text import clean

# Terminal codes (ECMA-48): CSI sequences such as colours, OSC strings such as window titles, other two-byte escapes.
TERMINAL_PATTERN = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[ -/]*[0-~]")
# C1 controls, the characters that override the direction of text, and the line separators of Unicode.
INVISIBLE_PATTERN = re.compile("[\x80-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff]")


def plain(text: str, limit: int = 2000) -> str:
    """The text as a reader would have seen it in a terminal, cut at `limit` characters.

    A progress bar rewrites its line after each carriage return: only what it wrote last is kept.
    """
    text = INVISIBLE_PATTERN.sub("", TERMINAL_PATTERN.sub("", text)).replace("\r\n", "\n")
    lines = (line.rstrip("\r").rsplit("\r", 1)[-1] for line in text.split("\n"))
    return clean("\n".join(lines), limit).strip("\n")
