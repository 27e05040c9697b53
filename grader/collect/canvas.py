"""Whose a file is by the names of Canvas, all in one folder: `NAME_USER_FILE_whatever the student called it`.

`LATE` stands before the user's number of a late one, `-1`, `-2` … before the extension of what was handed in again; in
an anonymous assignment the name is `anon` and five letters or digits are in the place of the number.

A display name may end in `_12`, and a file be called `1_digits.ipynb`: then a name can be read in two ways.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from .owners import Owner, label

ANONYMOUS_PATTERN = re.compile(r"(?P<late>LATE_)?anon_(?P<id>[A-Za-z0-9]{5})_(?P<file>\d+)_(?P<rest>[^/]+)")
NUMBERS_PATTERN = re.compile(r"(?=_(?P<id>\d+)_(?P<file>\d+)_[^/])")
INSIDE_PATTERN = re.compile(r"_\d+_")  # Canvas takes such numbers out of names


def readings(path: str) -> list[Owner]:
    """Every way to read a name, from the left; none where it is no name of Canvas'."""
    if "/" in path:
        return []
    if found := ANONYMOUS_PATTERN.fullmatch(path):
        name = f"anon-{found['id']}"
        late = bool(found["late"])
        return [Owner(name, found["rest"], late, platform="canvas", name=name, file=int(found["file"]))]
    return list(_readings(path))


def _readings(path: str) -> Iterator[Owner]:
    for found in NUMBERS_PATTERN.finditer(path):
        name, number, file = path[: found.start()], found["id"], found["file"]
        rest = path[found.start() + len(number) + len(file) + 3 :]
        late = name.endswith("_LATE")
        name = name.removesuffix("_LATE")
        if name and not INSIDE_PATTERN.search(name):
            yield Owner(label(name, number), rest, late, None, "canvas", number, name, int(file))


def resolve(found: Mapping[str, list[Owner]], listed: Collection[str]) -> Iterator[tuple[str, Owner | str]]:
    """For each path whose it is, or in words why that cannot be told.

    Of two readings one is left out that gives the number of somebody with another name, or of nobody, and one whose
    number of the file lies far below all others of this download: Canvas counts them up.

    Args:
        found:  paths and their `readings`.
        listed: the numbers of all users, where a table has them.
    """
    sure = [ways[0] for ways in found.values() if len(ways) == 1]
    known = {way.number: way.name for way in sure if way.number}
    smallest = min((way.file for way in sure), default=0)
    for path, ways in found.items():
        if len(ways) == 1:
            yield path, ways[0]
            continue
        left = [
            way
            for way in ways
            if known.get(way.number, way.name) == way.name
            and 2 * way.file >= smallest
            and (not listed or way.number in listed)
        ]
        if len(left) > 1 and not sure:  # nothing to compare with: users have smaller numbers than files
            left = [max(left, key=lambda way: way.file)]
        yield path, left[0] if len(left) == 1 else _cannot_tell(ways)


def _cannot_tell(ways: Iterable[Owner]) -> str:
    users = " or ".join(f"{way.name} (user {way.number})" for way in ways)
    return f"its name can be read as by {users}: unpack the download, rename this file, and collect the folder"
