"""What a check computes is told with whatever went wrong in it: `expect.case`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from exercises.checking import Cause, Check, Expect, LocalStudent, MismatchError, Status, StudentError, Verdict
from exercises.checking.run import run_check

CONV, HINT = "conv of 5 on 7 samples", "How long is the result?"
WHERE = (("fir.py", 3, "return x[9]"),)


def verdict_of(run: Callable[[Any, Any, Expect], None]) -> Verdict:
    check = Check("t.one", 1.0, "an idea", (), False, run)
    return run_check(check, LocalStudent("exercises.digits"), None, reveal=True, earlier={})


def stopped_by(error: Exception, hint: str = HINT) -> Verdict:
    def run(student: Any, solution: Any, expect: Expect) -> None:
        with expect.case(CONV, hint=hint):
            raise error

    return verdict_of(run)


def test_what_the_code_raises_keeps_case_and_hint() -> None:
    verdict = stopped_by(StudentError("IndexError: too far", ("IndexError",), WHERE))
    assert (verdict.expected, verdict.hint) == (f"{CONV}: no exception", HINT)
    assert verdict.got == "IndexError: too far  (fir.py, line 3: return x[9])"  # the same in every case: one mistake
    assert stopped_by(StudentError("IndexError: too far", ("IndexError",), WHERE), "").hint == ""


def test_a_hint_on_what_the_code_does_is_none_where_it_did_not_come_to_that() -> None:
    assert "no network" in stopped_by(StudentError("…", ("urllib.error.URLError",))).hint
    assert stopped_by(StudentError("fir: did not end within 4 s", cause=Cause.STOPPED)).hint == ""
    unwritten = stopped_by(StudentError("NotImplementedError: Task 1", ("NotImplementedError",)))
    assert (unwritten.expected, unwritten.got, unwritten.hint) == ("", "not written yet: Task 1", "")


def test_what_a_check_cannot_work_with_keeps_its_case() -> None:
    verdict = stopped_by(TypeError("'NoneType' object is not subscriptable"))
    assert verdict.expected == f"{CONV}: values of the right types" and "NoneType" in verdict.got


@pytest.mark.parametrize(
    "compare",
    [
        lambda expect: expect.that(False, expected="7", got="8"),
        lambda expect: expect.equal(8, 7),
        lambda expect: expect.shape(torch.zeros(8), (7,)),
        lambda expect: expect.close(torch.zeros(8), torch.zeros(7), atol=0.0),
        lambda expect: expect.tensor(8),
        lambda expect: expect.raises(lambda: 8, "ValueError"),
    ],
)
def test_every_comparison_has_the_case_and_the_hint_that_it_stands_in(compare: Callable[[Expect], None]) -> None:
    expect = Expect()
    with pytest.raises(MismatchError) as found, expect.case(CONV, hint=HINT):
        compare(expect)
    assert found.value.got.startswith(f"{CONV}: ") and "8" in found.value.got and found.value.hint == HINT


def test_a_case_in_a_case_stands_behind_it_and_may_bring_its_own_hint() -> None:
    expect = Expect()
    with expect.case("fir", hint="outer"):
        with pytest.raises(MismatchError) as found, expect.case("5 taps", hint="inner"):
            expect.equal(8, 7, case="padded")
        assert (found.value.got, found.value.hint) == ("fir, 5 taps, padded: 8", "inner")
        with pytest.raises(MismatchError) as found, expect.case("7 taps"):
            expect.equal(8, 7, hint="mine")
        assert (found.value.got, found.value.hint) == ("fir, 7 taps: 8", "mine")
        with pytest.raises(MismatchError) as found:
            expect.equal(8, 7)
        assert (found.value.got, found.value.hint) == ("fir: 8", "outer")
    with pytest.raises(MismatchError) as found:
        expect.equal(8, 7)
    assert (found.value.got, found.value.hint) == ("8", "")


def test_the_innermost_case_is_told_also_of_an_exception_that_is_raised_again_later() -> None:
    def run(student: Any, solution: Any, expect: Expect) -> None:
        caught = []
        for name in ("first", "second"):
            try:
                with expect.case("fir", hint=HINT), expect.case(name):
                    raise StudentError(f"RuntimeError: {name}", ("RuntimeError",))
            except StudentError as error:
                caught.append(error)
        raise caught[1]

    verdict = verdict_of(run)
    assert (verdict.expected, verdict.got) == ("fir, second: no exception", "RuntimeError: second")
    assert (verdict.status, verdict.hint) == (Status.FAILED, HINT)


def test_what_waits_in_the_student_is_done_in_its_own_case() -> None:
    done: list[str] = []
    expect = Expect(settle=lambda: done.append("settled"))
    with expect.case("one"):
        done.append("in one")
    assert done == ["settled", "in one", "settled"]
