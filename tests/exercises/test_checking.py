"""The check framework: words of a verdict, statuses, reports, and the students' program."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import torch
from typer.testing import CliRunner

from exercises import __main__ as program
from exercises import assignment
from exercises.__main__ import app
from exercises.assignment import load_assignment
from exercises.checking import (
    Cause,
    Check,
    Expect,
    LocalStudent,
    MismatchError,
    Status,
    StudentError,
    Verdict,
    check,
    fresh,
)
from exercises.checking.catalogue import public_checks
from exercises.checking.run import run_check, run_checks
from exercises.checking.show import Report, as_text, report_from_json, saved_files
from exercises.checking.student import LocalThing, student_error
from exercises.given import Given
from exercises.limits import AssignmentLimits


def made(run: Any, **facts: Any) -> Check:
    return Check(**{"id": "t.one", "points": 2.0, "idea": "an idea", "needs": (), "extra": False, "run": run, **facts})


def verdict_of(run: Any, solution: Any = None, **facts: Any) -> Verdict:
    return run_check(made(run, **facts), LocalStudent("exercises.digits"), solution, reveal=True, earlier={})


def test_gradient_that_a_line_in_place_has_spoilt_asks_for_such_lines() -> None:
    def run(student: Any, solution: Any, expect: Expect) -> None:
        x = torch.ones(3, requires_grad=True)
        y = x.relu()
        y += 1
        with expect.case("gradients", hint="Does it run?"):
            try:
                y.sum().backward()
            except RuntimeError as error:
                raise student_error(error, Path("nowhere")) from None

    verdict = verdict_of(run)
    assert "inplace operation" in verdict.got and verdict.hint.startswith("Which lines write into something")


def passing(student: Any, solution: Any, expect: Expect) -> None:
    expect.equal(1, 1)


def raising(error: Exception) -> Any:
    def run(student: Any, solution: Any, expect: Expect) -> None:
        raise error

    return run


def test_passing_check_gets_its_points() -> None:
    verdict = verdict_of(passing)
    assert (verdict.status, verdict.points, verdict.max_points) == (Status.PASSED, 2.0, 2.0)


@pytest.mark.parametrize("solution", [None, LocalStudent("solutions.digits")])
def test_a_check_that_asks_nothing_is_at_fault(solution: Any) -> None:
    def empty(student: Any, solution: Any, expect: Expect) -> None:
        with expect.case("no length at all"):
            for length in ():
                expect.equal(length, 1)

    verdict = verdict_of(empty, solution)
    assert (verdict.status, verdict.points) == (Status.ERROR, 0)
    assert verdict.fault.startswith("NothingAskedError: it compared nothing and scored nothing")


def test_part_of_the_points_is_rounded_to_cents() -> None:
    verdict = verdict_of(lambda s, r, expect: expect.score(1 / 3, expected="e", got="g"))
    assert (verdict.status, verdict.points, verdict.expected, verdict.got) == (Status.PARTLY, 0.67, "e", "g")
    assert verdict_of(lambda s, r, expect: expect.score(0, expected="e", got="g")).status is Status.FAILED
    assert verdict_of(lambda s, r, expect: expect.score(sum([0.1] * 3) / 0.3, expected="e", got="g")).points == 2


@pytest.mark.parametrize("unfit", [float("nan"), -0.1, 1.5, 87])
def test_a_score_that_is_no_number_from_0_to_1_is_a_fault_of_the_check(unfit: float) -> None:
    solution = LocalStudent("solutions.digits")
    for numbers, what in (((unfit, {}), "the fraction"), ((1, {"ears": unfit}), "ears")):
        verdict = verdict_of(
            lambda s, r, expect, n=numbers: expect.score(n[0], expected="e", got="g", measured=n[1]), solution
        )
        assert verdict.status is Status.ERROR and verdict.points == 0
        assert f"Error: score: {what} is {unfit:g}, but has to be a number from 0 to 1" in verdict.fault


def test_error_of_the_students_code_fails_the_check_with_its_line() -> None:
    error = StudentError("KeyError: 'k'", ("KeyError",), (("blocks.py", 7, "return table[k]"),))
    verdict = verdict_of(raising(error))
    assert verdict.status is Status.FAILED and verdict.points == 0
    assert verdict.got == "KeyError: 'k'  (blocks.py, line 7: return table[k])"
    assert (verdict.cause, verdict.where, verdict.source) == (Cause.RAISED, ("blocks.py", 7), "return table[k]")


def test_unwritten_part_is_said_to_be_unwritten() -> None:
    verdict = verdict_of(raising(StudentError("NotImplementedError: Task 1", ("NotImplementedError",))))
    assert (verdict.got, verdict.expected, verdict.hint) == ("not written yet: Task 1", "", "")


def test_check_that_needs_a_failed_one_is_not_run() -> None:
    ran = []
    first = made(raising(MismatchError("e", "g", "h")), id="t.first", idea="the first idea")
    second = made(lambda *_: ran.append(2), id="t.second", needs=("t.first",))
    third = made(lambda s, r, expect: expect.equal(ran.append(3), None), id="t.third")
    verdicts = list(run_checks([first, second, third], LocalStudent("exercises.digits")))
    assert [v.status for v in verdicts] == [Status.FAILED, Status.NOT_RUN, Status.PASSED]
    assert "the first idea" in verdicts[1].got and ran == [3]


@pytest.mark.parametrize("id", ["blocks", "Blocks.skip", "blocks.", "blocks skip.x"])
def test_check_ids_are_dotted_lower_case_words(id: str) -> None:
    with pytest.raises(ValueError, match="task"):
        check(id, points=1, idea="i")


def test_public_checks_of_digits_are_in_the_order_of_the_tasks() -> None:
    assignment = load_assignment("digits")
    tasks = [item.task for item in public_checks(assignment)]
    order = [task.name for task in assignment.tasks]
    assert tasks == sorted(tasks, key=order.index) and set(tasks) == set(order)


def test_unknown_assignment_and_task_name_those_that_there_are() -> None:
    with pytest.raises(ValueError, match="choose one of: .*digits"):
        load_assignment("numbers")
    with pytest.raises(ValueError, match="choose one of: .*digits"):  # a path, as capitals on some file systems
        load_assignment("../exercises/digits")
    with pytest.raises(ValueError, match="its tasks are receptive_field, pooling"):
        load_assignment("digits").task("pools")


def test_report_reads_the_same_after_json() -> None:
    verdict = verdict_of(raising(MismatchError("the input", "zeros", "Is x added?")))
    report = Report("digits", "blocks", (verdict,), (("blocks.py", "saved 12:00:00"),))
    assert report_from_json(json.loads(json.dumps(report.to_json()))) == report
    assert "0 of 1 public checks passed in blocks.py (saved 12:00:00)." in str(report)
    assert not report.passed and replace(report, verdicts=()).passed


def test_a_file_that_was_never_saved_is_told_as_handed_out(tmp_path: Path) -> None:
    (tmp_path / "pooling.py").write_text("", encoding="utf-8")
    digits = load_assignment("digits")
    for when, words in ((datetime(1980, 1, 1), "as it was handed out"), (datetime(2026, 5, 4), "saved 2026-05-04")):
        os.utime(tmp_path / "pooling.py", 2 * (when.timestamp(),))
        assert saved_files(digits, ["pooling"], tmp_path)[0][1].startswith(words)


def test_notes_stand_below_the_summary_and_fail_nothing() -> None:
    report = Report("digits", "blocks", (verdict_of(passing),), (), notes=("slow", "<b>"))
    assert report.passed and str(report).splitlines()[-2:] == ["note: slow", "note: <b>"]
    assert report._repr_html_().endswith("<br>note: slow<br>note: &lt;b&gt;</p>")
    assert report_from_json(json.loads(json.dumps(report.to_json()))) == report


BURNING = "import time\nbegin = time.process_time()\nwhile time.process_time() - begin < 0.4: pass\nX = 1\n"


def test_module_that_takes_long_to_import_is_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in (("__init__", ""), ("slow", BURNING), ("quick", "X = 2\n")):
        (tmp_path / "burning").mkdir(exist_ok=True)
        (tmp_path / "burning" / f"{name}.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(assignment, "limits_of", lambda name: AssignmentLimits(import_s=1))
    student = LocalStudent("burning")
    assert (student.slow.X, student.quick.X) == (1, 2)
    (note,) = student.slow_imports()
    assert note.startswith("importing slow.py took 0 s; while it is graded it may take 1 s of processor time: ")
    assert 'put it under `if __name__ == "__main__":` or into the notebook' in note
    monkeypatch.setattr(assignment, "limits_of", lambda name: AssignmentLimits(import_s=60))
    assert student.slow_imports() == ()


def test_check_notes_a_slow_import_and_passes_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LocalStudent, "slow_imports", lambda self: ("importing recipe.py took 9 s",))
    result = CliRunner().invoke(app, ["check", "digits", "recipe"])
    assert result.output.endswith("note: importing recipe.py took 9 s\n")
    as_json = CliRunner().invoke(app, ["check", "digits", "recipe", "--json"])
    assert report_from_json(json.loads(as_json.output)).notes == ("importing recipe.py took 9 s",)
    assert as_json.exit_code == result.exit_code


def test_check_says_whom_to_tell_of_a_fault_that_is_not_the_students(monkeypatch: pytest.MonkeyPatch) -> None:
    given = Given({}, ("torch",), contact="help@course.example")
    monkeypatch.setattr("exercises.given.read_given", lambda root, name: given)
    monkeypatch.setattr("exercises.checking.latest.note_latest", lambda *_: None)
    assert "help@course.example" not in CliRunner().invoke(app, ["check", "digits", "recipe"]).output
    broken = Verdict("accuracy.x", "accuracy", "an idea", Status.ERROR, 0, 1, fault="KeyError")
    monkeypatch.setattr("exercises.checking.run.run_checks", lambda *_: [broken])
    output = CliRunner().invoke(app, ["check", "digits", "recipe"]).output
    assert "note: a check that is at fault itself is none of your mistakes: please tell help@course.example\n" in output


@pytest.mark.parametrize(
    ("kinds", "hint"),
    [
        (("EOFError", "Exception"), "Nobody answers input() while it is checked"),
        (("FileNotFoundError", "OSError"), "the given files and your modules"),
        (("ModuleNotFoundError", "ImportError"), "what requirements.txt names"),
    ],
)
def test_hint_says_what_is_not_there_where_it_is_graded(kinds: tuple[str, ...], hint: str) -> None:
    verdict = verdict_of(raising(StudentError(f"{kinds[0]}: …", kinds, (("blocks.py", 3, "x"),))))
    assert hint in verdict.hint


def test_extra_credit_that_is_not_earned_is_no_failure() -> None:
    done, open_ = verdict_of(passing), verdict_of(raising(MismatchError("e", "g", "h")), extra=True)
    report = Report("digits", "pooling", (done, open_), ())
    assert (
        report.passed and "1 of 1 public checks passed" in report.summary and "Extra credit: 0 of 1" in report.summary
    )
    assert as_text(open_).startswith("xtra ") and as_text(replace(open_, extra=False)).startswith("FAIL ")


def test_text_of_a_failure_has_expected_got_and_hint() -> None:
    text = as_text(verdict_of(raising(MismatchError("the input", "zeros", "Is x added?"))))
    assert text.splitlines() == [
        "FAIL        0 / 2  an idea  [t.one]",
        "      expected  the input",
        "      got       zeros",
        "      hint      Is x added?",
    ]


def test_table_in_a_notebook_escapes_what_the_student_wrote() -> None:
    verdict = verdict_of(raising(MismatchError("<b>", "<script>alert(1)</script>", "h")))
    html = Report("digits", "blocks", (verdict,), ())._repr_html_()
    assert "<script>" not in html and "&lt;script&gt;" in html and "FAIL" in html


def test_local_student_runs_the_solution_and_names_its_errors() -> None:
    student = LocalStudent("solutions.digits")
    layer = student.receptive_field.Layer(3, stride=2)
    assert student.receptive_field.receptive_field([layer]) == 3
    with pytest.raises(StudentError, match=r"blocks\.py has no Block"):
        student.blocks.Block(3)
    with pytest.raises(StudentError) as caught:
        student.blocks.ResidualBlock1d(4, kernel_size=2)
    assert "ValueError" in caught.value.kinds and caught.value.where[-1][0] == "blocks.py"
    with pytest.raises(TypeError, match="truth value"):
        bool(student.blocks.ResidualBlock1d(4))


def test_a_missing_super_init_is_named() -> None:
    class Pool(torch.nn.Module):
        def __init__(self) -> None:
            self.size = 2

    with pytest.raises(StudentError, match=r"is super\(\).__init__\(\) missing"):
        LocalThing(Pool(), Path())(torch.ones(2))


def test_command_says_what_is_wrong_with_its_arguments() -> None:
    result = CliRunner().invoke(app, ["check", "numbers"])
    assert result.exit_code == 2 and "choose one of: " in result.output and "digits" in result.output
    result = CliRunner().invoke(app, ["check", "digits", "pools"])
    assert result.exit_code == 2 and "no task 'pools'" in result.output


def test_command_checks_the_stub_and_exits_with_1() -> None:
    result = CliRunner().invoke(app, ["check", "digits", "receptive_field"])
    assert result.exit_code == 1
    assert "FAIL" not in result.output and "TODO" in result.output and "not written yet: Task 1" in result.output


def test_what_stands_in_the_check_above_is_not_said_again() -> None:
    first = verdict_of(raising(MismatchError("the input", "zeros", "Is x added?")))
    other = replace(first, got="ones")
    assert as_text(first, first).splitlines()[1:] == ["      got       the same as in the check above"]
    assert as_text(other, first) == as_text(other)
    report = Report("digits", "blocks", (first, first, other), ())
    assert str(report).count("zeros") == report._repr_html_().count("zeros") == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "blocks.py is missing: put it back into "),
        ("class Block: ...".encode("utf-16"), "blocks.py is not UTF-8 (byte 0): save it as UTF-8"),
        ("class Block: ...".encode("utf-16-le"), "blocks.py holds null bytes: save it as UTF-8"),
        (b"class Blocks: ...", "blocks.py has no Block: is the name spelt so there, and the file saved?"),
        (b"class block: ...", "blocks.py has no Block: it has block"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None, words: str
) -> None:
    (tmp_path / "handed").mkdir()
    (tmp_path / "handed" / "__init__.py").touch()
    if content is not None:
        (tmp_path / "handed" / "blocks.py").write_bytes(content)
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("handed", "handed.blocks"):
        monkeypatch.delitem(program.sys.modules, name, raising=False)
    verdict = run_check(
        made(lambda student, *_: student.blocks.Block()), LocalStudent("handed"), None, reveal=True, earlier={}
    )
    assert verdict.got.startswith(words) and verdict.hint == ""


def test_given_modules_may_lie_apart_from_the_students_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in compute C of the benchmark, whose students have a folder with nothing but their own modules."""
    for folder, module, content in (("own", "blocks", "WHOSE = 'own'"), ("given", "training", "WHOSE = 'given'")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{module}.py").write_text(content)
    package = ModuleType("apart")
    package.__path__ = [str(tmp_path / "own"), str(tmp_path / "given")]
    monkeypatch.setitem(program.sys.modules, "apart", package)
    student = LocalStudent("apart")
    assert (student.blocks.WHOSE, student.training.WHOSE) == ("own", "given")
    with pytest.raises(StudentError, match="pooling.py is missing"):
        _ = student.pooling.WHOSE
    for name in ("apart.blocks", "apart.training"):
        monkeypatch.delitem(program.sys.modules, name)


def test_a_long_error_is_cut_and_names_files_without_their_folder(tmp_path: Path) -> None:
    error = student_error(RuntimeError(f"in {tmp_path / 'blocks.py'}\n" + "more\n" * 30), tmp_path)
    assert error.summary.splitlines() == ["RuntimeError: in blocks.py", *["more"] * 5, "…"]
    assert len(student_error(RuntimeError("x" * 9000), tmp_path).summary) == 500


def test_ctrl_c_says_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def stopped(checks: list[Check], student: Any) -> Iterator[Verdict]:
        asked.extend(item.id for item in checks)
        yield verdict_of(passing)
        raise KeyboardInterrupt

    monkeypatch.setattr("exercises.checking.run.run_checks", stopped)
    monkeypatch.setattr(program.signal, "signal", lambda *_: None)
    result = CliRunner().invoke(app, ["check", "digits", "recipe.py"])  # a file's name will do
    assert result.exit_code == 130 and "Stopped while accuracy.validation ran" in result.output
    assert asked == ["accuracy.recipe", "accuracy.validation"]


@pytest.mark.parametrize("reason", [KeyboardInterrupt(), subprocess.TimeoutExpired("python", 300)])
def test_a_run_that_is_stopped_from_a_notebook_gives_its_last_words(reason: BaseException) -> None:
    answers = iter([reason, ("the report", "")])
    sent = []

    def communicate(timeout: float) -> tuple[str, str]:
        answer = next(answers)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    said, _, stopped = fresh._listen(SimpleNamespace(communicate=communicate, send_signal=sent.append))
    assert said == "the report" and stopped and len(sent) == 1
