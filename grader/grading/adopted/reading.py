"""Reads what a student handed in for an adopted assignment: anything, but no link, no device, nothing too large."""

from __future__ import annotations

import fnmatch
import os
import stat
from collections.abc import Collection, Iterator
from pathlib import Path

from exercises.assignment import NOTEBOOK_BYTES
from grader.model.files import read_file
from grader.model.problems import Problem, refused
from grader.model.submission import Submission

ALL_BYTES = 24 << 20  # of one submission
MAX_FILES = 500
MAX_DEPTH = 10
TIMESTAMP = "timestamp.txt"


def read_files(
    folder: Path,
    assignment: str,
    student: str,
    *,
    first: Collection[str] = (),
    given: Collection[str] = (),
    kept: Collection[str] = (),
    ignored: Collection[str] = (),
) -> Submission:
    """The regular files below a folder.

    A file that would lie in the place of one of the course's, or of a folder of it, is left out: the course's counts.

    Args:
        first:   paths that are read before all others, while there is room: the notebooks.
        given:   paths of the course's own files.
        kept:    those among them that a student may change.
        ignored: patterns of file names that do not count.

    Raises:
        FileNotFoundError: there is no such folder.
        OSError: there is a file that this machine does not let us read.
    """
    if not folder.is_dir():
        there = "is no folder" if os.path.lexists(folder) else "does not exist"
        raise FileNotFoundError(f"{student} submitted nothing for {assignment}: {folder} {there}")
    problems: list[Problem] = []
    files: dict[str, bytes] = {}
    theirs = {path for path in given if path not in kept}
    found = list(_listed(folder, ignored, problems))
    left = ALL_BYTES
    for path in sorted(found, key=lambda path: (path not in first, path)):
        if path == TIMESTAMP or path in theirs:
            continue
        if any(_in_the_way(path, other) for other in given):
            problems.append(refused(path, "a file of the course has its place"))
            continue
        content = read_file(folder, path, min(NOTEBOOK_BYTES, left), problems)
        if content is not None:
            files[path] = content
            left -= len(content)
    return Submission(student, assignment, {}, None, tuple(problems), files)


def _in_the_way(path: str, other: str) -> bool:
    """Whether one of two paths is a folder of the other: both cannot be there."""
    return path.startswith(f"{other}/") or other.startswith(f"{path}/")


def _listed(folder: Path, ignored: Collection[str], problems: list[Problem]) -> Iterator[str]:
    """Paths of regular files, up to a number and depth; what else there is becomes a problem, unless it is ignored."""
    count = 0
    for parent, folders, names in os.walk(folder, onerror=_raised):
        below = os.path.relpath(parent, folder)
        for name in sorted(folders + names):
            path = os.path.normpath(os.path.join(below, name))
            if any(fnmatch.fnmatch(name, pattern) for pattern in ignored):
                folders[:] = [other for other in folders if other != name]
                continue
            mode = os.lstat(os.path.join(parent, name)).st_mode
            if name.encode("utf-8", "replace").decode() != name or "\n" in name:
                reason = "its name is no plain text"
            elif stat.S_ISDIR(mode):
                if path.count("/") + 1 < MAX_DEPTH:
                    continue
                reason = "folders too deep"
            elif not stat.S_ISREG(mode):
                reason = "a link" if stat.S_ISLNK(mode) else "not a regular file"
            elif count >= MAX_FILES:
                reason = f"more than {MAX_FILES} files"
            else:
                count += 1
                yield path
                continue
            folders[:] = [other for other in folders if other != name]
            if len(problems) < 20:
                problems.append(refused(path.encode("utf-8", "backslashreplace").decode(), reason))
        folders.sort()


def _raised(error: OSError) -> None:
    raise error
