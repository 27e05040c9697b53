"""Several trainings for one judgement: a miss that bad luck may explain is tried again on other private data."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from exercises.assignment import Training
from exercises.learning import way


def best_of(
    attempt: Callable[[int], dict[str, float]], threshold: Mapping[str, float], rules: Training
) -> dict[str, float]:
    """The results of the best of at most `rules.attempts` attempts.

    Another one follows if a result missed its threshold, and one of them came at least as far as `rules.luck`: no right
    answer's bad luck stays below.  A flawed network's may: with the same flaw one training reached a fifth of the way
    and the next two thirds.  What its first one reached counts.

    Args:
        attempt:   trains and tests on the private data of this number; gives results by the thresholds' names.
        threshold: what is worth full points, by the same names.
        rules:     what is worth nothing, how many attempts there are at most, and what bad luck may explain.
    """
    best: dict[str, float] = {}
    for number in range(rules.attempts):
        found = attempt(number)
        if not best or sum(found.values()) > sum(best.values()):
            best = found
        ways = [way(right, threshold[name], rules.chance_like) for name, right in best.items()]
        if min(ways) >= 1 or max(ways) < rules.luck:
            break
    return best
