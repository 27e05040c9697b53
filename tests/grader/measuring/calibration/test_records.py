"""What a calibration found stands next to each threshold and on the page, and what was there before stays."""

from __future__ import annotations

import io
import json
import tomllib
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from rich.console import Console

from grader import repository
from grader.checks import calibrated
from grader.measuring.calibration import command, records
from grader.measuring.calibration.plan import REFERENCE, WRONG
from grader.measuring.calibration.summary import Summary, summarise
from grader.measuring.calibration.trials import Trial
from grader.measuring.rests_on import RestsOn, read_rests_on


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose docs and assignment.toml may be written."""
    monkeypatch.setattr(calibrated, "RECORDS", tmp_path / "calibration.json")
    monkeypatch.setattr(records, "PAGE", tmp_path / "calibration.md")
    (tmp_path / "digits").mkdir()
    text = (repository.exercises("digits") / "assignment.toml").read_text(encoding="utf-8")
    (tmp_path / "digits" / "assignment.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(repository, "exercises", lambda assignment: tmp_path / assignment)
    return tmp_path


def _summary(source: str, accuracy: float) -> Summary:
    trials = [Trial(REFERENCE, "model solution", seed, {"digits": accuracy}, 1.25) for seed in range(120)]
    trials += [Trial(WRONG, "no_skip", 0, {"digits": 0.3}, 1.0), Trial(WRONG, "crashes", 0, {}, 1.0)]
    return summarise("digits", "accuracy", source, trials, 120, "2030-01-15", 4500)


def test_thresholds_are_written_with_what_they_rest_on(written: Path) -> None:
    before = tomllib.loads((written / "digits" / "assignment.toml").read_text())
    records.keep(_summary("generated", 0.9))
    text = (written / "digits" / "assignment.toml").read_text()
    after = tomllib.loads(text)
    assert after["training"]["accuracy"]["threshold"]["generated"] == {"digits": 0.9}
    assert after["training"]["accuracy"]["threshold"]["mnist"] == before["training"]["accuracy"]["threshold"]["mnist"]
    assert {**after, "training": 0} == {**before, "training": 0}
    assert "# 2030-01-15: 120 seeds, budget 4,500, one thread, 1.25 CPU s a training" in text
    assert "digits = 0.90    # mean 0.900, sd 0.000, lowest 0.900; 0 of 120 missed" in text


def test_a_second_source_is_put_beside_the_first_and_a_second_run_in_its_place(written: Path) -> None:
    for source, accuracy in (("generated", 0.9), ("mnist", 0.95), ("generated", 0.8)):
        records.keep(_summary(source, accuracy))
    threshold = tomllib.loads((written / "digits" / "assignment.toml").read_text())["training"]["accuracy"]["threshold"]
    assert threshold == {"generated": {"digits": 0.8}, "mnist": {"digits": 0.95}}
    assert sorted(json.loads((written / "calibration.json").read_text())) == [
        "digits/accuracy/generated",
        "digits/accuracy/mnist",
    ]


def test_page_says_which_mistakes_accuracy_tells_apart(written: Path) -> None:
    records.keep(_summary("generated", 0.9))
    records.keep_best(
        "digits", "mnist", {"date": "2030-01-15", "how": "Long.", "reached": "The official split: 99.5%."}
    )
    page = (written / "calibration.md").read_text()
    assert "| digits | 0.90 | 0.900 | 0.000 | 0.900 | 120 | 0 | 2.5% |" in page
    assert "Of 2 mistakes in the trained modules, 2 missed" in page
    assert "| crashes | 1 | 0 | ended in an error |" in page and "| no_skip | 1 | 0 | 0.300 |" in page
    assert "What the reference of digits reaches on mnist" in page and "15: Long. The official split: 99.5%." in page


def test_summaries_survive_json(written: Path) -> None:
    summary = replace(_summary("generated", 0.9), rests_on=RestsOn({"accuracy": "12"}, {"torch": "2.11"}, "34"))
    records.keep(summary)
    kept = records.read_records()["digits/accuracy/generated"]
    assert read_rests_on(kept) == summary.rests_on
    assert {**kept, "rests_on": 0} == {**json.loads(json.dumps(asdict(summary))), "rests_on": 0}


def test_calibrating_keeps_what_the_result_rests_on(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [Trial(REFERENCE, "model solution", seed, {"digits": 0.9}, 1.25) for seed in range(120)]
    monkeypatch.setattr(command, "trials", lambda *_: [found])
    monkeypatch.setattr(command, "calibration_rests_on", lambda name, task, wrong: RestsOn({task: f"{name} {wrong}"}))
    command.run("digits", ["generated"], 120, 1, False, Console(file=io.StringIO()))
    assert read_rests_on(records.read_records()["digits/accuracy/generated"]) == RestsOn({"accuracy": "digits True"})
