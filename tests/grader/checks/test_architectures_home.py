"""What the reference gives at home, for students, is what it gives now."""

from __future__ import annotations

import json
from typing import Any

import pytest

from exercises.architectures.checks.judging import HOME_FILE
from grader.checks.architectures.home_answers import home_answers


def numbers(value: Any) -> list[float]:
    """All numbers of an answer, in their order."""
    if isinstance(value, dict | list):
        return [one for item in (value.values() if isinstance(value, dict) else value) for one in numbers(item)]
    return [float(value)] if isinstance(value, int | float) else []


def test_what_is_due_at_home_is_written_down_as_it_is_now() -> None:
    kept, now = json.loads(HOME_FILE.read_text(encoding="utf-8")), json.loads(home_answers())
    assert {id: set(cases) for id, cases in kept.items()} == {id: set(cases) for id, cases in now.items()}
    for id, cases in kept.items():
        for name, answer in cases.items():
            due = numbers(now[id][name])
            spread = max(map(abs, due))
            assert numbers(answer) == pytest.approx(due, rel=1e-4, abs=1e-5 * spread), f"{id}: {name}"
