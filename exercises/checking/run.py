"""Run checks one after the other and turn what happens into verdicts."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from .check import Check
from .draw import HOME, drawing
from .errors import ASKS, IN_PLACE, NAN_HINT, OF_ARGUMENTS, OF_AXES, OF_CHANNELS, NotANumberError
from .expect import Case, Expect, MismatchError, NothingAskedError
from .faults import (
    NotFinishedError,
    OverdueError,
    ended_after,
    in_words,
    is_answers,
    is_references,
    traceback_of,
    undefined,
)
from .hints import INPUT_KEPT
from .student import StudentError
from .verdict import Cause, Status, Verdict, quoted

NO_NETWORK = "Where it is graded there is no network: download what you need in the notebook."
HINTS = {  # by the name of an exception, or what it is besides
    ASKS: "",
    IN_PLACE: INPUT_KEPT[0],
    OF_ARGUMENTS: "Which arguments does the docstring name, in which order, and which of them may be left out?",
    "EOFError": "Nobody answers input() while it is checked: put the question into the notebook.",
    "FileNotFoundError": "Where it is graded there are the given files and your modules, and nothing else.",
    "ModuleNotFoundError": (
        "Where it is graded there are Python and what requirements.txt names; "
        "a module beside yours is imported with a dot: from .pooling import …"
    ),
    "urllib.error.URLError": NO_NETWORK,
    "requests.exceptions.ConnectionError": NO_NETWORK,
    "ImportError": "Does that file have this name, spelt so, and is it saved? Or do the two files import each other?",
    "IndentationError": "Do the lines of one block begin below each other, and does each block have a line?",
    "SyntaxError": "Is a bracket, a quotation mark or a colon missing in this line, or in the one before it?",
}
OF_NAMES = {  # where a line of the student's own raises them: it is not about what is computed
    "UnboundLocalError": "Does every way through the function give this name a value before this line?",
    "NameError": "Is the name spelt as where it was made, and is it made before this line, or imported at the top?",
}
OF_TYPES = {  # there too; what is computed may have led to it
    "AttributeError": "What stands before the dot, of which type is it, and where does that get a part of this name?",
    "TypeError": "Of which type is each value in this line, and what does the operation or function there take?",
}
OF_SHAPES = {  # there too: a layer gets what it is not made for
    OF_AXES: (
        "How many axes has what this layer gets, and for how many is it made: for time (1d), or for images (2d)?"
    ),
    OF_CHANNELS: (
        "How many channels come into this convolution, and with how many is it made? Who makes it, with which sizes?"
    ),
}
MAX_TEXT_LENGTH = 2000  # characters of one text of a verdict: a student's code has a say in some of them


def run_checks(
    checks: Iterable[Check], student: Any, solution: Any = None, *, reveal: bool = True
) -> Iterator[Verdict]:
    """Run each check, in order, and yield its verdict as soon as it is known."""
    done: dict[str, Verdict] = {}
    for item in checks:
        verdict = run_check(item, student, solution, reveal=reveal, earlier=done)
        done[item.id] = verdict
        yield verdict


def run_check(
    check: Check,
    student: Any,
    solution: Any,
    *,
    reveal: bool,
    earlier: dict[str, Verdict],
    limit_s: float | None = None,
) -> Verdict:
    """Run one check.  Whatever the student's code does ends in a verdict; a fault of the check itself is ERROR.

    Whose fault an exception is, `faults.is_answers` tells.  Numbers are drawn from the solution's private seed, where
    it has one.

    Args:
        limit_s: seconds on the clock after which the check itself is at fault; they have to be far more than the
            student's code may take, which has limits of its own.

    Raises:
        NotFinishedError: what runs the student's code has failed.
    """
    missing = [id for id in check.needs if id in earlier and earlier[id].status is not Status.PASSED]
    if missing:
        idea = earlier[missing[0]].idea
        words = f"this needs an earlier check to pass first: {idea}"
        return _verdict(check, Status.NOT_RUN, 0.0, got=words, about=missing[0])
    seed = getattr(solution, "private_seed", None)
    with drawing(check.id, HOME if seed is None else seed):
        try:
            with ended_after(limit_s):
                return _run(check, student, solution, reveal)
        except OverdueError as error:
            student.fresh_process()  # what it was asked last may still be open
            return _at_fault(check, error)


def _run(check: Check, student: Any, solution: Any, reveal: bool) -> Verdict:
    expect = Expect(reveal, student.settle)
    begin = time.perf_counter()
    try:
        check.run(student, solution, expect)
        student.settle()
        if not expect.asked:
            raise NothingAskedError("it compared nothing and scored nothing: ask expect for what is due, in every case")
    except MismatchError as mismatch:
        verdict = _verdict(check, Status.FAILED, 0.0, **_of_mismatch(check, mismatch))
    except NotFinishedError:
        raise
    except StudentError as error:
        if is_references(solution, student, error):
            verdict = _at_fault(check, error)
        elif slip := undefined(check, solution, error):
            verdict = _at_fault(check, slip)
        else:
            verdict = _verdict(check, Status.FAILED, 0.0, **_of_error(check, error, expect.case_of(error)))
    except Exception as error:
        if is_answers(check, solution, error):
            tell = _not_a_number if isinstance(error, NotANumberError) else _not_worked_with
            verdict = tell(check, expect.case_of(error), error)
        else:
            verdict = _at_fault(check, error)
    except SystemExit as error:  # what the student's code ends is a StudentError
        verdict = _at_fault(check, error)
    else:
        expected, got, hint = expect.scored
        status = Status.PASSED if expect.fraction == 1 else Status.PARTLY if expect.fraction > 0 else Status.FAILED
        verdict = _verdict(
            check,
            status,
            round(check.points * expect.fraction, 2),
            expected=expected,
            got=got,
            hint=hint,
            cause=None if status is Status.PASSED else Cause.WRONG,
            measured=expect.measured,
            due=expect.due,
            proposed="; ".join(expect.reasons)[:MAX_TEXT_LENGTH] if expect.fraction > 0 else "",
            hints=() if status is Status.PASSED else check.hints,
        )
    return replace(verdict, seconds=time.perf_counter() - begin)


def _at_fault(check: Check, error: BaseException) -> Verdict:
    """The check itself has failed: nobody's points, and for the lecturer the reason and the traceback."""
    return _verdict(check, Status.ERROR, 0.0, fault=in_words(check, error), note=f"{check.id}\n{traceback_of(error)}")


def _not_a_number(check: Check, case: Case, error: Exception) -> Verdict:
    """What was measured of an answer is NaN or infinite, and what was measured of the model solution is not."""
    return _verdict(
        check,
        Status.FAILED,
        0.0,
        expected=_in_case(case, "results that are numbers"),
        got=f"what your code gives makes the result NaN or infinite ({error})",
        hint=NAN_HINT,
        note=traceback_of(error),
        cause=Cause.WRONG,
    )


def _not_worked_with(check: Check, case: Case, error: Exception) -> Verdict:
    """A check stumbled over a value that it was not made for."""
    words = f"something that the check cannot work with ({type(error).__name__}: {error})"[:300]
    return _verdict(
        check,
        Status.FAILED,
        0.0,
        expected=_in_case(case, "values of the right types"),
        got=words,
        hint="Is each part of the type that the docstring asks for?",
        note=traceback_of(error),
        cause=Cause.WRONG,
    )


def _verdict(
    check: Check,
    status: Status,
    points: float,
    *,
    expected: str = "",
    got: str = "",
    hint: str = "",
    **others: Any,
) -> Verdict:
    """The verdict on a check.  What `Verdict` has besides goes by its names."""
    return Verdict(
        check=check.id,
        task=check.task,
        idea=check.idea,
        status=status,
        points=points,
        max_points=check.points,
        extra=check.extra,
        expected=expected[:MAX_TEXT_LENGTH],
        got=got[:MAX_TEXT_LENGTH],
        hint=hint[:MAX_TEXT_LENGTH],
        **others,
    )


def _of_mismatch(check: Check, mismatch: MismatchError) -> dict[str, Any]:
    """A mismatch as parts of a verdict, with the place of the exception that it came of, if there was one.

    The check's further hints ask about values: they are none where the type is wrong.
    """
    words: dict[str, Any] = {"expected": mismatch.expected, "got": mismatch.got, "hint": mismatch.hint}
    words["hints"] = () if mismatch.of_kind else check.hints
    if isinstance(mismatch.__context__, StudentError):
        return {**words, **_facts(mismatch.__context__)}
    return {**words, "cause": mismatch.cause, "about": mismatch.about}


def _of_error(check: Check, error: StudentError, case: Case) -> dict[str, Any]:
    """An exception of the student's code as parts of a verdict; a part that is not written yet is no surprise.

    What the check computed stands with what was expected.  Its hints ask about what the code computes: they are none
    for code that was stopped, or did not come to that, and come later where a value is of another type than thought.
    """
    if error.cause is Cause.NOT_WRITTEN:
        place = f" {quoted(error.place)}" if error.place else ""
        got = f"not written yet: {error.summary.removeprefix('NotImplementedError: ')}{place}"
        return {"got": got, "hints": check.hints, **_facts(error)}
    hint, hints = _hint_on(error), check.hints
    if hint is None and error.cause is Cause.RAISED:
        hint = case.hint
    elif hint in (*OF_TYPES.values(), *OF_SHAPES.values()):
        hints = (case.hint[:MAX_TEXT_LENGTH], *hints) if case.hint else hints
    else:
        hints = ()
    return {
        "expected": _in_case(case, "less in one answer" if error.cause is Cause.TOO_LARGE else "no exception"),
        "got": error.got,
        "hint": hint or "",
        "hints": hints,
        **_facts(error),
    }


def _hint_on(error: StudentError) -> str | None:
    """What to ask about an exception itself: "" where its message asks, None where it is about what is computed."""
    known = {**HINTS, **OF_NAMES, **OF_TYPES, **OF_SHAPES} if error.where else HINTS
    return next((known[kind] for kind in error.kinds if kind in known), None)


def _in_case(case: Case, words: str) -> str:
    return f"{case.name}: {words}" if case.name else words


def _facts(error: StudentError) -> dict[str, Any]:
    """What an exception says beside its words."""
    source = error.where[-1][2] if error.where else ""
    return {"cause": error.cause, "about": error.about, "where": error.place, "source": source}
