"""What separates a container from the machine: one interface, two tiers."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from pathlib import Path

from . import syscalls

NOBODY = 64990  # an id that no system gives to anybody; used where the grader runs as the superuser
FOLDERS = ("work", "home", "tmp", "shm")
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache", "/etc/fonts", "/etc/localtime")


class Isolation(ABC):
    """A tier of isolation, on its way from the warm process into a container.

    Attributes:
        box:      the only folder that a container can write; "work" in it is its working folder.
        readable: what it can read besides.
        shelf:    in the warm process, where given files lie, each set in a folder of its name.
        given:    in a container, the folder of those that it may see, and sees alone.
        counts_processes: whether the limit on processes counts this container's alone.
    """

    box: str
    readable: Sequence[str]
    shelf: str
    given: str
    counts_processes: bool

    @abstractmethod
    def enter(self, folder: str, visible: Sequence[str]) -> None:
        """In the warm process, once: prepare what all containers share.

        Args:
            folder:  an empty one, made for this warm process.
            visible: folders of the interpreter and of installed packages.

        Raises:
            OSError: the kernel refuses.
        """

    @abstractmethod
    def fork(self) -> int:
        """In the warm process: fork a container.  Returns its process number, 0 in the container itself."""

    @abstractmethod
    def settle(self, disk_mb: int, given: str) -> None:
        """In a container: its own view of the machine, an empty box, and an unprivileged user.  Raises OSError.

        Args:
            given: the name of the given files that it sees.
        """

    @abstractmethod
    def kill_everybody(self) -> None:
        """In a container: kill every process in it but this one."""

    @abstractmethod
    def processes(self) -> list[int]:
        """In a container: every process in it but this one, where they can be listed."""

    @abstractmethod
    def sockets(self) -> int:
        """In a container: how many sockets its processes hold open, or have in a queue, where they can be counted."""

    @abstractmethod
    def clear(self, ended: int, alive: Collection[int]) -> None:
        """In the warm process: remove what a container, or a stray, that has ended left behind.

        Args:
            alive: the containers that have not.
        """


def is_superuser() -> bool:
    """Whether this is the machine's superuser, and not somebody who is called so in a user namespace."""
    return os.geteuid() == 0 and Path("/proc/self/uid_map").read_text().split() == ["0", "0", "4294967295"]


def become_nobody() -> None:
    """Change from the superuser to an unprivileged user: the kernel holds no superuser to the limit on processes."""
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    syscalls.prctl(syscalls.PR_SET_DUMPABLE, 1)  # or /proc/self belongs to the superuser


def make_folders(box: str, uid: int, gid: int) -> None:
    for folder in FOLDERS:
        os.mkdir(f"{box}/{folder}")
        os.chown(f"{box}/{folder}", uid, gid)
