"""The Linux system calls that Python does not offer, through libc.  Each raises OSError where the kernel refuses."""

from __future__ import annotations

import ctypes
import os
import platform
import struct

CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC = 0x20000, 0x2000000, 0x4000000, 0x8000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_PRIVATE = 2, 4, 8, 4096, 16384, 1 << 18
MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID = 1, 2
MNT_DETACH = 2
AT_FDCWD, AT_RECURSIVE = -100, 0x8000
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP = 1, 4, 22
PR_CAPBSET_DROP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 24, 36, 38
CAPABILITY_VERSION_3 = 0x20080522
LAST_CAPABILITY = 63
MADV_COLLAPSE = 25

# The same number on every architecture (system calls added since Linux 5.2).
MOUNT_SETATTR, LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 442, 444, 445, 446
PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}

_libc = ctypes.CDLL(None, use_errno=True)


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def _ulong(value: int) -> ctypes.c_ulong:
    return ctypes.c_ulong(value)


def unshare(flags: int) -> None:
    _checked(_libc.unshare(flags), "unshare")


def collapse(address: int, length: int) -> bool:
    """Gather memory of this process into large pages; False where the kernel does not."""
    return bool(_libc.madvise(ctypes.c_void_p(address), ctypes.c_size_t(length), MADV_COLLAPSE) == 0)


def setns(descriptor: int, kind: int) -> None:
    _checked(_libc.setns(descriptor, kind), "setns")


def mount(source: str, target: str, kind: str | None = None, flags: int = 0, options: str = "") -> None:
    name = kind.encode() if kind else None
    data = options.encode() if options else None
    _checked(_libc.mount(source.encode(), target.encode(), name, _ulong(flags), data), f"mount {target}")


def make_read_only(path: str) -> None:
    """Make a mount and all mounts below it read-only, without set-uid programs."""
    attributes = struct.pack("QQQQ", MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID, 0, 0, 0)
    result = _libc.syscall(MOUNT_SETATTR, AT_FDCWD, path.encode(), AT_RECURSIVE, attributes, ctypes.c_size_t(32))
    _checked(result, f"mount_setattr {path}")


def pivot_root_here() -> None:
    """Make the current directory, a mount point, the root, and let go of the old one."""
    _checked(_libc.syscall(PIVOT_ROOT[platform.machine()], b".", b"."), "pivot_root")
    _checked(_libc.umount2(b".", MNT_DETACH), "umount2 of the old root")
    os.chdir("/")


def prctl(option: int, argument: int = 0) -> None:
    _checked(_libc.prctl(option, _ulong(argument), _ulong(0), _ulong(0), _ulong(0)), f"prctl {option}")


def drop_capabilities() -> None:
    """Give up every capability, also for programs started later."""
    for capability in range(LAST_CAPABILITY + 1):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError:  # past the kernel's last one
            break
    header = struct.pack("II", CAPABILITY_VERSION_3, 0)
    _checked(_libc.capset(header, bytes(24)), "capset")


def map_user(inside: int, uid: int, gid: int) -> None:
    """After unshare(CLONE_NEWUSER): the ids `uid` and `gid` of outside are `inside` here, and no others exist."""
    for name, text in (("setgroups", "deny"), ("uid_map", f"{inside} {uid} 1"), ("gid_map", f"{inside} {gid} 1")):
        descriptor = os.open(f"/proc/self/{name}", os.O_WRONLY)
        try:
            os.write(descriptor, text.encode())
        finally:
            os.close(descriptor)


def seccomp(program: bytes) -> None:
    """Load a classic BPF program as this process's system call filter."""
    buffer = ctypes.create_string_buffer(program, len(program))

    class Filter(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))

    loaded = Filter(len(program) // 8, ctypes.addressof(buffer))
    mode_filter = 2
    result = _libc.prctl(PR_SET_SECCOMP, _ulong(mode_filter), ctypes.byref(loaded), _ulong(0), _ulong(0))
    _checked(result, "seccomp")


def landlock_abi() -> int:
    """Version of Landlock that the kernel offers; 0 where there is none."""
    version_flag = 1
    return max(0, int(_libc.syscall(LANDLOCK_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint(version_flag))))


def landlock_create(attributes: bytes) -> int:
    size = ctypes.c_size_t(len(attributes))
    return _checked(_libc.syscall(LANDLOCK_CREATE, attributes, size, ctypes.c_uint(0)), "landlock_create_ruleset")


def landlock_allow(ruleset: int, descriptor: int, access: int) -> None:
    path_beneath = 1
    rule = struct.pack("=Qi", access, descriptor)
    _checked(_libc.syscall(LANDLOCK_ADD, ruleset, path_beneath, rule, ctypes.c_uint(0)), "landlock_add_rule")


def landlock_restrict(ruleset: int) -> None:
    _checked(_libc.syscall(LANDLOCK_RESTRICT, ruleset, ctypes.c_uint(0)), "landlock_restrict_self")
