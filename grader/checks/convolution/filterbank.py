"""Hidden checks of task 5: other sizes, longer sounds, and a training on private words."""

from __future__ import annotations

import functools
from typing import Any

from exercises.checking import Expect, Reference, Student, check
from exercises.convolution.checks import hints
from exercises.convolution.checks.filterbank import (
    USUAL,
    compare_front_gradients,
    compare_fronts,
    compare_kernels,
    compare_spectrograms,
    compare_starts,
    fronts,
    require_no_transforms,
    usual_bank,
)
from exercises.convolution.checks.learning import TASK, built_with, judge, lesson_of
from exercises.convolution.training import inputs
from exercises.learning import Recipe, accuracy
from grader.checks.attempts import best_of
from grader.checks.audit import Audit
from grader.checks.trained import learn

# What `grader calibrate` needs, see grader/checks/calibrated.py.
TRAINED = ("filterbank",)


@check(
    "filterbank.kernels_values",
    points=0.3,
    hints=hints.KERNELS,
    idea="Kernels of sizes that nobody knows",
    topic="kernels",
)
def kernels(student: Student, solution: Reference, expect: Expect) -> None:
    compare_kernels(student, expect, 100)


@check(
    "filterbank.spectrogram_values",
    points=0.4,
    hints=hints.SPECTROGRAM,
    idea="Spectrograms of sounds that nobody knows",
    topic="spectrograms",
)
def spectrograms(student: Student, solution: Reference, expect: Expect) -> None:
    compare_spectrograms(student, expect, 60)
    require_no_transforms(student, expect)


@check(
    "filterbank.start_values",
    points=0.35,
    hints=hints.FRONT,
    idea="Filter banks of sizes that nobody knows",
    topic="the first filters",
)
def starts(student: Student, solution: Reference, expect: Expect) -> None:
    compare_starts(student, expect, [*fronts(20), USUAL])


@check(
    "filterbank.front_values",
    points=0.3,
    hints=hints.FRONT,
    idea="What filter banks give for sounds that nobody knows",
    topic="the front",
)
def outputs(student: Student, solution: Reference, expect: Expect) -> None:
    compare_fronts(student, expect, fronts(20))
    compare_front_gradients(student, expect, fronts(20))


@check(
    "filterbank.learning",
    points=0.5,
    hints=hints.FRONT_LEARNS,
    idea="A network learns words by your filters, and your filters learn",
    trains=True,
    topic="learning",
)
def words_are_learnt(student: Student, solution: Reference, expect: Expect) -> None:
    """Train on private words, whose labels are permuted, and test on those of speakers who were left out.

    A miss that bad luck may explain is tried again with other private seeds, and the best training counts.
    """
    rules, threshold = solution.hidden.rules(TASK), solution.hidden.threshold(TASK)
    steps: list[int] = []
    left: list[float | None] = []

    def hear(attempt: int) -> dict[str, float]:
        return words_heard(student, solution, expect, attempt, attempt, steps, left)

    best = best_of(hear, threshold, rules)
    asked = [one for one in left if one is not None]
    judge(expect, best, min(asked, default=None), threshold, rules.chance_like, steps[0])


def words_heard(
    student: Student,
    solution: Reference,
    expect: Expect,
    attempt: int,
    seed: int,
    steps: list[int] | None = None,
    left: list[Any] | None = None,
) -> dict[str, float]:
    """Accuracy on words of unknown speakers: train the network as data, and have it predict, see `learn`.

    Args:
        attempt: which private words.
        seed:    of the first weights and of the order of the words.
        steps:   gets how many steps were made, and then a training from outside is looked at; None where nothing is
                 judged.
        left:    gets what is left of the loss after the steps on the filters alone.
    """
    data, rules = solution.hidden.drawn(TASK, attempt), solution.hidden.rules(TASK)
    sample = inputs(solution.hidden.sample(TASK).train)
    lesson = lesson_of(inputs(data.train), data.train.labels, sample, rules, seed)
    exam = [(inputs(data.unknown), data.unknown.labels)]
    audit = functools.partial(Audit.of, solution.hidden, TASK, "words", attempt) if steps is not None else None
    learned = learn(student, solution, expect, built_with(student, usual_bank()), lesson, exam, audit)
    if steps is not None:
        steps.append(learned.steps)
    if left is not None:
        left.append(learned.more)
    (logits,) = learned.logits
    expect.shape(logits, (len(data.unknown.labels), 10), case="logits of the test words")
    return {"words": accuracy(logits, data.unknown.labels)}


def measured(
    student: Student, solution: Reference, expect: Expect, recipe: Recipe | None, seed: int
) -> dict[str, float]:
    """What one training of an answer reaches: see grader/checks/calibrated.py."""
    return words_heard(student, solution, expect, 0, seed)
