"""The reduced tier, for machines without namespaces: Landlock, seccomp and limits alone.  Only when asked for by name.

Files and sockets are as shut as in the full tier.  Not held: all that a submission writes together (each file is), and
its processes together where the grader runs as a plain user.  A process that leaves its session comes back to us as
the nearest subreaper, and is killed then; until the kernel has Landlock's signal scope (6.12), it could kill a plain
user's other processes first, and those of its clean room.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
from collections.abc import Collection, Sequence

from . import syscalls
from .given import NOTHING, make_readable, make_shelf
from .isolation import NOBODY, SYSTEM, Isolation, become_nobody, is_superuser, make_folders


class Reduced(Isolation):
    """A container is a process with a folder of its own and rights that cannot grow."""

    def __init__(self) -> None:
        self.counts_processes = is_superuser()
        self._folder, self._children = "", -1

    def enter(self, folder: str, visible: Sequence[str]) -> None:
        if syscalls.landlock_abi() == 0:
            raise OSError("this kernel has no Landlock, so that nothing would keep student code from the other files")
        self._folder = folder
        os.chmod(folder, 0o711)
        self.shelf = f"{folder}/given"
        make_shelf(self.shelf)
        self.readable = [path for path in (*SYSTEM, *visible, "/dev/urandom", "/dev/random") if os.path.exists(path)]
        self._become_reaper()

    def fork(self) -> int:
        return os.fork()

    def settle(self, disk_mb: int, given: str) -> None:
        self.given = f"{self.shelf}/{given or NOTHING}"
        make_readable(self.given)  # code of the same user could have taken that away
        self.readable = [*self.readable, self.given]
        self.box = self._box_of(os.getpid())
        os.mkdir(self.box, 0o700)
        superuser = is_superuser()
        uid, gid = (NOBODY, NOBODY) if superuser else (os.geteuid(), os.getegid())
        os.chown(self.box, uid, gid)
        make_folders(self.box, uid, gid)
        os.setsid()
        self._become_reaper()
        if superuser:
            become_nobody()
        for path in self.readable:
            if not os.access(path, os.R_OK):
                raise OSError(f"{path} cannot be read by others, and the reduced tier has no way around that")

    def kill_everybody(self) -> None:
        """Kill our children.  Theirs become ours by that, so whoever calls this goes on until nobody is left."""
        self._kill(())

    def _kill(self, spared: Collection[int]) -> None:
        for child in map(int, os.pread(self._children, 1 << 16, 0).split()):
            if child not in spared:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)

    def processes(self) -> list[int]:
        return []  # without a PID namespace, /proc shows the whole machine, and Landlock none of it

    def sockets(self) -> int:
        return 0  # the list is that of the network's namespace, which is the machine's

    def clear(self, ended: int, alive: Collection[int]) -> None:
        self._kill(alive)  # whoever lost its container has become our child
        shutil.rmtree(self._box_of(ended), ignore_errors=True)

    def _box_of(self, container: int) -> str:
        return f"{self._folder}/box-{container}"

    def _become_reaper(self) -> None:
        """Whoever loses its parent below us becomes our child.  The list of children is opened while we may."""
        syscalls.prctl(syscalls.PR_SET_CHILD_SUBREAPER, 1)
        pid = os.getpid()
        self._children = os.open(f"/proc/{pid}/task/{pid}/children", os.O_RDONLY | os.O_CLOEXEC)
