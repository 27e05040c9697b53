"""Which kept results no longer rest on the code, the galleries and the packages that are here now."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from exercises.assignment import GENERATED, assignment_names, load_assignment
from grader.checks.calibrated import DOCS, best_of_reference, key_of, read_records

from .rests_on import (
    BEST,
    RestsOn,
    best_rests_on,
    calibration_rests_on,
    read_rests_on,
    validity_rests_on,
)

VALIDITY_RECORD = DOCS / "validity.json"


@dataclass(frozen=True)
class KeptResult:
    """One result, and whether it still holds.

    Attributes:
        name:          what was measured, "validity of digits".
        date:          when; empty for what was never measured.
        changes:       what is another one now than it was then; empty where the result holds.
        renewal:       the command that measures it anew; empty where there is nothing left to measure.
        without_basis: whether the record does not say what it rests on, so that nobody can tell.
    """

    name: str
    date: str
    changes: tuple[str, ...]
    renewal: str
    without_basis: bool = False


def kept_results() -> list[KeptResult]:
    """Compare every result of `validity` and `calibrate` that docs/ keeps with what is here now.

    Raises:
        GalleryError: a gallery cannot be read, so that nothing can be compared with it.
        ReleaseError: one of the files that every assignment has is missing.
        ValueError: a record is no JSON, or an assignment.toml is not complete.
    """
    return [*_validities(), *_calibrations()]


def _validities() -> Iterator[KeptResult]:
    records = json.loads(VALIDITY_RECORD.read_text(encoding="utf-8")) if VALIDITY_RECORD.exists() else {}
    here = assignment_names()
    for assignment in dict.fromkeys([*here, *records]):
        record = records.get(assignment)
        training = record is None or record.get("training_seeds", 0) > 0
        now = validity_rests_on(assignment, training) if assignment in here else None
        words = ["validity", assignment, *_options(record, "seeds", "training_seeds")]
        yield _compared(f"validity of {assignment}", record, now, words)


def _calibrations() -> Iterator[KeptResult]:
    records = read_records()
    here = assignment_names()
    due = [
        key_of(name, task, source)
        for name in here
        for task, rules in load_assignment(name).training.items()
        for source in sorted(rules.threshold)
    ]
    for key in dict.fromkeys([*due, *records]):
        first, second, source = key.split("/", 2)
        if first == BEST:
            yield _best(second, source, records)
            continue
        record = records.get(key)
        there = first in here and second in load_assignment(first).training
        now = calibration_rests_on(first, second, wrong=source == GENERATED) if there else None
        words = ["calibrate", first, "--source", source, *_options(record, "seeds")]
        yield _compared(f"calibration of {first}, {second}, on {source} data", record, now, words)


def _best(assignment: str, source: str, records: Mapping[str, Mapping[str, Any]]) -> KeptResult:
    """What the reference reaches on real data without a budget."""
    there = assignment in assignment_names() and source in best_of_reference(assignment)
    now = best_rests_on(assignment) if there else None
    tasks = load_assignment(assignment).training if there else ()
    of_same_run = next((found for task in tasks if (found := records.get(key_of(assignment, task, source)))), None)
    words = ["calibrate", assignment, "--source", source, *_options(of_same_run, "seeds")]
    return _compared(
        f"best of {assignment} on {source} data", records.get(key_of(BEST, assignment, source)), now, words
    )


def _options(record: Mapping[str, Any] | None, *names: str) -> Iterator[str]:
    """The options that measure as it was measured then."""
    for name in names:
        if record is not None and name in record:
            yield from (f"--{name.replace('_', '-')}", str(record[name]))


def _compared(name: str, record: Mapping[str, Any] | None, now: RestsOn | None, words: list[str]) -> KeptResult:
    """Compare one record with what it would rest on now; `words` are the command that would write it."""
    renewal = shlex.join(["python", "-m", "grader", *words])
    if record is None:
        return KeptResult(name, "", ("never measured",), renewal)
    date, recorded = str(record.get("date", "")), read_rests_on(record)
    if now is None:
        return KeptResult(name, date, ("its assignment is gone: delete the record",), "")
    if recorded is None:
        return KeptResult(name, date, ("its record does not say what it rests on",), renewal, without_basis=True)
    return KeptResult(name, date, tuple(recorded.changes(now)), renewal)
