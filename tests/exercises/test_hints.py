"""Further hints: which verdicts have them, how they are opened one after the other, and hints that fit an exception."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
import torch
from typer.testing import CliRunner

from exercises import __main__ as program
from exercises.checking import Cause, Check, Expect, LocalStudent, Status, Verdict, check
from exercises.checking.errors import OF_ARGUMENTS
from exercises.checking.folding import Folded
from exercises.checking.opened import open_next
from exercises.checking.run import HINTS, OF_NAMES, OF_TYPES, run_check
from exercises.checking.show import Report, report_from_json

STEPS = ("Which windows are there?", "Where does the last one start?", "Line of thought: <one> after the other.")
CASE_HINT = "Write the windows down."


def failed(check: str, hints: tuple[str, ...] = STEPS, cause: Cause = Cause.WRONG) -> Verdict:
    return Verdict(
        check, check.split(".")[0], f"idea of {check}", Status.FAILED, 0, 1, hint="The first?", hints=hints, cause=cause
    )


def verdict_of(run: Any, student: Any = None) -> Verdict:
    one = Check("t.one", 1.0, "an idea", (), False, run, hints=STEPS)
    return run_check(one, student or LocalStudent("exercises.digits"), None, reveal=True, earlier={})


def test_a_wrong_value_has_further_hints_and_a_right_one_none() -> None:
    assert verdict_of(lambda s, r, expect: expect.equal(1, 2)).hints == STEPS
    assert verdict_of(lambda s, r, expect: expect.score(0.5, expected="all", got="half")).hints == STEPS
    assert verdict_of(lambda s, r, expect: expect.equal(1, 1)).hints == ()


def test_hints_about_values_are_none_where_the_type_is_wrong() -> None:
    due = torch.full((2,), 1 / 3, dtype=torch.float64)

    def compare(got: Any) -> Any:
        return lambda s, r, expect: expect.close(got, due, atol=1e-12, hint=CASE_HINT)

    assert verdict_of(compare(2 * due)).hints == STEPS
    other_type = verdict_of(compare(due.float()))
    assert other_type.hint.startswith("The inputs were float64") and other_type.hints == ()
    pair = verdict_of(compare((1, 2, 3)))
    assert pair.hint.startswith("One tensor is due") and pair.hints == ()


@pytest.mark.parametrize("hints", ["one text", ["?", ""], ["?", None]])
def test_hints_that_are_no_list_of_texts_are_refused(hints: Any) -> None:
    with pytest.raises(ValueError, match="hints is a list of texts"):
        check("t.one", points=1, idea="an idea", hints=hints)


@pytest.mark.parametrize(
    ("text", "hint", "hints"),
    [
        ("def f(x):\n    return y", OF_NAMES["NameError"], ()),
        ("def f(x):\n    if x > 9:\n        y = 1\n    return y", OF_NAMES["UnboundLocalError"], ()),
        ("def f(x):\n    return x.windows", OF_TYPES["AttributeError"], (CASE_HINT, *STEPS)),
        ("def f(x):\n    return x + None", OF_TYPES["TypeError"], (CASE_HINT, *STEPS)),
        ("def f(x, y):\n    return x", HINTS[OF_ARGUMENTS], ()),
        ("def f(x):\n    return g(x, 3)\ndef g(x):\n    return x", HINTS[OF_ARGUMENTS], ()),
        ("def f(x:\n    return x", HINTS["SyntaxError"], ()),
        ("def f(x):\nreturn x", HINTS["IndentationError"], ()),
        ("from math import cosinus", HINTS["ImportError"], ()),
        ("import nowhere", HINTS["ModuleNotFoundError"], ()),
        ("import torch\nclass A(torch.nn.Module):\n def __init__(self):\n  self.a = torch.nn.ReLU()\nf = A", "", ()),
        ("f = 3\ndel f", "", ()),
        ("def f(x):\n    return [][x]", CASE_HINT, STEPS),
        ("def f(x):\n    return 1 / (x - 5)", CASE_HINT, STEPS),
        ("def f(x):\n    raise NotImplementedError('Task 1')", "", STEPS),
    ],
)
def test_hint_fits_what_happened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, hint: str, hints: tuple[str, ...]
) -> None:
    (tmp_path / "hinted").mkdir()
    (tmp_path / "hinted" / "__init__.py").touch()
    (tmp_path / "hinted" / "part.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("hinted", "hinted.part"):
        monkeypatch.delitem(sys.modules, name, raising=False)

    def run(student: Any, solution: Any, expect: Expect) -> None:
        with expect.case("f(5)", hint=CASE_HINT):
            expect.equal(student.part.f(5), 4) if "A" not in text else student.part.f()

    verdict = verdict_of(run, LocalStudent("hinted"))
    assert (verdict.hint, verdict.hints) == (hint, hints)


def test_each_call_opens_one_more_hint_of_each_failing_part_until_all_are_open(tmp_path: Path) -> None:
    other = ("Another?", "Line of thought: none.")
    verdicts = [failed("t.one"), failed("t.two"), failed("t.three", other), replace(failed("t.four"), hints=())]
    for count in (1, 2, 3, 3):
        shared, own = open_next(tmp_path, verdicts)
        assert (shared.first.check, shared.hints) == ("t.one", STEPS[:count])
        assert (own.first.check, own.hints) == ("t.three", other[:count])
    assert str(own).splitlines() == [
        "HINTS idea of t.three  [t.three]",
        "      1 of 2    Another?",
        "      2 of 2    Line of thought: none.",
    ]
    (rest,) = open_next(tmp_path, verdicts[1:2])  # the first one passes now: what is open stays open
    assert (rest.first.check, rest.hints) == ("t.two", STEPS)


def test_a_part_that_is_not_written_opens_hints_where_nothing_else_of_its_task_fails(tmp_path: Path) -> None:
    waiting = [
        failed("t.one", STEPS, Cause.NOT_WRITTEN),
        failed("t.two", STEPS, Cause.NOT_WRITTEN),
        failed("t.three", STEPS[1:], Cause.NOT_WRITTEN),
    ]
    assert [one.first.check for one in open_next(tmp_path, waiting)] == ["t.one"]
    assert [one.first.check for one in open_next(tmp_path, [*waiting, failed("t.four")])] == ["t.four"]
    assert [one.first.check for one in open_next(tmp_path, [*waiting, failed("u.one")])] == ["u.one", "t.one"]


@pytest.mark.parametrize("content", ["", "[]", '{"t.one": null}', "\0"])
def test_a_damaged_note_of_what_is_open_begins_anew(tmp_path: Path, content: str) -> None:
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "hints.json").write_text(content)
    assert [open_next(tmp_path, [failed("t.one")])[0].hints for _ in range(2)] == [STEPS[:1], STEPS[:2]]


def test_where_nothing_can_be_written_the_first_hint_opens_each_time(tmp_path: Path) -> None:
    (tmp_path / "__pycache__").touch()
    assert [open_next(tmp_path, [failed("t.one")])[0].hints for _ in range(2)] == [STEPS[:1], STEPS[:1]]


def test_notebook_folds_each_hint_into_the_one_before_it_and_tells_shared_ones_once() -> None:
    report = Report("digits", "blocks", (failed("t.one"), failed("t.two")), ())
    html = report._repr_html_()
    first, second, last = (html.index(words) for words in (*STEPS[:2], "&lt;one&gt; after the other"))
    assert first < second < last and html.count("<summary>another hint</summary>") == 3 == html.count("<details")
    assert "</details>" not in html[first:last] and html.count("</details></details></details>") == 1
    assert "<details" not in Report("digits", "blocks", (replace(failed("t.one"), hints=()),), ())._repr_html_()
    todo = Folded([replace(failed("t.one", STEPS, Cause.NOT_WRITTEN), hint="")])
    assert (
        todo.unwritten and "<summary>a hint</summary>" in Report("digits", "t", tuple(todo.verdicts), ())._repr_html_()
    )


def test_text_has_the_first_hint_alone_and_json_has_all() -> None:
    report = Report("digits", "blocks", (failed("t.one"),), ())
    assert STEPS[0] not in str(report)
    assert report_from_json(json.loads(json.dumps(report.to_json()))) == report
    earlier = {name: value for name, value in asdict(failed("t.one")).items() if name != "hints"}
    assert Verdict.from_json(earlier).hints == ()  # one that an earlier version stored


def test_command_opens_hints_and_says_how(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """On the stubs of the course; what is open is kept apart from it."""
    monkeypatch.setattr("exercises.checking.opened.read_kept", lambda folder, name: {})
    monkeypatch.setattr("exercises.checking.opened.keep", lambda folder, name, facts: None)
    without = CliRunner().invoke(program.app, ["check", "digits", "pooling"]).output
    assert "stuck? python -m exercises check digits pooling --hint\n" in without and "HINTS" not in without
    opened = CliRunner().invoke(program.app, ["check", "digits", "pooling", "--hint"]).output
    assert "HINTS Max pooling keeps" in opened and "      1 of 3    " in opened and "stuck?" not in opened
    assert opened.startswith("Task 2: pooling (3 points, about 45 minutes, difficulty 2 of 3)\n")


def test_hints_are_kept_in_the_students_folder(tmp_path: Path) -> None:
    """Two runs in processes of their own, as in a terminal."""
    from grader.release.bundle import student_bundle, write_folder

    write_folder(student_bundle("digits"), tmp_path / "digits", "digits")
    command = [sys.executable, "-m", "exercises", "check", "digits", "receptive_field", "--hint"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    runs = [
        subprocess.run(command, cwd=tmp_path / "digits", env=environment, capture_output=True, text=True, check=False)
        for _ in range(2)
    ]
    assert ["2 of 3" in run.stdout for run in runs] == [False, True], runs[1].stdout + runs[1].stderr
    assert not any("is it saved?" in run.stdout for run in runs)  # who asks for a hint has changed nothing
