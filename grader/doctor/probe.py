"""Tries what the sandbox asks of the kernel, one step after the other; the process is not fit for anything afterwards.

Run as `python -m grader.doctor.probe`, it prints how far it came as one line of JSON.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from grader.sandbox.inside import confine, namespaces, syscalls

from .attempt import FILTER, MAP, MOUNT, NAMESPACES, READ_ONLY, USER, Attempt

UNPRIVILEGED = 65534  # any id but 0 will do here
Step = tuple[str, Callable[[], None]]


def probe(steps: Iterable[Step]) -> Attempt:
    """Go through the steps up to the first that fails."""
    done: list[str] = []
    abi = syscalls.landlock_abi()
    for name, step in steps:
        try:
            step()
        except OSError as error:
            return Attempt(tuple(done), name, errno.errorcode.get(error.errno or 0, ""), str(error), abi)
        done.append(name)
    return Attempt(tuple(done), landlock=abi)


def sandbox_steps() -> Iterator[Step]:
    """What `sandbox.inside` does, in its order: the superuser mounts first and gives up its rights afterwards."""
    apart = namespaces.APART | syscalls.CLONE_NEWPID
    mounts: list[Step] = [
        (MOUNT, lambda: syscalls.mount("none", "/", flags=syscalls.MS_REC | syscalls.MS_PRIVATE)),
        (READ_ONLY, _mount_setattr_exists),
    ]
    if os.geteuid() == 0:
        yield NAMESPACES, lambda: syscalls.unshare(apart)
        yield from mounts
        uid, gid = _unprivileged()
        yield USER, lambda: _user_namespace(uid, gid)
        yield MAP, lambda: syscalls.map_user(0, uid, gid)
    else:
        uid, gid = os.geteuid(), os.getegid()  # in the new namespace they have no name yet
        yield NAMESPACES, lambda: syscalls.unshare(syscalls.CLONE_NEWUSER | apart)
        yield MAP, lambda: syscalls.map_user(0, uid, gid)
        yield from mounts
    yield FILTER, _filter


def _unprivileged() -> tuple[int, int]:
    """The ids that student code gets where the grader is the superuser: its own ones if others may not exist here."""
    whole_machine = ["0", "0", "4294967295"]
    if Path("/proc/self/uid_map").read_text().split() == whole_machine:
        return UNPRIVILEGED, UNPRIVILEGED
    return os.geteuid(), os.getegid()


def _user_namespace(uid: int, gid: int) -> None:
    if uid != os.geteuid():
        os.setgroups([])
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)
        syscalls.prctl(syscalls.PR_SET_DUMPABLE, 1)  # or /proc/self belongs to the superuser
    syscalls.unshare(syscalls.CLONE_NEWUSER)


def _mount_setattr_exists() -> None:
    """Asked about a path that is nowhere, a kernel that has the call says so."""
    try:
        syscalls.make_read_only("/proc/self/no such entry")
    except FileNotFoundError:
        return


def _filter() -> None:
    syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
    syscalls.seccomp(confine.system_call_filter())


if __name__ == "__main__":
    print(json.dumps(asdict(probe(sandbox_steps()))))
