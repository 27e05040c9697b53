"""Given files that came to the warm process once: laid down there, seen by containers, linked to in each session's box.

They lie apart from the box: no session can change them, none of them counts as its memory, and no frame carries them.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

NOTHING = "nothing"  # the folder of a container that is given no files


def make_shelf(place: str) -> None:
    """Make the folder that holds the others: who may not list it goes through it all the same."""
    os.makedirs(f"{place}/{NOTHING}", exist_ok=True)
    os.chmod(place, 0o711)
    make_readable(f"{place}/{NOTHING}")


def lay_down(place: str, name: str, descriptor: int, listing: int) -> None:
    """Write files below `place`/`name`, out of a descriptor that holds their listing and then one after the other.

    Args:
        listing: bytes of the listing, JSON: path -> bytes.

    Raises:
        OSError: there is no room.
    """
    sizes: dict[str, int] = json.loads(os.pread(descriptor, listing, 0))
    offset = listing
    os.mkdir(f"{place}/{name}")
    for path, size in sizes.items():
        target = Path(place, name, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        with open(target, "xb") as file:
            left = size
            while left:
                done = os.sendfile(file.fileno(), descriptor, offset, left)
                if done == 0:
                    raise OSError(f"{path}: the descriptor ends too early")
                offset, left = offset + done, left - done
    make_readable(f"{place}/{name}")


def paths_below(place: str) -> list[str]:
    """The files below a folder, each by its path from there, sorted."""
    return sorted(
        os.path.relpath(os.path.join(folder, name), place) for folder, _, names in os.walk(place) for name in names
    )


def make_readable(place: str) -> None:
    """Let everybody read a folder and the files below it, whatever was said before, and nobody write the files."""
    os.chmod(place, 0o755)
    for folder, folders, names in os.walk(place):
        for name in folders:
            os.chmod(os.path.join(folder, name), 0o755)
        for name in names:
            os.chmod(os.path.join(folder, name), 0o444)
