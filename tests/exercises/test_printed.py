"""What a student's code prints while it is checked: shown with its check, a little of it, and harmless."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest
from typer.testing import CliRunner

from exercises import __main__ as program
from exercises.__main__ import app
from exercises.checking import Cause, Check, Expect, LocalStudent, Status, Verdict
from exercises.checking.printed import LONGEST_LINE, MOST_KEPT, Printed
from exercises.checking.run import run_checks
from exercises.checking.show import Report, as_text


def taken(*texts: str) -> str:
    printed = Printed()
    for text in texts:
        printed.write(text)
    return printed.take()


def test_first_lines_are_kept_and_the_others_counted() -> None:
    assert taken() == taken("") == ""
    assert taken("one\n", "two") == "one\ntwo"
    assert taken(*(f"{n}\n" for n in range(10))).splitlines()[-1] == "9"
    assert taken(*(f"{n}\n" for n in range(11))).splitlines()[-1] == "… and 1 more line"
    assert taken(*["line\n"] * 5000, "end").splitlines()[9:] == ["line", "… and 4,991 more lines"]
    assert len(taken("x" * 10_000_000 + "\n")) == LONGEST_LINE
    assert taken("x" * MOST_KEPT + "\n", "never kept\n").endswith("x…\n… and 1 more line")


def test_what_was_taken_is_gone() -> None:
    printed = Printed()
    print("first", file=printed)
    assert (printed.take(), printed.take()) == ("first", "")
    print("second", file=printed)
    assert printed.take() == "second"


def test_what_steers_a_terminal_or_the_eye_is_written_out() -> None:
    assert taken("\x1b[31mred\x07\n") == "\\x1b[31mred\\x07"
    assert taken("a\u202eb \ud800\n") == "a\\u202eb \\ud800"
    assert taken("a\tb\r\n") == "a       b"
    assert taken("\r 10 %", "\r 50 %", "\r100 %\n") == "100 %"  # a progress bar


def verdict(status: Status, printed: str, **more: object) -> Verdict:
    words = {"expected": "6", "got": "4"} if status is Status.FAILED else {}
    return Verdict("t.one", "t", "an idea", status, 0, 1, printed=printed, **{**words, **more})  # type: ignore[arg-type]


def test_prints_stand_below_what_came_and_are_one_line_where_all_is_right() -> None:
    failed = verdict(Status.FAILED, "torch.Size([2])\n<b>")
    assert as_text(failed).splitlines()[2:] == [
        "      got       4",
        "      printed   torch.Size([2])",
        "                <b>",
    ]
    passed = verdict(Status.PASSED, "torch.Size([2])\n<b>")
    assert as_text(passed).splitlines()[1:] == ["      printed   torch.Size([2]) …"]
    assert as_text(verdict(Status.PASSED, "")).splitlines()[1:] == []
    html = Report("digits", "", (failed,), ())._repr_html_()
    assert "torch.Size([2])\n&lt;b&gt;</pre>" in html and ">FAIL</b>" in html
    assert Verdict.from_json(json.loads(json.dumps(asdict(failed)))) == failed


def test_equal_verdicts_are_not_repeated_and_their_prints_only_where_they_differ() -> None:
    first = verdict(Status.FAILED, "a")
    assert "printed" not in as_text(first, first)
    assert as_text(replace(first, printed="b"), first).splitlines()[1:] == [
        "      got       the same as in the check above",
        "      printed   b",
    ]


def test_prints_of_a_part_that_is_not_written_to_its_end_are_shown() -> None:
    one = verdict(Status.FAILED, "so far", got="not written yet: Task 1", cause=Cause.NOT_WRITTEN)
    assert str(Report("digits", "", (one,), ())).splitlines()[1] == "      printed   so far"


def printing(student: object, solution: object, expect: Expect) -> None:
    print("hello from a check")
    expect.equal(1, 2)


def test_command_shows_the_prints_of_each_check_and_grading_none(monkeypatch: pytest.MonkeyPatch) -> None:
    checks = [Check(f"blocks.{name}", 1.0, f"idea {name}", (), False, printing) for name in ("one", "two")]
    monkeypatch.setattr("exercises.checking.catalogue.public_checks", lambda facts: checks)
    said = CliRunner().invoke(program.app, ["check", "digits", "blocks"]).output
    assert said.count("hello from a check") == 1  # the second says the same
    as_json = json.loads(CliRunner().invoke(app, ["check", "digits", "blocks", "--json"]).output)
    assert [one["printed"] for one in as_json["verdicts"]] == ["hello from a check"] * 2
    assert [one.printed for one in run_checks(checks, LocalStudent("exercises.digits"))] == ["", ""]
