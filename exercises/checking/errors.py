"""What becomes of an exception in the student's code: one line, and the student's own lines on the way to it."""

from __future__ import annotations

import builtins
import re
import traceback
from pathlib import Path

from .verdict import Cause, quoted

MAX_SUMMARY_LENGTH = 500  # characters
MAX_MESSAGE_LINES = 6  # of an exception's message
MAX_SOURCE_LENGTH = 120  # characters of a source line
MAX_ABOUT_LENGTH = 80  # characters of what it is about
OF_EVERY_MODULE = ("_parameters", "_buffers", "_modules", "_forward_hooks", "_backward_hooks", "training")
BEFORE_SUPER = "before Module.__init__() call"  # torch's words where a part is assigned too early
NO_FORWARD = 'is missing the required "forward" function'  # torch's words where a module has none
ARGUMENTS = re.compile(r"\) (?:got|takes|missing) .*argument")  # Python's words where a call does not fit its `def`
# What an exception is besides its classes, first among its kinds: hints go by that.
OF_ARGUMENTS, ASKS = "call that does not fit its def", "question in the message"
OF_AXES, OF_CHANNELS, IN_PLACE = "number of axes", "number of channels", "value that was written over"
IN_TORCHS_WORDS = {
    OF_AXES: re.compile(r"expected .*D input \(got .*D input\)"),
    OF_CHANNELS: re.compile(r"expected input\[.*\] to have \d+ channels"),
    IN_PLACE: re.compile("modified by an inplace operation"),
}
CAUSES = {  # by the name of an exception
    "NotImplementedError": Cause.NOT_WRITTEN,
    "SyntaxError": Cause.UNREADABLE,
    "ImportError": Cause.NOT_FOUND,
    "TooLargeError": Cause.TOO_LARGE,
    "MemoryError": Cause.STOPPED,
}


NAN_HINT = (
    "Which operation gives a NaN: 0 / 0, the logarithm of a negative number, infinity minus infinity? Or is the "
    "learning rate so high that the weights grow beyond all numbers?"
)


class UnfitScoreError(ValueError):
    """A fault of the check: what it scores, or has measured, is no number from 0 to 1."""


class NotANumberError(ValueError):
    """What a check scores, measured, or compares with is NaN or infinite: a network's, or the check's own doing."""


class StudentError(Exception):
    """The student's code raised, died or did not finish.

    Attributes:
        summary: one line for the student: "NotImplementedError: Task 2: ...".
        kinds:   names of the exception's class and its bases (empty where the process died or was stopped), and before
                 them what it is besides, see ASKS.
        where:   the student's own lines on the way to it, innermost last: (file, line number, source line).
        cause:   what kind of mistake it is; without it, what the exception's classes say.
        about:   as in `Verdict`.
        folder:  where the code lies that raised in this process; None in the sandbox.
    """

    def __init__(
        self,
        summary: str,
        kinds: tuple[str, ...] = (),
        where: tuple[tuple[str, int, str], ...] = (),
        *,
        cause: Cause | None = None,
        about: str = "",
        folder: Path | None = None,
    ) -> None:
        super().__init__(summary)
        self.summary, self.kinds, self.where, self.about, self.folder = summary, kinds, where, about, folder
        self.cause = cause or next((CAUSES[kind] for kind in kinds if kind in CAUSES), Cause.RAISED)

    def anew(self, summary: str = "") -> StudentError:
        """The same error to be raised once more, with another summary where one is given."""
        words = summary or self.summary
        return StudentError(words, self.kinds, self.where, cause=self.cause, about=self.about, folder=self.folder)

    @property
    def place(self) -> tuple[str, int] | None:
        """The student's own file and line that it came from."""
        return self.where[-1][:2] if self.where else None

    @property
    def got(self) -> str:
        """The summary, the student's own line that it came from, and the last one in another file that led there."""
        if not self.where:
            return self.summary
        file, line, source = self.where[-1]
        # What stops a file stops all that import it, and is told once: see `folding`.
        callers = [place for place in self.where if place[0] != file and self.cause is Cause.RAISED]
        led = f", called in {quoted(callers[-1][:2], callers[-1][2])}" if callers else ""
        return f"{self.summary}  {quoted((file, line), source)}{led}"


def student_error(error: BaseException, folder: Path) -> StudentError:
    """Cut an exception down to its message and the lines that lie in the student's folder."""
    frames = traceback.extract_tb(error.__traceback__)
    where = [
        (Path(f.filename).name, f.lineno or 0, _cut((f.line or "").strip(), MAX_SOURCE_LENGTH))
        for f in frames
        if _lies_in(f.filename, folder)
    ]
    if isinstance(error, SyntaxError) and error.filename and _lies_in(error.filename, folder):
        source = _cut((error.text or "").strip(), MAX_SOURCE_LENGTH)
        where.append((Path(error.filename).name, error.lineno or 0, source))
    message = error.msg if isinstance(error, SyntaxError) else str(error)
    kinds = tuple(map(_kind, type(error).__mro__))
    if isinstance(error, TypeError) and ARGUMENTS.search(message):
        kinds = (OF_ARGUMENTS, *kinds)
    kinds = (*(kind for kind, words in IN_TORCHS_WORDS.items() if words.search(message)), *kinds)
    if isinstance(error, AttributeError) and (error.name in OF_EVERY_MODULE or BEFORE_SUPER in message):
        kinds = (ASKS, *kinds)
        message += ": is super().__init__() missing at the beginning of its __init__?"
    unnamed = isinstance(error, NotImplementedError) and NO_FORWARD in message and not where
    if unnamed:
        message += ": is it spelt so, and indented into its class?"
    lines = _without(folder, message).splitlines()
    message = "\n".join([*lines[:MAX_MESSAGE_LINES], *(["…"] if len(lines) > MAX_MESSAGE_LINES else [])])
    summary = _cut(f"{type(error).__name__}: {message}".strip(), MAX_SUMMARY_LENGTH)
    if unnamed:  # it may be written well, under a name that torch does not look for
        kinds = (ASKS, *(kind for kind in kinds if kind != "NotImplementedError"))
    about = _cut(_about(error, folder), MAX_ABOUT_LENGTH)
    return StudentError(summary, kinds, tuple(where), about=about, folder=folder)


def _without(folder: Path, message: str) -> str:
    """A message with the names of files in a folder in the place of their whole paths."""
    for place in (repr(str(folder))[1:-1], str(folder)):  # in the message of an OSError each backslash is doubled
        for separator in ("\\\\", "\\", "/"):
            message = message.replace(f"{place}{separator}", "")
    return message


def _about(error: BaseException, folder: Path) -> str:
    """The student's function that is not written, the module that was not found, or the exception's class."""
    if isinstance(error, NotImplementedError):
        code = [frame.f_code for frame, _ in traceback.walk_tb(error.__traceback__)][-1:]
        return code[0].co_qualname if code and _lies_in(code[0].co_filename, folder) else ""
    if isinstance(error, ImportError):
        return error.name if isinstance(error.name, str) else ""
    return _kind(type(error))


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _kind(exception: type) -> str:
    """The name of an exception's class; one of the student's own is not taken for Python's of the same name."""
    name = exception.__name__
    return name if getattr(builtins, name, None) is exception else f"{exception.__module__}.{name}"


def _lies_in(filename: str, folder: Path) -> bool:
    return Path(filename).parent == folder
