"""Several trainings for one accuracy: a miss that bad luck may explain is tried again on other private data."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from exercises.digits.checks.accuracy import way

TRIES = 3
LUCK = 2 / 3  # of the way from chance to the threshold; docs/calibration.md says how far from it right answers end


def best_of(
    attempt: Callable[[int], dict[str, float]], threshold: Mapping[str, float], chance_like: float
) -> dict[str, float]:
    """The accuracies of the best of at most three attempts.

    Another one follows if an accuracy missed its threshold, and one of them came at least as far as `LUCK`: no right
    answer's bad luck stays below.  A flawed network's may: with the same flaw one training reached a fifth of the way
    and the next two thirds.  What its first one reached counts.

    Args:
        attempt:     trains and tests on the private data of this number; gives accuracies by the thresholds' names.
        threshold:   what is worth full points, by the same names.
        chance_like: what is worth nothing.
    """
    best: dict[str, float] = {}
    for number in range(TRIES):
        found = attempt(number)
        if not best or sum(found.values()) > sum(best.values()):
            best = found
        ways = [way(right, threshold[name], chance_like) for name, right in best.items()]
        if min(ways) >= 1 or max(ways) < LUCK:
            break
    return best
