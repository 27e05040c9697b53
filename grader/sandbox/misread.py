"""Says of a file that Python cannot read which Python grading uses, and what in it a newer one brought."""

from __future__ import annotations

import sys
from collections.abc import Callable

from exercises.checking import StudentError
from exercises.syntax import newer_syntax

PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"  # of the sandbox too, which runs this very program


def misread(error: StudentError, source: Callable[[str], str], python: str = PYTHON) -> StudentError:
    """The same error; where it is a SyntaxError, with the Python of grading and what is newer than it.

    Args:
        source: the text of one of the student's files, by name without ".py"; raises StudentError where there is none.
    """
    if "SyntaxError" not in error.kinds:
        return error
    words = f"grading uses Python {python}"
    try:
        newer = newer_syntax(source(error.where[-1][0].removesuffix(".py")), python) if error.where else []
    except StudentError:
        newer = []
    if newer:
        line, what = newer[0]
        words = f"line {line} has {what}; {words}"
    return StudentError(f"{error.summary}; {words}", error.kinds, error.where)
