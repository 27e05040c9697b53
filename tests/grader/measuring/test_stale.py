"""Results in docs/ say what they rest on, and are stale where that is another one now."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from grader.authoring import galleries
from grader.checks import calibrated
from grader.cli import app
from grader.grading.fingerprint.checked import Basis, basis_of
from grader.measuring import rests_on, stale
from grader.measuring.rests_on import (
    RestsOn,
    best_rests_on,
    calibration_rests_on,
    read_rests_on,
    validity_rests_on,
)
from grader.measuring.stale import KeptResult, kept_results

NOW = RestsOn({"pooling": "12", "blocks": "34"}, {"torch": "2.11.0", "python": "3.11"}, "56")


@pytest.mark.parametrize(
    ("then", "changes"),
    [
        (NOW, []),
        (replace(NOW, tasks={"pooling": "12", "blocks": "0"}), ["other verdict code: blocks"]),
        (replace(NOW, tasks={"pooling": "12", "old": "9"}), ["other verdict code: old, blocks"]),
        (replace(NOW, versions={"torch": "2.10.0", "python": "3.11"}), ["torch was 2.10.0, is 2.11.0"]),
        (replace(NOW, galleries="0"), ["other answers in the galleries"]),
        (RestsOn(before="measured in spring"), ["measured in spring"]),
    ],
)
def test_changes_are_named(then: RestsOn, changes: list[str]) -> None:
    assert then.changes(NOW) == changes


@pytest.mark.parametrize("record", [{}, {"rests_on": {}}, {"rests_on": {"taks": {"a": "1"}}}, {"rests_on": "12"}])
def test_record_that_does_not_say_what_it_rests_on_is_known_as_such(record: dict[str, object]) -> None:
    assert read_rests_on(record) is None


def test_what_a_result_rests_on_survives_json() -> None:
    for one in (NOW, RestsOn(before="measured in spring")):
        assert read_rests_on({"rests_on": json.loads(json.dumps(one.to_json()))}) == one


@pytest.fixture
def changed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Call it to pretend that one task's code, or its thresholds, are other ones."""

    def change(task: str, **parts: object) -> None:
        def other(assignment: str, group: str) -> Basis:
            basis = basis_of(assignment, group)
            return replace(basis, **parts) if group == task else basis  # type: ignore[arg-type]

        monkeypatch.setattr(rests_on, "basis_of", other)

    return change


def test_validity_rests_on_each_task_and_a_threshold_is_the_accuracys(changed: Callable[..., None]) -> None:
    then = validity_rests_on("digits", training=True)
    assert list(then.tasks) == ["receptive_field", "pooling", "blocks", "classifier", "accuracy"]
    changed("pooling", code="0")
    assert then.changes(validity_rests_on("digits", training=True)) == ["other verdict code: pooling"]
    changed("accuracy", threshold={"generated": {"digits": 0.5}})
    assert then.changes(validity_rests_on("digits", training=True)) == ["other verdict code: accuracy"]


def test_calibration_rests_on_the_accuracy_task_without_the_thresholds_that_it_writes(
    changed: Callable[..., None],
) -> None:
    then, best = calibration_rests_on("digits", "accuracy", wrong=True), best_rests_on("spoken_digits")
    changed("pooling", code="0")
    assert then.changes(calibration_rests_on("digits", "accuracy", wrong=True)) == []
    changed("accuracy", threshold={"generated": {"digits": 0.5}})
    assert then.changes(calibration_rests_on("digits", "accuracy", wrong=True)) == []
    changed("accuracy", code="0")
    assert then.changes(calibration_rests_on("digits", "accuracy", wrong=True)) == ["other verdict code: accuracy"]
    assert best.changes(best_rests_on("spoken_digits")) == ["other verdict code: accuracy"]


def test_galleries_count_where_their_answers_are_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    validity, all_data = (
        validity_rests_on("digits", training=True),
        calibration_rests_on("digits", "accuracy", wrong=True),
    )
    real_data = calibration_rests_on("digits", "accuracy", wrong=False)
    wrong = galleries.wrong_answers("digits")

    monkeypatch.setattr(rests_on, "wrong_answers", lambda _: [replace(one, description="other") for one in wrong])
    assert validity.changes(validity_rests_on("digits", training=True)) == []  # other words, the same answers

    monkeypatch.setattr(rests_on, "wrong_answers", lambda _: wrong[1:])
    assert validity.changes(validity_rests_on("digits", training=True)) == ["other answers in the galleries"]
    assert all_data.changes(calibration_rests_on("digits", "accuracy", wrong=True)) == [
        "other answers in the galleries"
    ]
    assert real_data.changes(calibration_rests_on("digits", "accuracy", wrong=False)) == []

    right = galleries.right_answers("digits")
    monkeypatch.setattr(rests_on, "right_answers", lambda _: right[1:])
    assert real_data.changes(calibration_rests_on("digits", "accuracy", wrong=False)) == [
        "other answers in the galleries"
    ]


@pytest.fixture
def docs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in the place of docs/, with records of everything, all of them fresh."""
    monkeypatch.setattr(calibrated, "RECORDS", tmp_path / "calibration.json")
    monkeypatch.setattr(stale, "VALIDITY_RECORD", tmp_path / "validity.json")
    names = ("architectures", "convolution", "digits", "spoken_digits", "transfer")
    made = {"date": "2030-01-15", "seeds": 10, "training_seeds": 3}
    validity = {name: {**made, "rests_on": validity_rests_on(name, True).to_json()} for name in names}
    (tmp_path / "validity.json").write_text(json.dumps(validity))
    of = {"date": "2030-01-15", "seeds": 120}
    keys = ["convolution/filterbank/generated"]
    keys += [f"digits/accuracy/{name}" for name in ("generated", "mnist")]
    keys += [f"spoken_digits/accuracy/{name}" for name in ("fsdd", "generated")]
    keys += ["transfer/accuracy/generated"]
    records: dict[str, object] = {
        "best/spoken_digits/fsdd": {"date": "2030-01-15", "rests_on": best_rests_on("spoken_digits").to_json()}
    }
    for key in keys:
        assignment, task, source = key.split("/")
        rests = calibration_rests_on(assignment, task, wrong=source == "generated")
        records[key] = {**of, "rests_on": rests.to_json()}
    (tmp_path / "calibration.json").write_text(json.dumps(records))
    return tmp_path


def edited(path: Path, key: str, **parts: object) -> None:
    records = json.loads(path.read_text())
    records[key] = {**records[key], **parts}
    path.write_text(json.dumps(records))


def test_fresh_results_hold(docs: Path) -> None:
    results = kept_results()
    assert [result.changes for result in results] == [()] * 12
    found = CliRunner().invoke(app, ["stale"])
    assert found.exit_code == 0 and found.stdout.count("holds: ") == 12 and "renew" not in found.stdout


def test_stale_results_come_with_the_command_that_renews_them_as_they_were_measured(
    docs: Path, changed: Callable[..., None]
) -> None:
    changed("accuracy", code="0")
    found = CliRunner().invoke(app, ["stale"])
    assert found.exit_code == 0  # it informs, and fails nothing
    assert "stale: validity of digits (2030-01-15)\n       other verdict code: accuracy\n" in found.stdout
    commands = found.stdout.partition("renew them")[2].split("\n    ")[1:]
    assert [command.strip() for command in commands] == [
        "python -m grader validity digits --seeds 10 --training-seeds 3",
        "python -m grader validity spoken_digits --seeds 10 --training-seeds 3",
        "python -m grader validity transfer --seeds 10 --training-seeds 3",
        "python -m grader calibrate digits --source generated --seeds 120",
        "python -m grader calibrate digits --source mnist --seeds 120",
        "python -m grader calibrate spoken_digits --source fsdd --seeds 120",
        "python -m grader calibrate spoken_digits --source generated --seeds 120",
        "python -m grader calibrate transfer --source generated --seeds 120",
    ]


def test_record_without_a_basis_fails(docs: Path) -> None:
    edited(docs / "calibration.json", "digits/accuracy/mnist", rests_on={})
    found = CliRunner().invoke(app, ["stale"])
    assert found.exit_code == 1 and found.stdout.count("stale: ") == 1
    assert "its record does not say what it rests on" in found.stdout


def test_older_results_are_stale_and_say_since_when(docs: Path) -> None:
    edited(docs / "validity.json", "digits", rests_on={"before": "measured in spring"})
    (result,) = [result for result in kept_results() if result.changes]
    assert (result.name, result.changes, result.without_basis) == (
        "validity of digits",
        ("measured in spring",),
        False,
    )


def test_never_measured_and_gone_assignments_are_told(docs: Path) -> None:
    (docs / "validity.json").write_text(json.dumps({"gone": {"date": "2030-01-15", "rests_on": NOW.to_json()}}))
    results = {result.name: result for result in kept_results()}
    assert results["validity of digits"] == KeptResult(
        "validity of digits", "", ("never measured",), "python -m grader validity digits"
    )
    assert "gone" in results["validity of gone"].changes[0] and results["validity of gone"].renewal == ""
    assert CliRunner().invoke(app, ["stale"]).exit_code == 0


def test_damaged_record_is_a_wrong_state_and_no_result(docs: Path) -> None:
    (docs / "validity.json").write_text("{")
    assert CliRunner().invoke(app, ["stale"]).exit_code == 2


def test_records_of_the_repository_say_what_they_rest_on() -> None:
    assert not any(result.without_basis for result in kept_results())
