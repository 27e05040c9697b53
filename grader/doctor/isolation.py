"""Which isolation student code gets: the full one, or the reduced one, which has to be asked for by name."""

from __future__ import annotations

import os

from .attempt import FILTER, Attempt
from .finding import Finding

TIER_VARIABLE = "GRADER_ISOLATION"  # the sandbox reads it too, but needs torch to import
REDUCED_TIER = "reduced"
CHECK_NAME = "isolation"
OPEN_IN_REDUCED = (
    "what a submission writes altogether is not limited, nor is the number of a plain user's processes; a detached "
    "process lives until its container ends; before Linux 6.12 student code can send signals to other processes of the "
    "plain user who grades (docs/security.md)"
)


def finding(attempt: Attempt, proc_hidden: bool = False, asked: str | None = None) -> Finding:
    """Which isolation is in force, whether this machine offers it, and what there is instead.

    Args:
        attempt:     what the kernel grants of the full one.
        proc_hidden: whether a sandbox did not start since it got no /proc of its own.
        asked:       full or reduced; None takes what the environment says.
    """
    asked = asked_for() if asked is None else asked
    refused = bool(attempt.failed) or proc_hidden
    reducible = attempt.landlock > 0 and attempt.failed != FILTER
    if asked == "full" and not refused:
        return Finding(CHECK_NAME, True, "full: namespaces, a file system of its own, a system call filter and limits")
    if asked == "full":
        return Finding(
            CHECK_NAME, False, "full is in force, and this machine refuses it: nothing is graded", _other(reducible)
        )
    if asked != REDUCED_TIER:
        return Finding(
            CHECK_NAME,
            False,
            f"{TIER_VARIABLE}={asked}: there is full, the default, and reduced",
            f"unset {TIER_VARIABLE}",
        )
    if not reducible:
        what = (
            f"{TIER_VARIABLE}=reduced is in force, but it rests on Landlock and a system call filter, "
            "and one is missing"
        )
        return Finding(CHECK_NAME, False, what, "mend what is named above; without these two nothing is graded")
    what = f"REDUCED is in force ({TIER_VARIABLE}=reduced): no namespaces. Left open: {OPEN_IN_REDUCED}"
    if not refused:
        return Finding(
            CHECK_NAME, False, what, f"unset {TIER_VARIABLE}, and run this again: the kernel grants full isolation"
        )
    return Finding(CHECK_NAME, True, what)


def asked_for() -> str:
    """The isolation that the environment asks for, whether there is such a one or not."""
    return os.environ.get(TIER_VARIABLE, "full")


def _other(reducible: bool) -> str:
    first = "mend what is named here; "
    if not reducible:
        return f"{first}the reduced isolation would not start either: it needs Landlock and a system call filter"
    reduced = f"export {TIER_VARIABLE}=reduced grades without namespaces. Left open then: {OPEN_IN_REDUCED}"
    return f"{first}where that cannot be, {reduced}"
