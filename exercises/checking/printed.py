"""What a student's code prints while it is checked at home: the first lines, fit to be shown."""

from __future__ import annotations

import io

MOST_LINES = 10  # of one check
LONGEST_LINE = 200  # characters
MOST_KEPT = 4 * MOST_LINES * LONGEST_LINE  # characters: a progress bar writes its line many times


class Printed(io.TextIOBase):
    """Stands in for standard output, and keeps the beginning of what is printed until it is taken."""

    def __init__(self) -> None:
        super().__init__()
        self._kept, self._lines, self._open = "", 0, False

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self._kept += text[: MOST_KEPT - len(self._kept)]
        self._lines += text.count("\n")
        self._open = not text.endswith("\n") if text else self._open
        return len(text)

    def take(self) -> str:
        """What was printed since the last time: its first lines, and how many followed; "" where nothing was."""
        count = self._lines + self._open
        lines = [_shown(line) for line in self._kept.split("\n")[: min(count, MOST_LINES)]]
        self._kept, self._lines, self._open = "", 0, False
        if (more := count - len(lines)) > 0:
            lines.append(f"… and {more:,} more line{'s' if more > 1 else ''}")
        return "\n".join(lines)


def _shown(line: str) -> str:
    """A line as a terminal would leave it, with what steers a terminal, or the eye, written out."""
    last = line.rstrip("\r").rpartition("\r")[2].expandtabs()
    words = "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in last)
    return words if len(words) <= LONGEST_LINE else words[: LONGEST_LINE - 1] + "…"
