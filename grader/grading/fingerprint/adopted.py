"""What the verdicts of an adopted course's notebooks rest on beside the course and the submission, as a hash."""

from __future__ import annotations

import functools
import sys
from importlib.metadata import version

from .imports import reach
from .versions import hash_files, hash_value, versions_of

RUNNERS = ("grader.grading.adopted.reading", "grader.grading.adopted.running", "grader.sandbox.inside.warm")


@functools.cache
def adopted_fingerprint() -> str:
    """Hash of the code that runs notebooks, and of the versions of what it runs on; computed once in each process.

    Raises:
        ModuleNotFoundError: a module that verdicts are known to rest on does not exist.
    """
    reached = reach(RUNNERS)
    versions = {
        **versions_of(sorted(reached.packages)),
        "python": sys.version,
        **{name: version(name) for name in ("ipython", "nbgrader", "torch")},
    }
    return hash_value([hash_files(reached.files), versions])
