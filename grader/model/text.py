"""Text that came from a student, made fit to be stored and shown: the one rule for terminals, pages and notebooks."""

from __future__ import annotations

import re

# Everything below U+0020 but tab and newline (a terminal obeys the rest), and DEL.
CONTROL_PATTERN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
# C1 controls, the characters that override the direction of text, and the line separators of Unicode.
INVISIBLE_PATTERN = re.compile("[\x80-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff]")


def fit(text: str) -> str:
    """The text without characters that steer what shows it, and without lone surrogates (no file can hold those)."""
    text = text.replace("\r\n", "\n").encode("utf-8", "replace").decode("utf-8")
    return INVISIBLE_PATTERN.sub("", CONTROL_PATTERN.sub("", text))


def clean(text: str, limit: int = 100_000) -> str:
    """The text as `fit` makes it, cut at `limit` characters."""
    text = fit(text)
    return text if len(text) <= limit else text[:limit] + "\n[cut here: the text is longer]"
