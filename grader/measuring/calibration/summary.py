"""Mean, spread, how often one training misses, and the threshold that follows."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from grader.measuring.rests_on import RestsOn

from .plan import RECIPE, REFERENCE, RIGHT, WRONG
from .trials import Trial

MISS_RATE = 0.05  # of one training; a miss counts only if three private seeds miss: 0.05 ** 3 = 1.25e-4
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Judgement:
    """One result, and the threshold that follows from the reference.

    Attributes:
        trials, mean, deviation, lowest: of the reference, each on data of its own, so that they are independent.
        misses:    how many of them stay below the threshold.
        miss_rate: upper bound of the rate of misses, with CONFIDENCE.
    """

    name: str
    threshold: float
    trials: int
    mean: float
    deviation: float
    lowest: float
    misses: int
    miss_rate: float


@dataclass(frozen=True)
class Reached:
    """How one answer or recipe did: the mean of each result, and how many of its trainings passed."""

    kind: str
    name: str
    runs: int
    passed: int
    mean: dict[str, float]


@dataclass(frozen=True)
class Summary:
    """One task on one source of data.

    Attributes:
        seeds, date, examples_seen: how it was measured.
        cpu_s: mean processor time of a training of the reference.
        judgements: by name.
        check_misses: misses of the checks, each of which judges one or more results in the same training:
            {check: (misses, upper bound of their rate)}.
        reached: every answer and recipe.
        rests_on: the code and the galleries when it began.
    """

    assignment: str
    task: str
    source: str
    seeds: int
    date: str
    examples_seen: int
    cpu_s: float
    judgements: list[Judgement]
    check_misses: dict[str, tuple[int, float]]
    reached: list[Reached]
    rests_on: RestsOn = field(default_factory=RestsOn)


def summarise(
    assignment: str,
    task: str,
    source: str,
    measured: Sequence[Trial],
    seeds: int,
    date: str,
    examples_seen: int,
) -> Summary:
    """All trials of one task on one source.

    Raises:
        ValueError: there are too few trials for any threshold: even without a miss the bound is above MISS_RATE.
    """
    right = [trial for trial in measured if trial.kind == REFERENCE]
    names = list(right[0].found)
    families = {family: [name for name in names if family_of(name) == family] for family in map(family_of, names)}
    judgements = [_judgement(name, right, MISS_RATE / len(families[family_of(name)])) for name in names]
    threshold = {one.name: one.threshold for one in judgements}
    misses = {
        family: sum(any(trial.found[name] < threshold[name] for name in judged) for trial in right)
        for family, judged in families.items()
    }
    return Summary(
        assignment=assignment,
        task=task,
        source=source,
        seeds=seeds,
        date=date,
        examples_seen=examples_seen,
        cpu_s=round(statistics.fmean(trial.cpu_s for trial in right), 2),
        judgements=judgements,
        check_misses={family: (count, round(upper_bound(count, len(right)), 4)) for family, count in misses.items()},
        reached=list(_reached(measured, threshold)),
    )


def family_of(name: str) -> str:
    """The check that a result belongs to: "words_known" -> "words"."""
    return name.partition("_")[0]


def _judgement(name: str, right: Sequence[Trial], miss_rate: float) -> Judgement:
    """The highest whole per cent at which a training misses with at most this probability."""
    found = sorted(trial.found[name] for trial in right)
    allowed = -1
    while allowed + 1 < len(found) and upper_bound(allowed + 1, len(found)) <= miss_rate:
        allowed += 1
    if allowed < 0:
        raise ValueError(
            f"{len(found)} trainings are too few for a threshold of {name}: even without a miss, the rate of misses "
            f"may be {upper_bound(0, len(found)):.1%}; take more seeds"
        )
    # A threshold at the value of place `allowed` leaves exactly those before it below.
    threshold = math.floor(100 * found[allowed] + 1e-9) / 100
    misses = sum(value < threshold for value in found)
    return Judgement(
        name=name,
        threshold=threshold,
        trials=len(found),
        mean=round(statistics.fmean(found), 4),
        deviation=round(statistics.stdev(found), 4),
        lowest=round(found[0], 4),
        misses=misses,
        miss_rate=round(upper_bound(misses, len(found)), 4),
    )


def _reached(measured: Iterable[Trial], threshold: dict[str, float]) -> Iterable[Reached]:
    by_name: dict[tuple[str, str], list[Trial]] = {}
    for trial in measured:
        by_name.setdefault((trial.kind, trial.name), []).append(trial)
    order = [REFERENCE, RIGHT, RECIPE, WRONG]
    for (kind, name), found in sorted(by_name.items(), key=lambda item: (order.index(item[0][0]), item[0][1])):
        learned = [trial.found for trial in found if trial.found]
        passed = sum(all(one[key] >= threshold[key] for key in one) for one in learned)
        mean = {key: round(statistics.fmean(one[key] for one in learned), 4) for key in threshold} if learned else {}
        yield Reached(kind, name, len(found), passed, mean)


def upper_bound(misses: int, trials: int, confidence: float = CONFIDENCE) -> float:
    """The rate of misses is at most this, with the given confidence (Clopper and Pearson, 1934, one-sided)."""
    if misses >= trials:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        at_most = sum(
            math.comb(trials, k) * middle**k * (1 - middle) ** (trials - k) for k in range(misses + 1)
        )  # P(at most so many misses), which falls with the rate
        low, high = (middle, high) if at_most > 1 - confidence else (low, middle)
    return high
