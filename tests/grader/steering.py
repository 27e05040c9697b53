"""Characters that steer what shows them: C1 controls (U+009B begins a terminal's codes), and the direction of text."""

from __future__ import annotations

POINTS = (
    *range(0x80, 0xA0),
    0x61C,
    *(0x200E, 0x200F),
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
)
STEERING = "".join(map(chr, POINTS))


def steers(text: str) -> list[str]:
    """Those that are in a text, as Python writes them."""
    return [ascii(character) for character in STEERING if character in text]
