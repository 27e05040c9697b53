"""Thresholds follow from the trials, and the bound of a rate is the exact one."""

from __future__ import annotations

import math

import pytest

from grader.measuring.calibration.plan import RECIPE, REFERENCE, RIGHT, WRONG
from grader.measuring.calibration.summary import summarise, upper_bound
from grader.measuring.calibration.trials import Trial


def _trials(accuracies: list[float], kind: str = REFERENCE, name: str = "model solution") -> list[Trial]:
    return [Trial(kind, name, seed, {"digits": found}, 1.0) for seed, found in enumerate(accuracies)]


@pytest.mark.parametrize(("misses", "trials"), [(0, 10), (0, 120), (3, 100), (99, 100)])
def test_upper_bound_is_where_so_few_misses_become_unlikely(misses: int, trials: int) -> None:
    rate = upper_bound(misses, trials)
    so_few = sum(math.comb(trials, k) * rate**k * (1 - rate) ** (trials - k) for k in range(misses + 1))
    assert so_few == pytest.approx(0.05, abs=1e-6)


def test_upper_bound_without_a_miss_is_the_rule_of_three() -> None:
    assert upper_bound(0, 300) == pytest.approx(3 / 300, rel=0.01)
    assert upper_bound(5, 5) == 1.0


def test_threshold_is_the_highest_whole_per_cent_that_hardly_ever_misses() -> None:
    accuracies = [0.90 + 0.0001 * number for number in range(120)]  # 0.9000 ... 0.9119
    found = summarise("digits", "accuracy", "generated", _trials(accuracies), 120, "2030-01-15", 4500)
    [one] = found.judgements
    assert (one.threshold, one.misses, one.trials, one.lowest) == (0.90, 0, 120, 0.9)
    assert one.miss_rate <= 0.05
    accuracies[0] = 0.5  # one bad run of 120: its rate may still be below 5 per cent
    found = summarise("digits", "accuracy", "generated", _trials(accuracies), 120, "2030-01-15", 4500)
    assert (found.judgements[0].threshold, found.judgements[0].misses) == (0.90, 1)
    accuracies[1:3] = [0.55, 0.6]  # three may not
    found = summarise("digits", "accuracy", "generated", _trials(accuracies), 120, "2030-01-15", 4500)
    assert (found.judgements[0].threshold, found.judgements[0].misses) == (0.55, 1)


def test_a_check_with_two_judgements_shares_its_rate_of_misses_between_them() -> None:
    trials = [Trial(REFERENCE, "", seed, {"words_known": 0.9, "words_unknown": 0.8}, 1.0) for seed in range(119)]
    trials.append(Trial(REFERENCE, "", 119, {"words_known": 0.7, "words_unknown": 0.6}, 1.0))
    found = summarise("spoken_digits", "accuracy", "fsdd", trials, 120, "2030-01-15", 4000)
    assert {one.name: one.threshold for one in found.judgements} == {"words_known": 0.7, "words_unknown": 0.6}
    assert found.check_misses == {"words": (0, round(upper_bound(0, 120), 4))}


def test_too_few_trials_give_no_threshold() -> None:
    with pytest.raises(ValueError, match="20 trainings are too few .* take more seeds"):
        summarise("digits", "accuracy", "generated", _trials([0.9] * 20), 20, "2030-01-15", 4500)


def test_only_the_reference_decides_and_everybody_is_listed() -> None:
    measured = _trials([0.9] * 100) + _trials([0.1], RIGHT, "slow") + _trials([0.95], RECIPE, "large")
    measured += [Trial(WRONG, "crashes", 0, {}, 1.0)]
    found = summarise("digits", "accuracy", "generated", measured, 100, "2030-01-15", 4500)
    assert found.judgements[0].threshold == 0.9
    rows = [(row.kind, row.name, row.runs, row.passed, row.mean) for row in found.reached]
    assert rows == [
        (REFERENCE, "model solution", 100, 100, {"digits": 0.9}),
        (RIGHT, "slow", 1, 0, {"digits": 0.1}),
        (RECIPE, "large", 1, 1, {"digits": 0.95}),
        (WRONG, "crashes", 1, 0, {}),
    ]
