"""The full tier: namespaces, a read-only root of the interpreter and the packages, one sized tmpfs."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Collection, Sequence
from pathlib import Path

from . import syscalls
from .given import NOTHING, make_shelf
from .isolation import NOBODY, SYSTEM, Isolation, become_nobody, is_superuser, make_folders

STUDENT = 1000  # what the student's code sees as its own id
APART = syscalls.CLONE_NEWNS | syscalls.CLONE_NEWNET | syscalls.CLONE_NEWIPC | syscalls.CLONE_NEWUTS
SHELF_MB = 2048  # given files of all assignments that one warm process serves; memory is taken as they come
DEVICES = ("null", "full", "random", "urandom")  # without zero: mapped, it is memory that nobody counts


class Namespaces(Isolation):
    """A container is process 1 of its own PID namespace: when it ends, the kernel ends everybody in it."""

    box = "/box"
    shelf = given = "/given"
    readable = ("/",)  # there is nothing else below this root
    counts_processes = True

    def __init__(self) -> None:
        self._own_pid_namespace = -1

    def enter(self, folder: str, visible: Sequence[str]) -> None:
        """Move into namespaces of our own, below a new read-only root.

        A plain user needs a user namespace for that; the superuser mounts as such, since what is to be mounted may lie
        in folders that only the superuser can enter, and changes to an unprivileged user in each container.
        """
        apart = APART | syscalls.CLONE_NEWPID  # to make PID namespaces again and again, one has to be in one's own
        uid, gid = os.geteuid(), os.getegid()
        if uid == 0:
            syscalls.unshare(apart)
        else:
            syscalls.unshare(syscalls.CLONE_NEWUSER | apart)
            syscalls.map_user(0, uid, gid)
        _go_on_as_process_1()
        syscalls.mount("none", "/", flags=syscalls.MS_REC | syscalls.MS_PRIVATE)
        syscalls.mount("tmpfs", folder, "tmpfs", syscalls.MS_NOSUID, "size=1m,mode=755")
        for path in (*SYSTEM, *visible):
            _show(Path(path), folder)
        for name in DEVICES:
            _bind(f"/dev/{name}", f"{folder}/dev/{name}")
        _bind("/proc", f"{folder}/proc")  # each container mounts its own over it
        os.mkdir(f"{folder}{self.box}")
        os.mkdir(f"{folder}{self.shelf}")
        for name, target in (("tmp", f"{self.box}/tmp"), ("dev/shm", f"{self.box}/shm")):
            if not os.path.exists(f"{folder}/{name}"):  # something visible may lie below /tmp
                os.symlink(target, f"{folder}/{name}")
        syscalls.make_read_only(folder)
        os.chdir(folder)
        syscalls.pivot_root_here()
        self._mount_box(16, 0, 0)  # libraries write caches while they are imported
        options = f"size={SHELF_MB}m,mode=755"
        syscalls.mount("tmpfs", self.shelf, "tmpfs", syscalls.MS_NOSUID | syscalls.MS_NODEV, options)
        make_shelf(self.shelf)
        self._own_pid_namespace = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)

    def fork(self) -> int:
        syscalls.unshare(syscalls.CLONE_NEWPID)  # for children only
        child = os.fork()
        if child:
            syscalls.setns(self._own_pid_namespace, syscalls.CLONE_NEWPID)
        return child

    def settle(self, disk_mb: int, given: str) -> None:
        syscalls.unshare(APART)
        syscalls.mount(f"{self.shelf}/{given or NOTHING}", self.given, flags=syscalls.MS_BIND)  # over all others
        syscalls.make_read_only(self.given)
        superuser = is_superuser()
        uid, gid = (NOBODY, NOBODY) if superuser else (os.geteuid(), os.getegid())
        self._mount_box(disk_mb, uid, gid)
        syscalls.mount("proc", "/proc", "proc", syscalls.MS_NOSUID | syscalls.MS_NODEV | syscalls.MS_NOEXEC)
        os.setsid()
        if superuser:
            become_nobody()
        syscalls.unshare(syscalls.CLONE_NEWUSER)
        syscalls.map_user(STUDENT, uid, gid)

    def kill_everybody(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)  # in this PID namespace, but for ourselves

    def processes(self) -> list[int]:
        return [int(name) for name in os.listdir("/proc") if name.isdecimal() and int(name) != os.getpid()]

    def sockets(self) -> int:
        with open("/proc/self/net/unix", "rb") as lines:
            return sum(1 for _ in lines) - 1  # a heading

    def clear(self, ended: int, alive: Collection[int]) -> None:
        pass  # the kernel has taken processes and mounts

    def _mount_box(self, size_mb: int, uid: int, gid: int) -> None:
        """The tmpfs that is the only writable place.  Each container mounts its own: nothing stays from another's."""
        options = f"size={size_mb}m,nr_inodes=8192,mode=700,uid={uid},gid={gid}"
        syscalls.mount("tmpfs", self.box, "tmpfs", syscalls.MS_NOSUID | syscalls.MS_NODEV, options)
        make_folders(self.box, uid, gid)


def _go_on_as_process_1() -> None:
    """A new PID namespace begins with the next child: it goes on from here, and this process waits for its end."""
    parent = os.getpid()
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)
    if not os.path.exists(f"/proc/{parent}"):  # it died before the line above
        os._exit(1)


def _show(path: Path, mount_point: str) -> None:
    """Make a folder or file visible below the new root, a link as the same link; what is not there is left out."""
    inside = Path(mount_point + str(path))
    if inside.exists() or not path.exists():
        return
    if path.is_symlink():
        inside.parent.mkdir(parents=True, exist_ok=True)
        inside.symlink_to(os.readlink(path))
        _show(Path(os.path.realpath(path)), mount_point)
        return
    _bind(str(path), str(inside))


def _bind(source: str, target: str) -> None:
    place = Path(target)
    place.parent.mkdir(parents=True, exist_ok=True)
    if os.path.isdir(source):
        place.mkdir(exist_ok=True)
    else:
        place.touch()
    syscalls.mount(source, target, flags=syscalls.MS_BIND | syscalls.MS_REC)
