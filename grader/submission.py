"""A submission: the allow-listed regular files that a student handed in, as bytes."""

from __future__ import annotations

import errno
import functools
import hashlib
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from exercises.assignment import load_assignment
from exercises.own import with_own
from exercises.pack import MODULE_BYTES, NOTEBOOK_BYTES

from .problems import Problem, missing, refused

REFUSED = {  # what a student can put in the place of a file; any other error is this machine's
    errno.ELOOP: "a link",
    errno.ENOTDIR: "a link or a file lies where its folder should be",
    errno.ENXIO: "not a regular file",
    errno.ENODEV: "not a regular file",
}


@dataclass(frozen=True)
class Submission:
    """What one student handed in.

    Attributes:
        modules:  the student's modules by name ("blocks"), as bytes, not decoded: they may be anything.  Those of the
                  tasks, and those of the student's own that these import.
        notebook: the notebook's bytes, or None.
        problems: what was refused or is missing, with the reason, for the TA.
        files:    of an adopted assignment (docs/adopt.md) instead of both: everything handed in, by path.
    """

    student: str
    assignment: str
    modules: dict[str, bytes]
    notebook: bytes | None
    problems: tuple[Problem, ...] = ()
    files: dict[str, bytes] = field(default_factory=dict)

    @functools.cached_property
    def hash(self) -> str:
        """Hash of all bytes that were handed in."""
        files = {f"/files/{path}": content for path, content in self.files.items()}
        return _hash(self.assignment, {**self.modules, "/notebook": self.notebook or b"", **files})

    @functools.cached_property
    def modules_hash(self) -> str:
        """Hash of the modules alone."""
        return _hash(self.assignment, self.modules)

    @property
    def beside(self) -> dict[str, bytes]:
        """What a person who marks may want to read beside the notebooks, by path."""
        own = {f"exercises/{self.assignment}/{name}.py": content for name, content in self.modules.items()}
        return {**own, **{path: content for path, content in self.files.items() if not path.endswith(".ipynb")}}


def _hash(assignment: str, files: dict[str, bytes]) -> str:
    digest = hashlib.sha256(assignment.encode())
    for name, content in sorted(files.items()):
        digest.update(f"\0{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def read_submission(folder: Path, assignment: str, student: str) -> Submission:
    """Read the files that an assignment asks for, the student's own modules that these import, and no others.

    Links are not followed, at any level below the folder; a file over its cap, a device or a directory where a file
    should be is refused with a reason.

    Raises:
        FileNotFoundError: there is no such folder.
        OSError: there is a file, but this machine does not let us read it.  That is nobody's answer, and no 0.
    """
    if not folder.is_dir():
        there = "is no folder" if os.path.lexists(folder) else "does not exist"
        raise FileNotFoundError(f"{student} submitted nothing for {assignment}: {folder} {there}")
    problems: list[Problem] = []
    modules = {}
    for name in load_assignment(assignment).modules:
        content = read_file(folder, f"exercises/{assignment}/{name}.py", MODULE_BYTES, problems)
        if content is not None:
            modules[name] = content
    own = with_own(modules, assignment, lambda name, certain: _read_own(folder, assignment, name, certain, problems))
    notebook = read_file(folder, f"{assignment}.ipynb", NOTEBOOK_BYTES, problems)
    return Submission(student, assignment, own, notebook, tuple(problems))


def _read_own(folder: Path, assignment: str, name: str, certain: bool, problems: list[Problem]) -> bytes | None:
    """A module of the student's own; one that may be something else than a file is no problem where it is missing."""
    found: list[Problem] = []
    relative = f"exercises/{assignment}/{name}.py"
    content = read_file(folder, relative, MODULE_BYTES, found)
    problems += [problem for problem in found if certain or problem != missing(relative)]
    return content


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
        if error.errno not in REFUSED:
            raise OSError(error.errno, error.strerror, str(folder / relative)) from None
        problems.append(refused(relative, REFUSED[error.errno]))
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
