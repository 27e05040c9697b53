"""The file system of the sandbox: the interpreter and the installed packages, read-only, and one sized tmpfs."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable
from pathlib import Path

from . import syscalls

BOX = "/box"  # all that is writable, a tmpfs of its own in each container
APART = syscalls.CLONE_NEWNS | syscalls.CLONE_NEWNET | syscalls.CLONE_NEWIPC | syscalls.CLONE_NEWUTS
FOLDERS = ("work", "home", "tmp", "shm")
DEVICES = ("null", "zero", "full", "random", "urandom")
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache", "/etc/fonts", "/etc/localtime")


def enter(mount_point: str, visible: Iterable[str]) -> None:
    """Move this process into namespaces of its own, below a new read-only root.

    A plain user needs a user namespace for that; the superuser mounts as such, since what is to be mounted may lie in
    folders that only the superuser can enter, and changes to an unprivileged user in each container.

    Raises:
        OSError: the kernel refuses; `grader doctor` explains what can be done.
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
    syscalls.mount("tmpfs", mount_point, "tmpfs", syscalls.MS_NOSUID, "size=1m,mode=755")
    for path in (*SYSTEM, *visible):
        _show(Path(path), mount_point)
    for name in DEVICES:
        _bind(f"/dev/{name}", f"{mount_point}/dev/{name}")
    _bind("/proc", f"{mount_point}/proc")  # each container mounts its own over it
    os.mkdir(f"{mount_point}{BOX}")
    for name, target in (("tmp", f"{BOX}/tmp"), ("dev/shm", f"{BOX}/shm")):
        if not os.path.exists(f"{mount_point}/{name}"):  # something visible may lie below /tmp
            os.symlink(target, f"{mount_point}/{name}")
    syscalls.make_read_only(mount_point)
    os.chdir(mount_point)
    syscalls.pivot_root_here()
    writable_box(16, 0, 0)  # libraries write caches while they are imported


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


def writable_box(size_mb: int, uid: int, gid: int) -> None:
    """The tmpfs that is the only writable place.  Each container mounts its own, so nothing stays from another's."""
    options = f"size={size_mb}m,nr_inodes=8192,mode=700,uid={uid},gid={gid}"
    syscalls.mount("tmpfs", BOX, "tmpfs", syscalls.MS_NOSUID | syscalls.MS_NODEV, options)
    for folder in FOLDERS:
        os.mkdir(f"{BOX}/{folder}")
        os.chown(f"{BOX}/{folder}", uid, gid)


def own_proc() -> None:
    """A /proc that shows the processes of this PID namespace."""
    syscalls.mount("proc", "/proc", "proc", syscalls.MS_NOSUID | syscalls.MS_NODEV | syscalls.MS_NOEXEC)


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
