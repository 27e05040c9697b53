"""Who may read a course folder: its owner alone, where we make it; one that somebody else made is left as it is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OWNER_ONLY = 0o700
OTHERS = 0o077


def make_folder(root: Path) -> None:
    """Make a course folder that its owner alone can enter; one that is there keeps its mode."""
    root.mkdir(mode=OWNER_ONLY, parents=True, exist_ok=True)


def others_may(root: Path) -> bool:
    """Whether group or everybody may do anything with a folder; False where that cannot be told."""
    try:
        return bool(root.stat().st_mode & OTHERS)
    except OSError:
        return False


@contextmanager
def owner_only(root: Path) -> Iterator[None]:
    """What is made in here is for its owner alone (0600, folders 0700), where the course folder is.

    A folder that others may enter, for example staff who grade together, gets what this machine's umask gives.
    """
    if not root.is_dir() or others_may(root):
        yield
        return
    before = os.umask(OTHERS)
    try:
        yield
    finally:
        os.umask(before)
