"""Runs the probe in a process of its own, since what it does to itself cannot be undone, and reads what it reached."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass

from grader.repository import REPOSITORY

TIMEOUT_S = 60.0

# The steps of the probe.
NAMESPACES, USER, MAP, MOUNT = "namespaces", "user namespace", "map", "mount"
READ_ONLY, FILTER = "read-only", "filter"


@dataclass(frozen=True)
class Attempt:
    """How far the probe came.

    Attributes:
        done:     the steps that the kernel granted, in their order.
        failed:   the step that it refused; empty if none.
        error:    the error's name there, "EPERM"; empty where there is none.
        message:  the error's text.
        landlock: version of Landlock that the kernel offers, 0 for none.
    """

    done: tuple[str, ...] = ()
    failed: str = ""
    error: str = ""
    message: str = ""
    landlock: int = 0


def try_kernel() -> Attempt:
    """Run the probe.  One that ends without a word counts as a refusal of its first step."""
    command = [sys.executable, "-m", "grader.doctor.probe"]
    try:
        ended = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=TIMEOUT_S)
    except subprocess.TimeoutExpired:
        return Attempt(failed=NAMESPACES, message=f"the probe did not end within {TIMEOUT_S:.0f} s")
    try:
        facts = json.loads(ended.stdout)
    except ValueError:
        said = ended.stderr.strip().splitlines()[-1:] or [f"exit code {ended.returncode}"]
        return Attempt(failed=NAMESPACES, message=f"the probe ended without a result: {said[0]}")
    return Attempt(**{**facts, "done": tuple(facts["done"])})
