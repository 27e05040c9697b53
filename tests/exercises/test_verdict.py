"""A verdict as data: why an answer did not pass, where, and what was measured; and how a status looks."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from exercises.checking import Cause, Check, Expect, LocalStudent, Status, StudentError, Verdict
from exercises.checking.looks import LOOKS, UNWRITTEN, Look
from exercises.checking.run import run_checks
from exercises.checking.show import Report, as_text, report_from_json


def verdict_of(run: Callable[[Any, Any, Expect], None]) -> Verdict:
    check = Check("t.one", 2.0, "an idea", (), False, run)
    (verdict,) = run_checks([check], SimpleNamespace(settle=lambda: None))
    return verdict


def raising(error: Exception) -> Callable[..., Any]:
    def run(*_: Any) -> None:
        raise error

    return run


@pytest.mark.parametrize(
    ("text", "cause", "about", "line"),
    [
        ("def f():\n    raise NotImplementedError('whatever')", Cause.NOT_WRITTEN, "f", 2),
        ("class A:\n    def f(self):\n        raise NotImplementedError\nf = A().f", Cause.NOT_WRITTEN, "A.f", 3),
        ("import torch\nclass A(torch.nn.Module):\n    def foward(self):\n        pass\nf = A()", Cause.RAISED, "", 0),
        ("def f(:\n", Cause.UNREADABLE, "SyntaxError", 1),
        ("def f():\n  x\n    y\n", Cause.UNREADABLE, "IndentationError", 3),
        ("import nowhere.at.all", Cause.NOT_FOUND, "nowhere", 1),
        ("from . import other", Cause.NOT_FOUND, "an_answer", 1),
        ("def f():\n    return {}['k']", Cause.RAISED, "KeyError", 2),
        ("def f():\n    return 4", Cause.WRONG, "", 0),
        ("def f():\n    return 5", None, "", 0),
    ],
)
def test_verdict_says_as_data_why_and_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, cause: Cause | None, about: str, line: int
) -> None:
    (tmp_path / "an_answer").mkdir()
    (tmp_path / "an_answer" / "__init__.py").touch()
    (tmp_path / "an_answer" / "part.py").write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    check = Check("t.one", 1.0, "an idea", (), False, lambda s, r, expect: expect.equal(s.part.f(), 5))
    try:
        (verdict,) = run_checks([check], LocalStudent("an_answer"))
    finally:
        for name in [name for name in sys.modules if name.split(".")[0] == "an_answer"]:
            del sys.modules[name]
    assert (verdict.cause, verdict.about, verdict.where) == (cause, about, ("part.py", line) if line else None)


def test_mismatch_that_came_of_an_exception_has_its_place() -> None:
    error = StudentError("KeyError: 'k'", ("KeyError",), (("blocks.py", 7, "return table[k]"),), about="KeyError")
    verdict = verdict_of(lambda s, r, expect: expect.raises(lambda: raising(error)(s, r, expect), "ValueError"))
    assert (verdict.expected, verdict.got) == ("a ValueError", "KeyError: 'k'")
    assert (verdict.cause, verdict.about, verdict.where) == (Cause.RAISED, "KeyError", ("blocks.py", 7))


def test_what_was_measured_stands_in_the_verdict() -> None:
    numbers = {"measured": {"digits": 0.5}, "due": {"digits": 0.75}}
    verdict = verdict_of(lambda s, r, expect: expect.score(0.5, expected="much", got="half", **numbers))
    assert (verdict.measured, verdict.due, verdict.cause) == ({"digits": 0.5}, {"digits": 0.75}, Cause.WRONG)
    verdict = verdict_of(lambda s, r, expect: expect.score(1, expected="much", got="all", **numbers))
    assert (verdict.measured["digits"], verdict.cause) == (0.5, None)


def proposing(fraction: float, *reasons: str) -> Callable[..., Any]:
    def run(student: Any, solution: Any, expect: Expect) -> None:
        for reason in reasons:
            expect.propose(reason)
        expect.score(fraction, expected="much", got="half")

    return run


WHY = "the network cannot be recorded (classifier.py, line 31: x.item())"


def test_points_that_are_proposed_are_awarded_and_say_whose_they_wait_for_and_why() -> None:
    verdict = verdict_of(proposing(0.5, WHY, "and more", WHY))
    assert (verdict.status, verdict.points, verdict.proposed) == (Status.PARTLY, 1.0, f"{WHY}; and more")
    words = " ".join(as_text(verdict).split())
    assert f"got half proposed a person will look at these points before they count: {WHY}; and more" in words
    report = Report("digits", "", (verdict,), ())
    assert "a person will look at these points" in str(report) and "a person will look" in report._repr_html_()
    assert report_from_json(json.loads(json.dumps(report.to_json()))) == report
    passed = verdict_of(lambda s, r, expect: (expect.propose(WHY), expect.equal(1, 1)))  # type: ignore[arg-type]
    assert passed.status is Status.PASSED and WHY in as_text(passed)  # which says nothing else


def test_where_there_are_no_points_nothing_is_proposed() -> None:
    assert verdict_of(proposing(0.0, WHY)).proposed == ""
    assert verdict_of(lambda s, r, expect: (expect.propose(WHY), expect.equal(1, 2))).proposed == ""  # type: ignore[arg-type]
    final = verdict_of(proposing(1.0))
    assert (final.proposed, final.awaits) == ("", "") and "a person" not in as_text(final)
    assert verdict_of(proposing(1.0, " ")).fault.startswith("NoReasonError: propose: say why")


def test_verdict_of_a_version_that_proposed_nothing_is_final() -> None:
    data = asdict(verdict_of(proposing(1.0)))
    del data["proposed"]
    assert Verdict.from_json(data).proposed == ""


def test_verdict_comes_back_from_json_as_it_was() -> None:
    for verdict in (
        verdict_of(raising(StudentError("KeyError", ("KeyError",), (("blocks.py", 7, "x"),)))),
        verdict_of(lambda s, r, expect: expect.score(0.5, expected="e", got="g", measured={"a": 1 / 3}, due={"a": 1})),
        verdict_of(lambda s, r, expect: expect.equal(1, 1)),
        verdict_of(proposing(1.0, WHY)),
    ):
        data = json.loads(json.dumps(asdict(verdict)))
        assert Verdict.from_json(data) == verdict and hash(Verdict.from_json(data)) == hash(verdict)
        for field in ("cause", "where", "status", "task"):
            with pytest.raises((KeyError, TypeError)):
                Verdict.from_json({name: value for name, value in data.items() if name != field})
        with pytest.raises(ValueError, match="nobody knows why"):
            Verdict.from_json({**data, "cause": "nobody knows why"})


def luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb", as WCAG 2.2 defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("look", [*LOOKS.values(), UNWRITTEN], ids=lambda look: look.mark)
def test_a_mark_can_be_read_in_a_notebook_of_any_theme(look: Look) -> None:
    """WCAG AA asks for 4.5; the mark brings its own ground, so that the notebook's does not matter."""
    assert contrast("#ffffff", look.ground) >= 4.5 and contrast("#ffffff", "#000000") == pytest.approx(21)
    unwritten = look is UNWRITTEN
    status = Status.FAILED if unwritten else next(status for status, one in LOOKS.items() if one is look)
    verdict = Verdict("t.one", "t", "an idea", status, 0, 1, cause=Cause.NOT_WRITTEN if unwritten else None)
    style = f"color:#ffffff;padding:0 0.3em;font-family:monospace;background-color:{look.ground}"
    html = Report("digits", "", (verdict,), ())._repr_html_()
    assert f'<b style="{style}">{look.mark}</b>' in html and html.count("color:") == 2  # nothing else has one


def test_every_status_has_a_look_of_its_own() -> None:
    assert set(LOOKS) == set(Status)
    for aspect in ("mark", "word", "sign"):
        assert len({getattr(look, aspect) for look in LOOKS.values()}) == len(Status)
    assert UNWRITTEN.mark not in {look.mark for look in LOOKS.values()}
