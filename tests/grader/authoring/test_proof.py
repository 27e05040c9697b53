"""The proof before a release: the model solution passes every check where it is graded, or it is said what does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from exercises.checking import Check, Expect, Status, Verdict
from grader.authoring import proof
from grader.authoring.galleries import solution_files
from grader.authoring.proof import Proof, prove
from grader.cli import app
from grader.cli import release as command
from grader.sandbox.outside.budget import Budget
from grader.sandbox.outside.warm import TIER, close_warm_process

FAILED = Verdict("blocks.skip", "blocks", "an idea", Status.FAILED, 0.0, 1.0, expected="ones", got="zeros")
FAULT = Verdict(
    "blocks.own", "blocks", "", Status.ERROR, 0.0, 1.0, fault="KeyError: 'a' (blocks.py, line 7)", note="at\nx"
)


def counts(student: Any, solution: Any, expect: Expect) -> None:
    if student.receptive_field.dense_parameters(2, 3, True) == 9:
        expect.equal(len(SIZES), 1)  # type: ignore[name-defined]  # noqa: F821


def keeps(student: Any, solution: Any, expect: Expect) -> None:
    expect.equal(student.receptive_field.dense_parameters(2, 3, False), 6)


def trained(student: Any, solution: Any, expect: Expect) -> None:
    raise RuntimeError("a proof trains nothing")


def misspells(student: Any, solution: Any, expect: Expect) -> None:
    expect.equal(student.receptive_field.dense_paramters(2, 3, False), 6)


def misspells_the_module(student: Any, solution: Any, expect: Expect) -> None:
    expect.equal(student.receptive_fields.dense_parameters(2, 3, False), 6)


def never_ends(student: Any, solution: Any, expect: Expect) -> None:
    expect.equal(student.receptive_field.dense_parameters(2, 3, False), 6)
    while True:
        pass


def made(id: str, run: Any, trains: bool = False) -> Check:
    return Check(f"receptive_field.{id}", 1.0, "an idea", (), False, run, trains)


def test_what_fails_in_the_sandbox_is_named_and_a_check_at_fault_with_its_traceback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    checks = [made("counts", counts), made("keeps", keeps), made("trained", trained, trains=True)]
    monkeypatch.setattr(proof, "checks_of", lambda *_: checks)
    found = prove("digits")
    assert [one.check for one in found.verdicts] == ["receptive_field.counts", "receptive_field.keeps"]
    assert [one.check for one in found.failed] == ["receptive_field.counts"] and not found.holds
    text = "\n".join(found.in_words())
    assert "digits: the model solution does not pass where it is graded\n" in text
    assert (
        "  the check receptive_field.counts failed itself: NameError: name 'SIZES' is not defined (test_proof.py"
        in text
    )
    assert "      Traceback (most recent call last):\n" in text and "in counts" in text


@pytest.mark.parametrize("run", [misspells, misspells_the_module])
def test_a_name_that_the_solution_has_not_is_a_fault_of_the_check(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "checks_of", lambda *_: [made("slip", run), made("keeps", keeps)])
    found = prove("digits")
    assert [(one.check, one.status) for one in found.failed] == [("receptive_field.slip", Status.ERROR)]
    text = "\n".join(found.in_words())
    assert "the check receptive_field.slip failed itself: UndefinedError: neither an answer nor the model" in text


def test_a_check_that_never_ends_is_named_and_those_after_it_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "checks_of", lambda *_: [made("endless", never_ends), made("keeps", keeps)])
    monkeypatch.setattr(Budget, "check_wall_s", 1.5)
    found = prove("digits")
    assert [one.status for one in found.verdicts] == [Status.ERROR, Status.PASSED] and not found.told
    text = "\n".join(found.in_words())
    assert "the check receptive_field.endless failed itself: OverdueError: the check has not ended after 2 s" in text
    assert "in never_ends" in text


def test_a_solution_that_takes_more_than_grading_allows_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    files = solution_files("digits")
    endless = files["receptive_field"] + "\n\ndef dense_parameters(*_: object) -> int:\n    while True:\n        pass\n"
    monkeypatch.setattr(proof, "solution_files", lambda name: files | {"receptive_field": endless})
    monkeypatch.setattr(proof, "checks_of", lambda *_: [made("keeps", keeps)])
    _, failed = prove("digits").in_words()
    assert "receptive_field.keeps: failed: expected no exception; got " in failed and "2 s of processor time" in failed


def test_without_a_sandbox_there_is_no_proof_and_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    close_warm_process()
    monkeypatch.setenv(TIER, "nonsense")
    found = prove("digits", seed=3)
    assert found.verdicts == () and not found.holds
    (line,) = found.in_words()
    assert line.startswith("digits: no proof that the model solution passes") and "GRADER_ISOLATION=nonsense" in line


@pytest.fixture
def building(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was built, by name; nothing is written."""
    built: list[str] = []

    def build(name: str, **_: Any) -> Any:
        built.append(name)
        raise OSError("built")

    monkeypatch.setattr("grader.release.build.release", build)
    monkeypatch.setattr("grader.authoring.gallery_fits.refuse_galleries_that_do_not_fit", lambda name: None)
    return built


def invoked(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, words)
    return result.exit_code, result.output


def test_release_to_a_course_refuses_what_is_not_proved(
    building: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(proof, "prove", lambda name, seed: Proof(name, (FAILED, FAULT), ("an act",)))
    to_course = ("release", "digits", "--course", str(tmp_path / "course"))
    code, said = invoked(*to_course)
    assert (code, building) == (2, []) and not (tmp_path / "course").exists()
    assert "blocks.skip: failed: expected ones; got zeros" in said and "a person would be told: an act" in said
    assert "the check blocks.own failed itself: KeyError: 'a' (blocks.py, line 7)\n      at\n      x\n" in said
    assert "digits is not released to" in said
    assert "built" in invoked(*to_course, "--no-proof")[1] and building == ["digits"]
    assert "built" in invoked("release", "digits")[1] and building == ["digits"] * 2  # to no course: nothing to prove


def test_release_goes_on_where_no_proof_can_be_made(
    building: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(proof, "prove", lambda name, seed: Proof(name, unmade="no namespaces: see doctor"))
    assert "no namespaces: see doctor" in invoked("release", "digits", "--course", str(tmp_path))[1]
    assert building == ["digits"]


def test_check_release_ends_with_1_where_the_solution_does_not_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.release.build.check_release", lambda name: [])
    monkeypatch.setattr("grader.authoring.gallery_fits.refuse_galleries_that_do_not_fit", lambda name: None)
    for found, due in ((Proof("digits", (FAULT,)), 1), (Proof("digits", unmade="none"), 0), (Proof("digits"), 0)):
        monkeypatch.setattr(proof, "prove", lambda name, seed, found=found: found)
        assert invoked("check-release", "digits")[0] == due
    monkeypatch.setattr(command, "_proved", lambda name: pytest.fail("asked for"))
    assert invoked("check-release", "digits", "--no-proof") == (0, "digits: in step\n")


def test_checks_that_cannot_be_imported_are_said_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(*_: Any) -> list[Check]:
        raise NameError("name 'torhc' is not defined")

    monkeypatch.setattr(proof, "checks_of", broken)
    code, said = invoked("release", "digits", "--course", str(tmp_path))
    assert code == 2 and "the checks of digits cannot be read: NameError: name 'torhc'" in said
