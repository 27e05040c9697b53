"""What a process may do in its container: Landlock for files, seccomp for system calls, limits for amounts."""

from __future__ import annotations

import os
import platform
import resource
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from exercises.limits import USUAL

from . import syscalls

# Landlock access rights to files, by the ABI that brought them.
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
ALL_OF_ABI_1 = (1 << 13) - 1
REFER, TRUNCATE, IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
TCP_BIND_AND_CONNECT, ABSTRACT_SOCKETS_AND_SIGNALS = 3, 3

# System calls that a student's code has no use for, as (x86_64, aarch64) numbers.
DENIED = {
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "open_by_handle_at": (304, 265),
    "name_to_handle_at": (303, 264),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "syslog": (103, 116),
    "vhangup": (153, 58),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "adjtimex": (159, 171),
    "clock_adjtime": (305, 266),
    "personality": (135, 92),
    "quotactl_fd": (443, 443),
    # memory that resource limits do not see
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    "io_setup": (206, 0),  # of a pool that the whole machine shares
    "inotify_add_watch": (254, 27),
    "fanotify_init": (300, 262),
    "landlock_create_ruleset": (444, 444),
    # pages that are passed on by reference: a pipe or a socket holds them when nobody else does any more
    "vmsplice": (278, 75),
    "splice": (275, 76),
    "tee": (276, 77),
    "sendfile": (40, 71),
    # what is inherited: the next session comes from process 1, which has the same user
    "ioprio_set": (251, 30),
}
CLONE, CLONE3, MMAP, FCNTL = (56, 220), (435, 435), (9, 222), (72, 25)
SHARED, ANONYMOUS, HUGE = 0x01, 0x20, 0x40000  # bits of mmap's flags
SET_PIPE_SIZE = 1031  # F_SETPIPE_SZ
UNIX, STREAM, TYPE_BITS = 1, 1, 0xF
SOL_SOCKET, REUSE_ADDRESS = 1, 2  # the one that Python's multiprocessing sets; it means nothing here
ITSELF = 0  # as a process number

# Allowed with these arguments alone: system call -> its numbers, and what the argument of each position has to be, in
# the bits that count.
ALL_BITS = 0xFFFFFFFF
ALLOWED_WITH: dict[str, tuple[tuple[int, int], dict[int, tuple[int, int]]]] = {
    "socket": ((41, 198), {0: (UNIX, ALL_BITS), 1: (STREAM, TYPE_BITS)}),
    "socketpair": ((53, 199), {0: (UNIX, ALL_BITS), 1: (STREAM, TYPE_BITS)}),
    "setsockopt": ((54, 208), {1: (SOL_SOCKET, ALL_BITS), 2: (REUSE_ADDRESS, ALL_BITS)}),
    "prlimit64": ((302, 261), {0: (ITSELF, ALL_BITS)}),
    "setpriority": ((141, 140), {0: (os.PRIO_PROCESS, ALL_BITS), 1: (ITSELF, ALL_BITS)}),
    "sched_setaffinity": ((203, 122), {0: (ITSELF, ALL_BITS)}),
    "sched_setscheduler": ((144, 119), {0: (ITSELF, ALL_BITS)}),
    "sched_setparam": ((142, 118), {0: (ITSELF, ALL_BITS)}),
    "sched_setattr": ((314, 274), {0: (ITSELF, ALL_BITS)}),
}
AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
NAMESPACES = (
    syscalls.CLONE_NEWNS
    | syscalls.CLONE_NEWCGROUP
    | syscalls.CLONE_NEWUTS
    | syscalls.CLONE_NEWIPC
    | syscalls.CLONE_NEWUSER
    | syscalls.CLONE_NEWPID
    | syscalls.CLONE_NEWNET
)


TIMERS_AND_SIGNALS = 64  # timers of a user, and signals that wait in a queue


@dataclass(frozen=True)
class Limits:
    """Amounts that one container may use.

    Attributes:
        memory_mb:  address space and data of one process, beyond what the warm process had mapped.
        disk_mb:    everything writable together (one tmpfs).
        processes:  processes and threads.
        cpu_s:       processor time of all sessions and of whatever they start, together.
        all_memory_mb: memory of all processes together, where they can be listed.
        answer_mb:  tensors of one answer.
    """

    memory_mb: int = USUAL.memory_mb
    disk_mb: int = 128
    processes: int = 64
    open_files: int = 256
    cpu_s: int = 120
    all_memory_mb: int = 2048
    answer_mb: int = USUAL.answer_mb


def limit_resources(limits: Limits, *, counts_processes: bool = True) -> None:
    """Set the limits of this process and of those it starts.  Memory is relative: torch alone maps gigabytes.

    Args:
        counts_processes: whether the kernel would count this container's processes alone; otherwise they have no limit.
    """
    mapped = {}
    for line in Path("/proc/self/status").read_text().splitlines():
        name, _, value = line.partition(":")
        if name in ("VmSize", "VmData"):
            mapped[name] = int(value.split()[0]) << 10
    memory = limits.memory_mb << 20
    for kind, amount in (
        (resource.RLIMIT_AS, mapped["VmSize"] + memory),
        (resource.RLIMIT_DATA, mapped["VmData"] + memory),
        (resource.RLIMIT_FSIZE, limits.disk_mb << 20),
        *([(resource.RLIMIT_NPROC, limits.processes)] if counts_processes else []),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_SIGPENDING, TIMERS_AND_SIGNALS),
        (resource.RLIMIT_NICE, 0),
        (resource.RLIMIT_RTPRIO, 0),
    ):
        resource.setrlimit(kind, (amount, amount))


def allow_cpu(seconds: float) -> None:
    """From here on this process may use so many more seconds of CPU time; then SIGXCPU ends it."""
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(used + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def restrict_files(readable: Iterable[str], writable: Iterable[str]) -> bool:
    """Landlock: read below `readable`, write below `writable` alone, no TCP, no signals to outside.

    Returns:
        Whether the kernel offers Landlock.
    """
    abi = syscalls.landlock_abi()
    if abi == 0:
        return False
    handled = ALL_OF_ABI_1
    for since, right in ((2, REFER), (3, TRUNCATE), (5, IOCTL_DEV)):
        handled |= right if abi >= since else 0
    attributes = struct.pack("Q", handled)
    attributes += struct.pack("Q", TCP_BIND_AND_CONNECT) if abi >= 4 else b""
    attributes += struct.pack("Q", ABSTRACT_SOCKETS_AND_SIGNALS) if abi >= 6 else b""
    ruleset = syscalls.landlock_create(attributes)
    try:
        for path in readable:
            _allow(ruleset, path, EXECUTE | READ_FILE | (READ_DIR if os.path.isdir(path) else 0))
        for path in writable:
            _allow(ruleset, path, handled)
        for device in ("/dev/null", "/dev/full"):
            _allow(ruleset, device, READ_FILE | WRITE_FILE)
        syscalls.landlock_restrict(ruleset)
    finally:
        os.close(ruleset)
    return True


def _allow(ruleset: int, path: str, access: int) -> None:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        syscalls.landlock_allow(ruleset, descriptor, access)
    finally:
        os.close(descriptor)


def system_call_filter(machine: str | None = None) -> bytes:
    """The seccomp program: refuse DENIED, and others where their arguments ask for what is too much.

    Those are new namespaces, shared memory without a file, reserved huge pages, larger pipes, and all of ALLOWED_WITH
    with other arguments.

    Raises:
        OSError: the processor is neither x86_64 nor aarch64.
    """
    machine = machine or platform.machine()
    if machine not in AUDIT_ARCH:
        raise OSError(f"no system call table for {machine}: the sandbox knows x86_64 and aarch64")
    column = 0 if machine == "x86_64" else 1
    load, equal, at_least, any_bit, mask, give = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
    allow, kill, refuse, not_there = 0x7FFF0000, 0x80000000, 0x50000 | 1, 0x50000 | 38  # EPERM, ENOSYS
    number, architecture, first_argument, argument_bytes = 0, 4, 16, 8
    program: list[tuple[int, int, int, int]] = [
        (load, 0, 0, architecture),
        (equal, 1, 0, AUDIT_ARCH[machine]),
        (give, 0, 0, kill),
        (load, 0, 0, number),
        (at_least, 0, 1, 0x40000000),  # the x32 variant of x86_64
        (give, 0, 0, kill),
        (equal, 0, 6, MMAP[column]),
        (load, 0, 0, first_argument + 3 * argument_bytes),
        (any_bit, 2, 0, HUGE),
        (any_bit, 0, 2, ANONYMOUS),
        (any_bit, 0, 1, SHARED),
        (give, 0, 0, refuse),
        (give, 0, 0, allow),
    ]
    for pair in DENIED.values():
        program += [(equal, 0, 1, pair[column]), (give, 0, 0, refuse)]
    program += [
        (equal, 0, 1, CLONE3[column]),  # its flags lie in memory that a filter cannot read; libc falls back to clone
        (give, 0, 0, not_there),
        (equal, 0, 4, CLONE[column]),
        (load, 0, 0, first_argument),
        (any_bit, 0, 1, NAMESPACES),
        (give, 0, 0, refuse),
        (give, 0, 0, allow),
        (equal, 0, 4, FCNTL[column]),
        (load, 0, 0, first_argument + argument_bytes),
        (equal, 0, 1, SET_PIPE_SIZE),
        (give, 0, 0, refuse),
        (give, 0, 0, allow),
    ]
    for numbers, arguments in ALLOWED_WITH.values():
        block = []
        for position, (value, bits) in arguments.items():
            block += [(load, 0, 0, first_argument + position * argument_bytes), (mask, 0, 0, bits)]
            block += [(equal, 1, 0, value), (give, 0, 0, refuse)]
        program += [(equal, 0, len(block) + 1, numbers[column]), *block, (give, 0, 0, allow)]
    program.append((give, 0, 0, allow))
    return b"".join(struct.pack("HBBI", *instruction) for instruction in program)
