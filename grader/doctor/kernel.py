"""What the kernel grants the sandbox, and which setting is to blame where it does not."""

from __future__ import annotations

import platform
from pathlib import Path

from .attempt import FILTER, MAP, MOUNT, NAMESPACES, READ_ONLY, USER, Attempt
from .finding import Finding

ROOT = Path("/")

# Settings below /proc/sys: (path, the value that forbids user namespaces, the value to set, who sets it so).
SETTINGS = (
    ("user/max_user_namespaces", "0", "15000", "user namespaces are switched off"),
    ("kernel/unprivileged_userns_clone", "0", "1", "Debian's switch keeps user namespaces to the superuser"),
    ("kernel/apparmor_restrict_unprivileged_userns", "1", "0", "Ubuntu's AppArmor takes their rights from them"),
)
CONTAINER_MARKS = (".dockerenv", "run/.containerenv")
CONTAINER_FLAGS = (
    '--user "$(id -u):$(id -g)" --security-opt seccomp=unconfined --security-opt apparmor=unconfined '
    "--security-opt systempaths=unconfined"
)
DOES_WITHOUT = "the reduced isolation, which is in force, does without"


def findings(attempt: Attempt, root: Path = ROOT, *, reduced: bool = False) -> list[Finding]:
    """Namespaces, the settings that can forbid them, and the other calls that the sandbox needs.

    Args:
        root:    where /proc and the marks of a container are looked for.
        reduced: the reduced isolation is in force, which does without namespaces and mounts.
    """
    granted = attempt.failed not in (NAMESPACES, USER, MAP, MOUNT)
    causes = [*(setting(*row, granted=granted, root=root) for row in SETTINGS), container(attempt, granted, root)]
    of_full = [
        *causes,
        namespaces(attempt, granted, explained=not all(cause.ok for cause in causes)),
        read_only_mounts(attempt),
    ]
    if not reduced:
        return [*of_full, system_call_filter(attempt), landlock(attempt)]
    spared = [one if one.ok else Finding(one.name, True, f"{one.what}; {DOES_WITHOUT}") for one in of_full]
    if attempt.failed and attempt.failed != FILTER:  # what the full one stumbles over comes before the filter
        return [*spared, Finding("seccomp", True, "not tried by itself: the sandbox's start does"), landlock(attempt)]
    return [*spared, system_call_filter(attempt), landlock(attempt)]


def namespaces(attempt: Attempt, granted: bool, explained: bool) -> Finding:
    """User, mount, network, IPC, UTS and PID namespaces, as this user."""
    if granted:
        return Finding("namespaces", True, "the kernel grants all namespaces that the sandbox needs")
    advice = "mend what is named above, then run this again"
    if not explained:
        advice = "ask whoever runs this machine for user namespaces; a first look: unshare -Ur true; dmesg | tail"
    return Finding("namespaces", False, f"the kernel refused: {attempt.message}", advice)


def setting(path: str, forbids: str, wanted: str, reason: str, *, granted: bool, root: Path = ROOT) -> Finding:
    """One of the kernel's settings.  Where namespaces work all the same, it harms nobody."""
    name = path.replace("/", ".")
    try:
        value = (root / "proc/sys" / path).read_text().strip()
    except OSError:
        return Finding(name, True, "this kernel has no such setting")
    if value != forbids or granted:
        return Finding(name, True, f"is {value}" + (", and namespaces work all the same" if value == forbids else ""))
    keep = f"echo '{name} = {wanted}' | sudo tee -a /etc/sysctl.d/60-grader.conf && sudo sysctl -w {name}={wanted}"
    return Finding(name, False, f"is {value}: {reason}", keep)


def container(attempt: Attempt, granted: bool, root: Path = ROOT) -> Finding:
    """A container's own system call filter or missing rights."""
    name = "container"
    marked = any((root / mark).exists() for mark in CONTAINER_MARKS)
    where = "this is a container" if marked else "this process runs under a system call filter"
    if granted or attempt.error != "EPERM" or not (marked or _filtered(root)):
        return Finding(name, True, "no container stands in the way")
    return Finding(
        name,
        False,
        f"{where}, and it refuses namespaces ({attempt.error or attempt.message})",
        f"start the container with: docker run {CONTAINER_FLAGS} … (podman takes the same, "
        "with unmask=ALL for systempaths=unconfined); docs/docker.md tells what they open",
    )


def _filtered(root: Path) -> bool:
    try:
        lines = (root / "proc/self/status").read_text().splitlines()
    except OSError:
        return False
    return any(line.split() == ["Seccomp:", "2"] for line in lines)


def read_only_mounts(attempt: Attempt) -> Finding:
    """mount_setattr, which makes all of the sandbox's view read-only at once; Linux 5.12 brought it."""
    name = "mount_setattr"
    if READ_ONLY in attempt.done:
        return Finding(name, True, "mounts can be made read-only all at once")
    if attempt.failed != READ_ONLY:
        return _not_tried(name)
    return Finding(
        name,
        False,
        f"Linux {platform.release()}: {attempt.message}",
        "start Linux 5.12 or newer, which Debian 12 and Ubuntu 22.04 have; uname -r shows what runs now",
    )


def system_call_filter(attempt: Attempt) -> Finding:
    """seccomp, for system calls that student code has no use for."""
    name = "seccomp"
    if FILTER in attempt.done:
        return Finding(name, True, "system calls can be filtered")
    if attempt.failed != FILTER:
        return _not_tried(name)
    return Finding(
        name,
        False,
        attempt.message,
        "use a kernel with CONFIG_SECCOMP_FILTER, on x86_64 or aarch64: "
        "grep SECCOMP_FILTER /boot/config-$(uname -r); uname -m",
    )


def landlock(attempt: Attempt) -> Finding:
    """Landlock: a second wall round files.  The read-only mounts hold without it."""
    if attempt.landlock:
        return Finding("landlock", True, f"version {attempt.landlock}")
    return Finding(
        "landlock",
        True,
        "the kernel offers none: files are shut off by the sandbox's mounts alone",
        "add landlock to the kernel's lsm= parameter: cat /sys/kernel/security/lsm shows what it has now",
    )


def _not_tried(name: str) -> Finding:
    return Finding(name, False, "could not be tried, since an earlier step failed", "mend the others first")
