"""[limits] of assignment.toml: what an author may set, and what is said where that is out of bounds."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from exercises import assignment
from exercises.assignment import limits_of, load_assignment
from exercises.limits import RANGES, AssignmentLimits


def test_each_limit_has_bounds_that_hold_its_default() -> None:
    assert [one.name for one in fields(AssignmentLimits)] == list(RANGES)
    for key, allowed in RANGES.items():
        assert allowed.lowest <= getattr(AssignmentLimits(), key) <= allowed.highest


@pytest.mark.parametrize("key", list(RANGES))
def test_bounds_themselves_may_be_set(key: str) -> None:
    together = {} if key == "submission_s" else {"submission_s": RANGES["submission_s"].highest}
    for value in (RANGES[key].lowest, RANGES[key].highest):
        assert getattr(AssignmentLimits.read({**together, key: value}), key) == value


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"answer_mb": 65}, r"\[limits\] answer_mb = 65, but it is a whole number from 1 to 64"),
        ({"answer_mb": 0}, r"answer_mb = 0, but it is a whole number from 1 to 64"),
        ({"answer_mb": 16.5}, r"answer_mb = 16\.5, but it is a whole number from 1 to 64"),
        ({"memory_mb": True}, r"memory_mb = True, but it is a whole number from 256 to 8192"),
        ({"request_s": 0.5}, r"request_s = 0\.5, but it is a number from 1 to 60"),
        ({"request_s": float("nan")}, r"request_s = nan, but it is a number from 1 to 60"),
        ({"training_s": "12"}, r"training_s = '12', but it is a number from 2 to 600"),
        ({"record_kb": 15}, r"record_kb = 15, but it is a whole number from 16 to 4096"),
        ({"given_mb": 501}, r"given_mb = 501, but it is a whole number from 1 to 500"),
        ({"answer_mib": 3}, r"\[limits\] has no key answer_mib: is answer_mb meant\?"),
        ({"colour": 3}, r"\[limits\] has no key colour: choose from memory_mb, request_s"),
        ({"training_s": 100}, r"training_s = 100 is more than all questions .* submission_s = 90: raise that one too"),
    ],
)
def test_what_is_out_of_bounds_is_named_with_its_bounds(table: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        AssignmentLimits.read(table)


def test_assignment_has_the_limits_that_its_file_sets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (assignment.EXERCISES / "digits" / "assignment.toml").read_text(encoding="utf-8")
    (tmp_path / "digits").mkdir()
    (tmp_path / "digits" / "assignment.toml").write_text(f"{text}\n[limits]\nmemory_mb = 2000\nimport_s = 30.5\n")
    assert load_assignment("digits").limits == AssignmentLimits()
    monkeypatch.setattr(assignment, "EXERCISES", tmp_path)
    assert limits_of("digits") == AssignmentLimits(memory_mb=2000, import_s=30.5)
    assert limits_of("burning") == AssignmentLimits()
    (tmp_path / "digits" / "assignment.toml").write_text(f"{text}\n[limits]\nmemory_mb = 20\n")
    with pytest.raises(ValueError, match=r"digits/assignment\.toml: .*memory_mb = 20, but it is a whole number"):
        load_assignment("digits")
