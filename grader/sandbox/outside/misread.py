"""Says of a file that Python cannot read what in it a newer one brought, and which Python grading uses."""

from __future__ import annotations

import sys
from collections.abc import Callable

from exercises.checking import StudentError
from exercises.syntax import newer_syntax

PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"  # of the sandbox too, which runs this very program


def misread(error: StudentError, source: Callable[[str], str], python: str = PYTHON) -> StudentError:
    """The same error; where what Python cannot read is newer than the Python of grading, that is said.

    A mistake that no Python reads is told in the same words as at home.

    Args:
        source: the text of one of the student's files, by name without ".py"; raises StudentError where there is none.
    """
    if "SyntaxError" not in error.kinds:
        return error
    try:
        newer = newer_syntax(source(error.where[-1][0].removesuffix(".py")), python) if error.where else []
    except StudentError:
        newer = []
    if not newer:
        return error
    line, what = newer[0]
    words = f"line {line} has {what}; grading uses Python {python}"
    return error.anew(f"{error.summary}; {words}")
