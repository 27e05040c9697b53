"""Runs inside the sandbox, as the user that student code runs as: which installed files it cannot read."""

from __future__ import annotations

import os

MOST = 5


def unreadable(folders: list[str]) -> tuple[int, list[str]]:
    """How many files and folders below these cannot be read, and the first few of them."""
    count = 0
    examples: list[str] = []

    def note(path: str) -> None:
        nonlocal count
        count += 1
        if len(examples) < MOST:
            examples.append(path)

    for top in folders:
        for folder, _, names in os.walk(top, onerror=lambda error: note(str(error.filename))):
            for name in sorted(names):
                path = os.path.join(folder, name)
                if os.path.exists(path) and not os.access(path, os.R_OK):
                    note(path)
    return count, sorted(examples)
