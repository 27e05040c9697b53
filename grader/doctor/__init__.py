"""Says what a machine lacks for grading, and the command that mends it: `python -m grader doctor`.

    attempt   has `probe` try what the sandbox asks of the kernel, in a process of its own
    kernel    what of that failed, and which setting is to blame
    isolation which isolation is in force, and what the reduced one leaves open
    packages  Python; torch, torchvision and torchaudio that match; nbgrader; alembic on the PATH
    courses   whether others on this machine can read a course folder
    trial     starts the sandbox, and looks from inside at what it can read

Nothing here needs torch to import: a broken one is among the things to be found.
"""

from __future__ import annotations

import platform
from pathlib import Path

from . import courses, isolation, kernel, packages, trial
from .attempt import try_kernel
from .finding import Finding

__all__ = ["Finding", "examine"]


def examine(course: Path = Path()) -> list[Finding]:
    """Everything that grading rests on, in the order in which to mend it.  Takes some seconds: it imports torch.

    Args:
        course: a folder that is looked at too, where it is a course's.
    """
    if platform.system() != "Linux":
        return [
            Finding(
                "linux",
                False,
                f"the sandbox is made of Linux's namespaces, and this is {platform.system()}",
                "grade on a Linux machine, in WSL 2 (wsl --install -d Debian), or in a Linux virtual machine",
            )
        ]
    attempt, started = try_kernel(), trial.findings()
    in_force = isolation.finding(attempt, proc_hidden=any(trial.proc_is_hidden(one.what) for one in started))
    reduced = in_force.ok and isolation.asked_for() == isolation.REDUCED_TIER
    return [
        *kernel.findings(attempt, reduced=reduced),
        in_force,
        *packages.findings(),
        *started,
        *courses.findings(course),
    ]
