"""Whose fault an exception inside a check is: the answer's, which the check could not work with, or the check's own."""

from __future__ import annotations

import ctypes
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from .check import Check
from .errors import NotANumberError
from .student import LocalStudent, StudentError
from .verdict import Cause, quoted

# What a value of another type or form than the check was made for can lead to.
OF_VALUES = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
OURS = ("exercises", "grader", "datasets", "solutions")
MAX_FAULT_LENGTH = 300  # characters
MAX_FRAMES = 12  # of a traceback, the innermost ones
AGAIN_S = 2.0  # after which a check that has caught its end is ended once more

Place = tuple[str, int]  # file and line


class NotFinishedError(Exception):
    """What runs the student's code has failed: nothing can be said about the answer, and the check is not to blame."""


class OverdueError(BaseException):
    """A fault of the check: it took longer than all that a student's code may take.

    No Exception, so that what a check catches for its own purposes does not keep it running.
    """


class UndefinedError(Exception):
    """A fault of the check: it asks for a name that the model solution does not have either."""


@contextmanager
def ended_after(limit_s: float | None) -> Iterator[None]:
    """End what runs in here after so many seconds on the clock; None for no limit.

    A thread of its own raises in this one: unlike a signal's that works in a worker's thread too, and leaves the
    process's timers to others.  It reaches Python code; what waits within one call of a library goes on to its end.

    Raises:
        OverdueError: it took longer.
    """
    if limit_s is None:
        yield
        return
    here, over, lock = threading.get_ident(), threading.Event(), threading.Lock()
    running = [True]  # cleared in one step, which nothing can interrupt

    def watch() -> None:
        wait_s = limit_s
        while not over.wait(wait_s) and running:
            with lock:
                if running:
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(here), ctypes.py_object(OverdueError))
            wait_s = AGAIN_S

    try:
        try:
            threading.Thread(target=watch, daemon=True).start()
            yield
        finally:
            running.clear()
            over.set()
            # What was raised last arrives at the next jump at the latest. Taking it back with NULL would leave the
            # interpreter's signal on, and Python 3.11 then hangs where a function begins under sys.settrace.
            with lock:
                pass
            for _ in range(3):
                pass
    except OverdueError as error:
        words = f"the check has not ended after {limit_s:.0f} s on the clock: does a loop of its own never end?"
        raise OverdueError(words).with_traceback(error.__traceback__) from None


def is_answers(check: Check, solution: Any, error: Exception) -> bool:
    """Whether a check could not work with what the answer gave: then it has failed, else the check is at fault.

    A check that stumbles does so over the answer's value where all of this holds.
    - The exception is one that a value can lead to (`OF_VALUES`) and none of our own classes: neither a NameError nor
      a file that is missing, nor something that cannot travel, is anybody's answer.  A result that is no number is
      one: NaN and infinities come out of a network, or out of the check's own arithmetic.
    - The check passes with the model solution in the answer's place.
    - There it runs, without an exception, the very line in which it stumbled over the answer.  A line that it does not
      run there is one that only wrong answers lead to, and nothing has shown yet that this line works.

    In the student's own process, where no solution is, the first alone decides.
    """
    ours = type(error).__module__.split(".")[0] in OURS and not isinstance(error, NotANumberError)
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


def undefined(check: Check, solution: Any, error: StudentError) -> UndefinedError | None:
    """A fault of the check, where it asks for a module or a name that the model solution has not either; else None.

    The check runs once more, with the model solution in the student's place: what it lacks there, no answer can have.
    Nothing is asked where a line of the student's own raised, or no solution is there.
    """
    if not isinstance(solution, LocalStudent) or error.where or not _is_of_a_name(error):
        return None
    from .expect import Expect  # brings torch

    try:
        check.run(solution, solution, Expect())
    except StudentError as missing:
        if not missing.where and _is_of_a_name(missing):
            words = f"neither an answer nor the model solution has this: {missing.summary}"
            return UndefinedError(words).with_traceback(error.__traceback__)
    except Exception:  # another matter: no name is missing
        return None
    return None


def _is_of_a_name(error: StudentError) -> bool:
    """Whether a module or a name is missing, and not a value."""
    return error.cause is Cause.NOT_FOUND or "AttributeError" in error.kinds


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
