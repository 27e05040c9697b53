"""Text that came from a student, made fit to be stored and shown."""

from __future__ import annotations

import re

# Everything below U+0020 but tab and newline (a terminal obeys the rest), and DEL.
CONTROL_PATTERN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def clean(text: str, limit: int = 100_000) -> str:
    """The text without control characters and without lone surrogates (no file can hold those), cut at `limit`."""
    text = text.replace("\r\n", "\n").encode("utf-8", "replace").decode("utf-8")
    text = CONTROL_PATTERN.sub("", text)
    return text if len(text) <= limit else text[:limit] + "\n[cut here: the text is longer]"
