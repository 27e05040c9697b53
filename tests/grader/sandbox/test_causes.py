"""The end of a student's process says as data what a verdict has to know of it."""

from __future__ import annotations

import pytest

from exercises.checking import Cause, StudentError
from grader.sandbox.outside.misread import misread
from grader.sandbox.outside.session import End, _ending_in_words

from .test_container import start

ENDINGS = """
import os, signal

def loop():
    while True:
        pass

def leave():
    os._exit(3)

def crash():
    os.kill(os.getpid(), signal.SIGSEGV)

def write():
    os.write(max(int(fd) for fd in os.listdir("/proc/self/fd") if fd.isdigit() and sock(fd)), b"x" * 99)

def sock(fd):
    try:
        return os.readlink(f"/proc/self/fd/{fd}").startswith("socket:")
    except OSError:
        return False

class Part:
    def forward(self):
        raise NotImplementedError("whatever it says")
"""


@pytest.mark.parametrize(
    ("end", "cause"),
    [
        (End(stopped="it wrote too much"), Cause.STOPPED),
        (End(code=-9), Cause.STOPPED),
        (End(code=-11, peak_mb=800), Cause.CRASHED),
        (End(code=-11, peak_mb=900), Cause.STOPPED),
        (End(code=1, peak_mb=900), Cause.STOPPED),
        (End(code=77), Cause.STOPPED),
        (End(code=0, peak_mb=900), Cause.ENDED),
        (End(code=3), Cause.ENDED),
        (End(), Cause.ENDED),
    ],
)
def test_each_ending_has_its_cause(end: End, cause: Cause) -> None:
    assert _ending_in_words(end, 1024)[1] is cause


def test_what_ends_a_process_reaches_the_check_as_data() -> None:
    container, student = start(ENDINGS)

    def cause_of(name: str) -> Cause:
        with pytest.raises(StudentError) as caught:
            getattr(student.answer, name)()
        return caught.value.cause

    with container:
        assert cause_of("leave") is Cause.ENDED
        assert cause_of("crash") is Cause.CRASHED
        assert cause_of("write") is Cause.LOST
        assert [cause_of("loop") for _ in range(3)] == [Cause.STOPPED, Cause.STOPPED, Cause.GIVEN_UP]


def test_part_that_is_not_written_is_named_from_the_sandbox() -> None:
    container, student = start(ENDINGS)
    with container, pytest.raises(StudentError) as caught:
        student.answer.Part().forward()
    assert (caught.value.cause, caught.value.about) == (Cause.NOT_WRITTEN, "Part.forward")
    assert caught.value.place is not None and caught.value.place[0] == "answer.py"


@pytest.mark.parametrize(
    ("text", "cause", "about"),
    [
        ("import os\nos._exit(1)", Cause.ON_IMPORT, "answer.py"),
        ("import nowhere", Cause.NOT_FOUND, "nowhere"),
        ("def f(:", Cause.UNREADABLE, "SyntaxError"),
        ("1 / 0", Cause.RAISED, "ZeroDivisionError"),
    ],
)
def test_import_that_fails_says_how(text: str, cause: Cause, about: str) -> None:
    container, student = start(text)
    with container:
        for _ in range(1 if cause is Cause.ON_IMPORT else 2):  # the second time from what is remembered
            with pytest.raises(StudentError) as caught:
                student.answer.anything()
            assert (caught.value.cause, caught.value.about) == (cause, about)


def test_other_words_for_an_error_leave_its_data() -> None:
    error = StudentError("SyntaxError: no", ("SyntaxError",), (("answer.py", 1, "type X = int"),), about="SyntaxError")
    found = misread(error, lambda name: "type X = int\n", "3.11")
    assert found.summary != error.summary and "grading uses Python 3.11" in found.summary
    assert (found.cause, found.about, found.place) == (error.cause, error.about, error.place)
