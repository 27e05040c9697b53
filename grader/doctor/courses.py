"""Whether others on this machine can read a course folder: grades, submissions and the secret lie in it."""

from __future__ import annotations

import shlex
from pathlib import Path

from grader.model.private import others_may

from .finding import Finding

MARK = "nbgrader_config.py"  # what every course folder has


def findings(root: Path) -> list[Finding]:
    """A warning where group or everybody may enter a course folder; nothing where the folder is none."""
    if not (root / MARK).is_file():
        return []
    if not others_may(root):
        return [Finding("course folder", True, f"{root} is its owner's alone")]
    return [
        Finding(
            "course folder",
            True,
            f"others on this machine may enter {root}, where grades and submissions lie; where a group grades "
            "together, take o-rwx in the place of go-rwx",
            f"chmod -R go-rwx {shlex.quote(str(root.resolve()))}",
            warns=True,
        )
    ]
