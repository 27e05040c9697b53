"""Every kind of answer meets its share of the seeds."""

from __future__ import annotations

from collections import Counter

import pytest

from exercises.digits.training import Recipe
from grader.authoring.galleries import right_answers
from grader.checks.calibrated import corners_of
from grader.measuring.calibration.plan import RECIPE, REFERENCE, RIGHT, WRONG, mistakes, runs, taking_part
from grader.measuring.calibration.trials import of_seed


@pytest.mark.parametrize("assignment", ["digits", "spoken_digits"])
def test_everything_is_trained_and_the_reference_on_every_seed(assignment: str) -> None:
    planned = Counter(
        (run.kind, run.name) for seed in range(120) for run in runs(assignment, "accuracy", seed, 120, wrong=True)
    )
    by_kind: dict[str, list[int]] = {}
    for (kind, _), count in planned.items():
        by_kind.setdefault(kind, []).append(count)
    assert by_kind[REFERENCE] == [120]
    assert len(by_kind[RIGHT]) == len(right_answers(assignment)) and min(by_kind[RIGHT]) >= 5
    assert len(by_kind[RECIPE]) == 16 and min(by_kind[RECIPE]) >= 5
    assert len(by_kind[WRONG]) == len(mistakes(assignment, "accuracy")) > 20 and min(by_kind[WRONG]) >= 3


def test_wrong_answers_are_left_out_where_nobody_asks_for_them() -> None:
    assert {run.kind for seed in range(120) for run in runs("digits", "accuracy", seed, 120, wrong=False)} == {
        REFERENCE, RIGHT, RECIPE,
    }  # fmt: skip


def test_corners_are_recipes_that_differ() -> None:
    corners = corners_of("digits", "accuracy")
    assert len(set(corners)) == 16 and all(isinstance(one, Recipe) for one in corners)


def test_modules_that_take_part_are_those_that_the_classifier_imports() -> None:
    assert taking_part("digits", "accuracy") == {"classifier", "blocks", "pooling"}
    assert taking_part("spoken_digits", "accuracy") == {"classifier", "masking"}
    assert taking_part("convolution", "filterbank") == {"filterbank", "design"}


@pytest.mark.slow
def test_trials_of_a_seed_train_the_reference_and_repeat_themselves() -> None:
    first, again = (of_seed("digits", "accuracy", "generated", 1, 120, False) for _ in range(2))
    assert [(one.kind, one.name, one.found) for one in first] == [(one.kind, one.name, one.found) for one in again]
    assert first[0].kind == REFERENCE and first[0].found["digits"] > 0.8
