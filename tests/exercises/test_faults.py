"""Whose fault an exception inside a check is: `exercises/checking/faults.py`."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import torch

from exercises.checking import Cause, Check, Expect, LocalStudent, MismatchError, Status, StudentError, Verdict
from exercises.checking import check as decorate
from exercises.checking.faults import NotFinishedError
from exercises.checking.run import run_check
from exercises.checking.show import as_text

MODEL = "def conv(n):\n    return [float(i) for i in range(n)]\n\n\ndef taps():\n    return 3\n"
WORDS = {"short": "too short"}


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Makes a student of a text: `make(text)`; each is a package of its own."""
    made: list[str] = []

    def make(text: str) -> LocalStudent:
        made.append(f"faults_{len(made)}_{tmp_path.name}")
        folder = tmp_path / made[-1]
        folder.mkdir()
        (folder / "__init__.py").write_text("")
        (folder / "fir.py").write_text(text)
        return LocalStudent(made[-1])

    monkeypatch.syspath_prepend(tmp_path)
    yield make


def verdict(run: Any, student: LocalStudent, solution: LocalStudent | None) -> Verdict:
    check = Check("fir.conv", 1.0, "an idea", (), False, run)
    return run_check(check, student, solution, reveal=True, earlier={})


def halves(student: Any, solution: Any, expect: Expect) -> None:
    expect.equal(sum(student.fir.conv(4)) / 2, 3.0)


def looks_up(student: Any, solution: Any, expect: Expect) -> None:
    names = {3: "three"}
    expect.equal(names[student.fir.taps()], "three")


@pytest.mark.parametrize(
    ("run", "wrong", "words"),
    [
        (halves, "def conv(n): return ['0'] * n\n", "TypeError: unsupported operand"),
        (halves, "def conv(n): pass\n", "TypeError: 'NoneType' object is not iterable"),
        (looks_up, "def taps(): return 7\n", "KeyError: 7"),
    ],
)
def test_a_value_that_the_check_cannot_work_with_is_the_answers(
    packages: Any, run: Any, wrong: str, words: str
) -> None:
    student = packages(wrong)
    for solution in (packages(MODEL), None):
        found = verdict(run, student, solution)
        assert (found.status, found.cause, found.fault) == (Status.FAILED, Cause.WRONG, "")
        assert words in found.got and "test_faults.py" in found.note


def own_name(student: Any, solution: Any, expect: Expect) -> None:
    expect.equal(student.fir.taps(), tpas)  # type: ignore[name-defined]  # noqa: F821


def own_file(student: Any, solution: Any, expect: Expect) -> None:
    student.fir.taps()
    Path("/nowhere/taps.json").read_text()


def own_key(student: Any, solution: Any, expect: Expect) -> None:
    expect.equal(student.fir.taps(), WORDS["long"])


def own_key_in_words_for_the_wrong(student: Any, solution: Any, expect: Expect) -> None:
    if student.fir.taps() != 3:
        raise MismatchError("3 taps", WORDS["long"], "")


def own_use_of_torch(student: Any, solution: Any, expect: Expect) -> None:
    expect.close(torch.zeros(3) + torch.zeros(4) + student.fir.taps(), torch.zeros(3), atol=0.0)


def sends_what_cannot_travel(student: Any, solution: Any, expect: Expect) -> None:
    student.fir.taps(lambda: 3)


def asks_the_solution_for_what_it_has_not(student: Any, solution: Any, expect: Expect) -> None:
    expect.equal(student.fir.taps(), solution.fir.weights())


def has_the_solution_raise(student: Any, solution: Any, expect: Expect) -> None:
    expect.equal(student.fir.taps(), len(solution.fir.conv("seven")))


def misspells_a_name(student: Any, solution: Any, expect: Expect) -> None:
    with expect.case("taps"):
        expect.equal(student.fir.tpas(), 3)


def misspells_a_module(student: Any, solution: Any, expect: Expect) -> None:
    expect.equal(student.firr.taps(), 3)


@pytest.mark.parametrize(
    ("run", "words"),
    [
        (own_name, "NameError: name 'tpas' is not defined"),
        (own_file, "FileNotFoundError: [Errno 2] No such file"),
        (own_key, "KeyError: 'long'"),
        (own_key_in_words_for_the_wrong, "KeyError: 'long'"),
        (own_use_of_torch, "RuntimeError: The size of tensor a (3)"),
        (sends_what_cannot_travel, "CannotTravelError: "),
        (asks_the_solution_for_what_it_has_not, "the model solution raised fir.py has no weights"),
        (has_the_solution_raise, "the model solution raised TypeError"),
        (misspells_a_name, "UndefinedError: neither an answer nor the model solution has this: fir.py has no tpas"),
        (misspells_a_module, "UndefinedError: neither an answer nor the model solution has this: firr.py is missing"),
    ],
)
def test_a_fault_of_the_check_costs_nobody_and_says_what_and_where(packages: Any, run: Any, words: str) -> None:
    found = verdict(run, packages("def taps(): return 7\n"), packages(MODEL))
    assert (found.status, found.points, found.got, found.cause) == (Status.ERROR, 0.0, "", None)
    line = run.__code__.co_firstlineno
    last = line + max(n for *_, n in run.__code__.co_lines() if n) - line
    places = [f"(test_faults.py, line {number})" for number in range(line, last + 1)]
    assert words in found.fault and any(place in found.fault for place in places)
    assert found.note.startswith("fir.conv\nTraceback") and run.__name__ in found.note
    assert "fault     of this check, not of the answer: " in as_text(found)


def test_at_home_only_an_exception_of_another_kind_is_the_checks(packages: Any) -> None:
    student = packages("def taps(): return 7\n")
    assert verdict(own_name, student, None).status is Status.ERROR
    assert verdict(sends_what_cannot_travel, student, None).status is Status.ERROR
    assert verdict(own_key, student, None).status is Status.FAILED  # nothing there tells it from an answer's key


def test_what_the_answer_raises_is_its_own_also_beside_a_solution(packages: Any) -> None:
    found = verdict(looks_up, packages("def taps(): return 1 / 0\n"), packages(MODEL))
    assert (found.status, found.cause) == (Status.FAILED, Cause.RAISED) and "ZeroDivisionError" in found.got


def test_a_sandbox_that_fails_is_no_fault_of_the_check(packages: Any) -> None:
    def fails(student: Any, solution: Any, expect: Expect) -> None:
        raise NotFinishedError("the warm process has gone")

    with pytest.raises(NotFinishedError):
        verdict(fails, packages(MODEL), packages(MODEL))


def test_a_solution_in_the_place_of_the_student_is_a_student(packages: Any) -> None:
    def asks(student: Any, solution: Any, expect: Expect) -> None:
        expect.raises(lambda: student.fir.conv("seven"), "TypeError")
        with pytest.raises(StudentError):
            student.fir.weights()

    model = packages(MODEL)
    assert verdict(asks, model, model).status is Status.PASSED


def test_a_check_that_ends_the_process_is_at_fault(packages: Any) -> None:
    def leaves(student: Any, solution: Any, expect: Expect) -> None:
        raise SystemExit(3)

    found = verdict(leaves, packages(MODEL), packages(MODEL))
    assert found.status is Status.ERROR and "SystemExit: 3 (test_faults.py, line" in found.fault


def test_a_check_that_would_not_run_is_refused() -> None:
    def yields(student: Any, solution: Any, expect: Expect) -> Iterator[None]:
        yield

    async def waits(student: Any, solution: Any, expect: Expect) -> None:
        return

    functions: tuple[Any, ...] = (yields, waits)
    for function in functions:
        with pytest.raises(ValueError, match=r"check fir\.conv: a function with yield, or async"):
            decorate("fir.conv", points=1, idea="an idea")(function)


def reads_taps(student: Any, solution: Any, expect: Expect) -> None:
    expect.equal(student.fir.taps(), 3)


def test_a_name_that_the_answer_alone_lacks_is_the_answers(packages: Any) -> None:
    found = verdict(reads_taps, packages("def tap(): return 3\n"), packages(MODEL))
    assert (found.status, found.fault) == (Status.FAILED, "") and "fir.py has no taps" in found.got


@pytest.mark.parametrize("run", [misspells_a_name, misspells_a_module])
def test_a_name_that_nobody_has_is_the_checks_also_where_the_solution_is_graded(packages: Any, run: Any) -> None:
    model = packages(MODEL)
    found = verdict(run, packages(MODEL), model)
    assert found.status is Status.ERROR and "UndefinedError: " in found.fault
    assert "test_faults.py, line" in found.fault and run.__name__ in found.note


def scores_the_mean(student: Any, solution: Any, expect: Expect) -> None:
    share = sum(student.fir.conv(2)) / 2
    expect.score(share, expected="a half", got=f"{share}", measured={"share": share})


def scores_its_own_nan(student: Any, solution: Any, expect: Expect) -> None:
    share = 0 * sum(student.fir.conv(2)) + float("nan")
    expect.score(share, expected="a half", got=f"{share}")


@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
def test_a_share_that_is_no_number_is_told_to_whoever_made_it(packages: Any, value: str) -> None:
    student = packages(f"def conv(n): return [float('{value}')] * n\n")
    for solution in (packages(MODEL), None):
        found = verdict(scores_the_mean, student, solution)
        assert (found.status, found.points, found.cause, found.fault) == (Status.FAILED, 0.0, Cause.WRONG, "")
        assert "what your code gives makes the result NaN or infinite" in found.got
        assert "Which operation gives a NaN" in found.hint
    own = verdict(scores_its_own_nan, student, packages(MODEL))
    assert own.status is Status.ERROR and own.fault.startswith("NotANumberError: score: the fraction is nan")


def loops(student: Any, solution: Any, expect: Expect) -> None:
    student.fir.taps()
    while True:
        try:
            sum(range(1000))
        except Exception:
            continue


def catches_everything(student: Any, solution: Any, expect: Expect) -> None:
    for _ in range(2):
        try:
            loops(student, solution, expect)
        except BaseException:
            continue
    expect.equal(1, 1)


@pytest.mark.parametrize("in_a_thread", [False, True])
def test_a_check_that_never_ends_is_at_fault_also_in_a_workers_thread(packages: Any, in_a_thread: bool) -> None:
    student, solution = packages(MODEL), packages(MODEL)
    check = Check("fir.conv", 1.0, "an idea", (), False, loops)

    def run() -> Verdict:
        return run_check(check, student, solution, reveal=True, earlier={}, limit_s=0.3)

    found = ThreadPoolExecutor(1).submit(run).result(10) if in_a_thread else run()
    assert (found.status, found.points, found.cause) == (Status.ERROR, 0.0, None)
    assert found.fault.startswith("OverdueError: the check has not ended after 0 s on the clock")
    assert "test_faults.py, line" in found.fault and "in loops" in found.note


def test_a_check_within_its_limit_is_not_disturbed(packages: Any) -> None:
    check = Check("fir.conv", 1.0, "an idea", (), False, reads_taps)
    for _ in range(20):
        found = run_check(check, packages(MODEL), None, reveal=True, earlier={}, limit_s=5)
        assert found.status is Status.PASSED


def compares_two_answers(student: Any, solution: Any, expect: Expect) -> None:
    first, second = torch.tensor(student.fir.conv(2)), torch.tensor(student.fir.conv(2))
    expect.close(first, second, atol=0.1, hint="Does it draw random numbers?")


def test_a_nan_that_is_compared_with_itself_is_told_as_one(packages: Any) -> None:
    found = verdict(compares_two_answers, packages("def conv(n): return [float('nan')] * n\n"), packages(MODEL))
    assert found.status is Status.FAILED and "NaN" in found.got and "Which operation gives a NaN" in found.hint


def test_a_tuple_in_the_place_of_a_tensor_leads_to_what_is_returned(packages: Any) -> None:
    def asks(student: Any, solution: Any, expect: Expect) -> None:
        with expect.case("2 taps", hint="Which axis is the sum over?"):
            expect.shape(student.fir.both(), (2,))

    found = verdict(asks, packages("import torch\n\ndef both(): return torch.zeros(2), 3\n"), None)
    assert "2 taps: tuple" in found.got and "what stands behind `return`?" in found.hint
