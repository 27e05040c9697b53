"""Whose fault an exception inside a check is: the answer's, which the check could not work with, or the check's own."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from types import FrameType
from typing import Any

from .check import Check
from .student import LocalStudent, StudentError
from .verdict import quoted

# What a value of another type or form than the check was made for can lead to.
OF_VALUES = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
OURS = ("exercises", "grader", "datasets", "solutions")
MAX_FAULT_LENGTH = 300  # characters
MAX_FRAMES = 12  # of a traceback, the innermost ones

Place = tuple[str, int]  # file and line


class NotFinishedError(Exception):
    """What runs the student's code has failed: nothing can be said about the answer, and the check is not to blame."""


def is_answers(check: Check, solution: Any, error: Exception) -> bool:
    """Whether a check could not work with what the answer gave: then it has failed, else the check is at fault.

    A check that stumbles does so over the answer's value where all of this holds.
    - The exception is one that a value can lead to (`OF_VALUES`) and none of our own classes: neither a NameError nor
      a file that is missing, nor something that cannot travel, is anybody's answer.
    - The check passes with the model solution in the answer's place.
    - There it runs, without an exception, the very line in which it stumbled over the answer.  A line that it does not
      run there is one that only wrong answers lead to, and nothing has shown yet that this line works.

    In the student's own process, where no solution is, the first alone decides.
    """
    ours = type(error).__module__.split(".")[0] in OURS
    if ours or not isinstance(error, OF_VALUES) or isinstance(error, NotImplementedError):
        return False
    if solution is None:
        return True
    place = place_of(check, error)
    return place is not None and _passes_through(place, check, solution)


def is_references(solution: Any, student: Any, error: StudentError) -> bool:
    """Whether an exception came out of the model solution beside the answer, and not out of the answer."""
    return (
        isinstance(solution, LocalStudent)
        and solution is not student
        and error.folder is not None
        and error.folder == solution.own_folder
    )


def place_of(check: Check, error: BaseException) -> Place | None:
    """Where in the check, or in what checks share, an exception was met; None where it came from outside of a check."""
    own = getattr(check.run, "__module__", "")
    found = None
    for frame, line in traceback.walk_tb(error.__traceback__):
        name = str(frame.f_globals.get("__name__", ""))
        if name == own or "checks" in name.split("."):
            found = frame.f_code.co_filename, line
    return found


def in_words(check: Check, error: BaseException) -> str:
    """What a check at fault raised, and where: "KeyError: 'taps' (fir.py, line 12)"."""
    place = place_of(check, error)
    where = f" {quoted((Path(place[0]).name, place[1]))}" if place else ""
    words = error.summary if isinstance(error, StudentError) else f"{type(error).__name__}: {error}"
    from_solution = "the model solution raised " if isinstance(error, StudentError) else ""
    return f"{from_solution}{' '.join(words.split())}"[:MAX_FAULT_LENGTH] + where


def traceback_of(error: BaseException) -> str:
    """The traceback from the check on."""
    below = error.__traceback__.tb_next if error.__traceback__ else None
    return "".join(traceback.format_exception(type(error), error, below, limit=-MAX_FRAMES, chain=False)).rstrip()


def _passes_through(place: Place, check: Check, solution: Any) -> bool:
    """Whether the check passes on the solution, and runs this line on its way."""
    from .expect import Expect  # brings torch

    file, line = place
    reached = False

    def look(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal reached
        if frame.f_code.co_filename != file:
            return None
        reached = reached or (event == "line" and frame.f_lineno == line)
        return look

    before = sys.gettrace()
    sys.settrace(look)
    try:
        check.run(solution, solution, Expect())
    except Exception:
        return False
    finally:
        sys.settrace(before)
    return reached
