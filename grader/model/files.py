"""Reads a regular file of a submission: no link is followed, nothing over its cap is read."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from .problems import Problem, missing, refused

REFUSED_ERRORS = {  # what a student can put in the place of a file; any other error is this machine's
    errno.ELOOP: "a link",
    errno.ENOTDIR: "a link or a file lies where its folder should be",
    errno.ENXIO: "not a regular file",
    errno.ENODEV: "not a regular file",
}


def read_file(folder: Path, relative: str, cap: int, problems: list[Problem]) -> bytes | None:
    """A regular file below a folder; None, and one problem more, where it is missing or refused.

    Args:
        cap: how many bytes it may have.

    Raises:
        OSError: this machine does not let us read it.
    """
    try:
        descriptor = _open_beneath(folder, relative)
    except FileNotFoundError:
        problems.append(missing(relative))
        return None
    except OSError as error:
        if error.errno not in REFUSED_ERRORS:
            raise OSError(error.errno, error.strerror, str(folder / relative)) from None
        problems.append(refused(relative, REFUSED_ERRORS[error.errno]))
        return None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            problems.append(refused(relative, "not a regular file"))
            return None
        with open(descriptor, "rb", closefd=False) as file:
            content = file.read(cap + 1)
    finally:
        os.close(descriptor)
    if len(content) > cap:
        problems.append(refused(relative, f"larger than {cap // 1024} KiB"))
        return None
    return content


def _open_beneath(folder: Path, relative: str) -> int:
    """Open a file below a folder without following a link in any part of the relative path."""
    *directories, name = relative.split("/")
    current = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in directories:
            inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=current)
            os.close(current)
            current = inner
        # O_NONBLOCK: a fifo put in the place of a file must not hold us
        return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=current)
    finally:
        os.close(current)
