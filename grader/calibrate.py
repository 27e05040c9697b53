"""Measures the accuracy of the reference over many private seeds: what a threshold rests on."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass

import torch

from exercises.checking import Expect
from exercises.digits.checks.accuracy import read_recipe
from exercises.digits.training import accuracy

from .checks.digits.accuracy import train_and_predict
from .grading import Reference
from .terms import Terms

DEVIATIONS = 5  # a threshold lies so many standard deviations below the mean


@dataclass(frozen=True)
class Trial:
    """One training of the reference on private data of its own."""

    seed: int
    accuracy: float
    cpu_s: float


@dataclass(frozen=True)
class Calibration:
    """What the trials say together; `threshold` is rounded down to a whole per cent."""

    mean: float
    deviation: float
    lowest: float
    threshold: float


def trials(assignment: str, source: str, seeds: range) -> Iterator[Trial]:
    """Train the reference once for each seed, exactly as the hidden check does."""
    torch.set_num_threads(1)
    for seed in seeds:
        solution = Reference(Terms(assignment, seed, source))
        data = solution.hidden.digits(0)
        begin = time.process_time()
        recipe = read_recipe(solution, Expect())
        # other first weights and another order of the images for each trial, since every student's network has its own
        logits = train_and_predict(solution, solution, Expect(), recipe, data, seed)
        yield Trial(seed, accuracy(logits, data.test_labels), time.process_time() - begin)


def calibrate(measured: list[Trial]) -> Calibration:
    """Mean, standard deviation and the threshold that follows from them.

    Raises:
        ValueError: fewer than three trials say nothing about a spread.
    """
    if len(measured) < 3:
        raise ValueError(f"{len(measured)} trials say nothing about the spread: take at least 3, better 20")
    found = [trial.accuracy for trial in measured]
    mean, deviation = statistics.fmean(found), statistics.stdev(found)
    return Calibration(mean, deviation, min(found), int(100 * (mean - DEVIATIONS * deviation)) / 100)
