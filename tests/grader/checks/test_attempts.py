"""How often accuracy is tried: as long as bad luck may explain a miss."""

from __future__ import annotations

import json
from typing import Any

import pytest

from exercises.assignment import Training, load_assignment
from exercises.checking import Expect
from exercises.learning import way
from exercises.spoken_digits.training import Recipe
from grader.checks.attempts import best_of
from grader.checks.private.data import HiddenData
from grader.checks.spoken_digits import accuracy as spoken
from grader.repository import REPOSITORY

ONE, TWO = {"digits": 0.87}, {"words_known": 0.98, "words_unknown": 0.84}
CHANCE = 0.2
LUCK = Training.luck


def _tried(threshold: dict[str, float], *tries: tuple[float, ...], **more: Any) -> tuple[dict[str, float], int]:
    """The best of these accuracies in turn, and how many attempts were made."""
    made: list[int] = []

    def attempt(number: int) -> dict[str, float]:
        made.append(number)
        return dict(zip(threshold, tries[number], strict=True))

    best = best_of(attempt, threshold, Training(1, 1, 1, CHANCE, **more))
    assert made == list(range(len(made)))
    return best, len(made)


def test_reaching_every_threshold_needs_one_attempt() -> None:
    assert _tried(ONE, (0.87,)) == ({"digits": 0.87}, 1)
    assert _tried(TWO, (0.99, 0.84)) == ({"words_known": 0.99, "words_unknown": 0.84}, 1)


def test_a_near_miss_is_tried_again_and_the_best_attempt_counts() -> None:
    assert _tried(ONE, (0.86,), (0.9,)) == ({"digits": 0.9}, 2)
    assert _tried(ONE, (0.7,), (0.8,), (0.75,)) == ({"digits": 0.8}, 3)
    assert _tried(TWO, (0.99, 0.3), (0.99, 0.9)) == ({"words_known": 0.99, "words_unknown": 0.9}, 2)


def test_one_good_accuracy_is_enough_to_be_tried_again() -> None:
    assert _tried(TWO, (0.99, 0.2), (0.98, 0.2), (0.98, 0.21))[1] == 3
    assert _tried(TWO, (0.3, 0.8), (0.3, 0.8), (0.3, 0.8))[1] == 3


def test_what_ends_far_below_is_not_tried_again() -> None:
    border = CHANCE + LUCK * (0.87 - CHANCE)
    assert _tried(ONE, (border - 0.01,)) == ({"digits": border - 0.01}, 1)
    assert _tried(ONE, (border + 0.01,), (0.1,), (0.1,))[1] == 3
    assert _tried(TWO, (0.5, 0.4)) == ({"words_known": 0.5, "words_unknown": 0.4}, 1)


def test_a_task_says_how_many_attempts_there_are() -> None:
    assert _tried(ONE, (0.8,), (0.85,), attempts=1) == ({"digits": 0.8}, 1)
    assert _tried(ONE, *[(0.8,)] * 5, attempts=5)[1] == 5


def test_a_task_says_what_bad_luck_may_explain() -> None:
    assert _tried(ONE, (CHANCE + 0.01,), (0.9,), luck=0.0) == ({"digits": 0.9}, 2)
    assert _tried(ONE, (CHANCE - 0.01,), luck=0.0)[1] == 1
    assert _tried(ONE, (0.86,), luck=1.0)[1] == 1


def test_the_checks_of_spoken_digits_share_points_between_known_and_unknown_speakers() -> None:
    expect, hidden = Expect(), HiddenData("spoken_digits", 1, "generated")
    found = {"words_known": 1.0, "words_unknown": hidden.rules("accuracy").chance_like}
    spoken._judge(hidden, "words", expect, lambda attempt: found, Recipe(0.01, 32), [100], "Why?")
    assert expect.fraction == pytest.approx(0.5)


def test_no_training_of_a_reference_ended_where_none_is_tried_again() -> None:
    """Of each group of accuracies that are judged together one is enough."""
    records = json.loads((REPOSITORY / "docs" / "calibration.json").read_text(encoding="utf-8"))
    seen = 0
    for record in records.values():
        if "judgements" not in record:
            continue
        rules = load_assignment(record["assignment"]).training[record["task"]]
        lowest = {one["name"]: way(one["lowest"], one["threshold"], rules.chance_like) for one in record["judgements"]}
        for together in ("digits", "words", "stamps"):
            ways = [value for name, value in lowest.items() if name.startswith(together)]
            assert not ways or max(ways) > rules.luck + 0.25
            seen += bool(ways)
    assert seen >= 6
