"""Release: from solutions/ to what students get, and to nbgrader's source and release.

solutions/digits/*.py  --stubs-->  exercises/digits/*.py          --+
solutions/digits/digits.py  --notebook-->  exercises/.../*.ipynb  --+--bundle-->  folder, zip, course
"""

from .build import Drift, Release, check_release, release
from .bundle import sandbox_bundle, student_bundle, write_folder, write_zip
from .layout import ReleaseError
from .leaks import leaks

__all__ = [
    "Drift",
    "Release",
    "ReleaseError",
    "check_release",
    "leaks",
    "release",
    "sandbox_bundle",
    "student_bundle",
    "write_folder",
    "write_zip",
]
