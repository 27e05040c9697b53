"""Accuracies against their thresholds, and how far the reference's own spread by calibration.

A verdict keeps no number for an accuracy, only the words of the check, so the numbers are read from there: `got` is
"90.8% right" (exercises/digits/checks/accuracy.py) or "91.0% of known speakers, 85.5% of speakers never heard"
(exercises/spoken_digits/checks/accuracy.py), each to a tenth of a per cent, and `expected` begins with the threshold.
A text that is anything else, such as an exception's, holds no accuracy.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from statistics import median
from typing import Any

from exercises.checking.verdict import Verdict
from grader.checks.calibrated import read_records

from .facts import Facts

ONE = re.compile(r"(?:at least )?(\d{1,3}(?:\.\d+)?)% ([a-z ]+)")


@dataclass(frozen=True)
class Spread:
    """What trainings of the reference reached over private seeds, as shares from 0 to 1."""

    mean: float
    deviation: float
    lowest: float
    trials: int
    date: str


@dataclass(frozen=True)
class Accuracies:
    """One accuracy of everybody whose network was trained.

    Attributes:
        check:     id of the check that judges it.
        label:     in words: "right", "of known speakers".
        values:    shares from 0 to 1, from low to high.
        untrained: graded submissions without a number: the code stopped, or the recipe was refused.
        threshold: worth full points.
        chance_like: worth nothing.
        spread:    None where nothing was calibrated.
    """

    check: str
    idea: str
    label: str
    values: tuple[float, ...]
    untrained: int
    threshold: float
    chance_like: float
    spread: Spread | None = None

    @property
    def reached(self) -> int:
        return sum(value >= self.threshold - 1e-9 for value in self.values)

    @property
    def middle(self) -> float:
        return median(self.values)


def shares(text: str) -> dict[str, float]:
    """The accuracies in a text of a check by what they are of; empty where the text is something else."""
    found = {}
    for piece in text.partition(" (")[0].split(", "):
        match = ONE.fullmatch(piece)
        if not match:
            return {}
        found[match[2]] = round(float(match[1]) / 100, 6)
    return found


def is_accuracy(verdict: Verdict) -> bool:
    """Whether the verdict judges an accuracy that was measured."""
    return bool(shares(verdict.got)) and shares(verdict.got).keys() == shares(verdict.expected).keys()


def accuracies(facts: Facts) -> tuple[Accuracies, ...]:
    """Every accuracy that anybody's network reached, in the order of the checks."""
    record = read_records().get(f"{facts.assignment.name}/{facts.source}", {})
    found: list[Accuracies] = []
    for check in facts.checks:
        verdicts = [v for result in facts.graded for v in result.verdicts if v.check == check.id]
        measured = [verdict for verdict in verdicts if is_accuracy(verdict)]
        labels = dict.fromkeys(label for verdict in measured for label in shares(verdict.got))
        for place, label in enumerate(labels):
            mine = [verdict for verdict in measured if label in shares(verdict.got)]
            # Verdicts from before a change of the threshold were judged by the old one: most of them decide.
            threshold = Counter(shares(verdict.expected)[label] for verdict in mine).most_common(1)[0][0]
            found.append(
                Accuracies(
                    check=check.id,
                    idea=check.idea,
                    label=label,
                    values=tuple(sorted(shares(verdict.got)[label] for verdict in mine)),
                    untrained=len(verdicts) - len(mine),
                    threshold=threshold,
                    chance_like=facts.assignment.accuracy.chance_like,
                    spread=_spread(record, check.id, place, len(labels)),
                )
            )
    return tuple(found)


def _spread(record: dict[str, Any], check: str, place: int, count: int) -> Spread | None:
    """The calibrated accuracy of this check: "words_known" belongs to "accuracy.words", in the order of the words."""
    judgements = record.get("judgements", [])
    topic = check.rpartition(".")[2]
    of_check = [one for one in judgements if one["name"].partition("_")[0] == topic] or judgements
    if len(of_check) != count:
        return None
    one = of_check[place]
    return Spread(one["mean"], one["deviation"], one["lowest"], one["trials"], record["date"])
