"""A check that fails itself while grading: its task waits, all others are graded, and a person is told why."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from exercises.checking import Check, Expect, Status
from grader.authoring.galleries import solution_files
from grader.batch.desk import Done
from grader.batch.replay import Replay, lines
from grader.cli.terminal.attention import needs
from grader.grading.checked.run import run_groups
from grader.grading.plan import Group
from grader.model.problems import Kind
from grader.model.results import Graded
from grader.model.submission import Submission
from grader.sandbox.errors import SandboxError
from grader.sandbox.outside.student import RemoteStudent

TABLE = {"relu": 1}


def keeps(student: Any, solution: Any, expect: Expect) -> None:
    expect.equal(student.receptive_field.dense_parameters(2, 3, False), 6)


def looks_up(student: Any, solution: Any, expect: Expect) -> None:
    keeps(student, solution, expect)
    expect.equal(TABLE["gelu"], 1)


def sends_a_function(student: Any, solution: Any, expect: Expect) -> None:
    student.receptive_field.dense_parameters(lambda: 2, 3, False)


def takes_it_for_text(student: Any, solution: Any, expect: Expect) -> None:
    """A student's own value may be a number or not; the solution's is."""
    expect.equal(student.receptive_field.dense_parameters(2, 3, False) + 1, 7)


def made(id: str, run: Any) -> Check:
    return Check(id, 1.0, "an idea", (), False, run)


def graded(*checks: Check, dense_parameters: str = "") -> Graded:
    files = solution_files("digits")
    if dense_parameters:
        files["receptive_field"] += f"\n\ndef dense_parameters(*_):\n    {dense_parameters}\n"
    submission = Submission("ada", "digits", {name: text.encode() for name, text in files.items()}, None)
    groups: dict[str, list[Check]] = {}
    for check in checks:
        groups.setdefault(check.task, []).append(check)
    parts = run_groups(submission, [Group(name, tuple(mine)) for name, mine in groups.items()], 7, "generated")
    return Graded.of(submission, parts)


@pytest.mark.parametrize(("run", "words"), [(looks_up, "KeyError: 'gelu'"), (sends_a_function, "CannotTravelError: ")])
def test_the_task_waits_and_the_list_says_which_check_and_why(run: Any, words: str) -> None:
    found = graded(made("one.good", keeps), made("one.bad", run), made("two.good", keeps))
    assert [str(one.status) for one in found.verdicts] == ["passed", "error", "passed"]
    assert (found.task_points("one"), found.task_points("two")) == (None, 1.0)
    (need,) = needs(Done("ada", found))
    assert need.kind is Kind.AT_FAULT and need.text.startswith(f"the check one.bad failed itself: {words}")
    assert "(test_check_at_fault.py, line " in need.text
    text = "\n".join(line.plain for line in lines(Replay(found, found.verdicts, ())))
    assert f"of this check, not of the answer: {words}" in text and f"in {run.__name__}" in text


def test_a_value_of_another_type_is_the_answers_own_mistake() -> None:
    (verdict,) = graded(made("one.sum", takes_it_for_text), dense_parameters="return 'six'").verdicts
    assert (verdict.status, verdict.fault) == (Status.FAILED, "") and "TypeError: " in verdict.got
    assert graded(made("one.sum", takes_it_for_text)).verdicts[0].status is Status.PASSED


def test_a_sandbox_that_fails_within_a_check_is_no_mark_and_no_fault_of_the_check(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def gone(*_: Any, **__: Any) -> Any:
        raise SandboxError("the warm process has gone")

    monkeypatch.setattr(RemoteStudent, "request", gone)
    monkeypatch.setattr(RemoteStudent, "named", gone)
    found = graded(made("one.good", keeps))
    assert [(one.status, one.fault) for one in found.verdicts] == [(Status.ERROR, "")]
    (need,) = needs(Done("ada", found))
    assert need.kind is Kind.NOT_GRADED and "the warm process has gone" in need.text


def test_what_the_code_raises_in_the_sandbox_keeps_the_case_of_the_check() -> None:
    def counts(student: Any, solution: Any, expect: Expect) -> None:
        with expect.case("2 inputs, 3 outputs", hint="How many weights are there?"):
            expect.equal(student.receptive_field.dense_parameters(2, 3, False), 6)

    (verdict,) = graded(made("one.count", counts), dense_parameters="return {}['n']").verdicts
    assert (verdict.expected, verdict.hint) == ("2 inputs, 3 outputs: no exception", "How many weights are there?")
    assert "KeyError: 'n'" in verdict.got and "receptive_field.py, line" in verdict.got


def test_what_waits_for_the_next_request_is_told_with_the_case_that_asked_for_it() -> None:
    def loads(student: Any, solution: Any, expect: Expect) -> None:
        block = student.blocks.ResidualBlock1d(4)
        with expect.case("weights of another network"):
            block.load_state_dict({"nothing": torch.zeros(3)})
        with expect.case("forward"):
            block(torch.zeros(1, 4, 9))

    (verdict,) = graded(made("one.loads", loads)).verdicts
    assert verdict.expected == "weights of another network: no exception" and "RuntimeError" in verdict.got
