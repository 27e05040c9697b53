"""Hidden checks of task 6: accuracy on private speech, of known speakers and of speakers that were left out."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable

from torch import Tensor

from exercises.checking import Expect, Hidden, Reference, Student, check
from exercises.learning import accuracy, far_off, read_recipe, score
from exercises.spoken_digits.checks import hints
from exercises.spoken_digits.checks.accuracy import (
    HINT,
    LOSS_HINT,
    built_with,
    lesson_of,
    refused,
    stamps_read,
    words,
)
from exercises.spoken_digits.training import Recipe, pack
from grader.checks.attempts import best_of
from grader.checks.audit import Audit
from grader.checks.digits.accuracy import CORNERS
from grader.checks.trained import learn

from .data import Words

TASK = "accuracy"
# What `grader calibrate` needs beside `measured`, see grader/checks/calibrated.py.
TRAINED = ("classifier",)
__all__ = ["CORNERS", "TRAINED"]


@check(
    "accuracy.words",
    points=0.5,
    hints=hints.RECIPE,
    idea="CNNClassifier1d hears digits that it has never heard",
    trains=True,
    topic="accuracy on unseen words",
    practice="accuracy.validation",
)
def network_along_time(student: Student, solution: Reference, expect: Expect) -> None:
    """Spectrograms are the reference's: what `log_mel` is worth has been judged in task 1."""
    recipe = read_recipe(student.recipe, expect, "RECIPE", Recipe)
    steps: list[int] = []

    def heard(attempt: int) -> dict[str, float]:
        return words_heard(student, solution, expect, recipe, attempt, seed=attempt, steps=steps)

    _judge(solution.hidden, "words", expect, heard, recipe, steps, HINT)


@check(
    "accuracy.stamps",
    points=0.5,
    hints=hints.RECIPE,
    idea="The network of `digits` reads stamps that it has never seen",
    trains=True,
    topic="accuracy on unseen stamps",
    practice="accuracy.stamp_validation",
)
def network_of_last_week(student: Student, solution: Reference, expect: Expect) -> None:
    """Network and stamps are the reference's, and the recipe the student's."""
    recipe = read_recipe(student.recipe, expect, "STAMP_RECIPE", Recipe)
    steps: list[int] = []

    def heard(attempt: int) -> dict[str, float]:
        try:
            found, made = private_stamps_read(solution.hidden.of_the_course, recipe, attempt, seed=attempt)
        except ValueError as error:
            raise refused(error) from error
        steps.append(made)
        return found

    _judge(solution.hidden, "stamps", expect, heard, recipe, steps, LOSS_HINT)


def words_heard(
    student: Student,
    solution: Reference,
    expect: Expect,
    recipe: Recipe,
    attempt: int,
    seed: int,
    steps: list[int] | None = None,
) -> dict[str, float]:
    """Accuracy on known and unknown speakers: train the network as data, and have it predict, see `learn`.

    Args:
        attempt: which private clips.
        seed:    of the first weights and of the order of the clips.
        steps:   gets the number of steps, and then a training from outside is looked at; None where nothing is judged.

    Raises:
        StudentError: the training loop refused the network; its own words say why.
    """
    data, rules = solution.hidden.drawn(TASK, attempt), solution.hidden.rules(TASK)
    sample = packed(solution.hidden.sample(TASK).train)
    lesson = lesson_of(recipe, packed(data.train), data.train.labels, sample, rules, seed)
    audit = functools.partial(Audit.of, solution.hidden, TASK, "words", attempt) if steps is not None else None
    parts = [("known", data.known), ("unknown", data.unknown)]
    exam = [(packed(clips), clips.labels) for _, clips in parts]
    learned = learn(student, solution, expect, built_with(recipe), lesson, exam, audit)
    if steps is not None:
        steps.append(learned.steps)
    found = {}
    for (part, clips), logits in zip(parts, learned.logits, strict=True):
        expect.shape(logits, (len(clips.labels), 10), case="logits of the test clips")
        found[f"words_{part}"] = accuracy(logits, clips.labels)
    return found


def packed(clips: Words) -> Tensor:
    """Clips as the network reads them, (n, 1 + bands, frames)."""
    return pack(clips.log_mel, clips.lengths)


@functools.lru_cache(maxsize=1024)
def private_stamps_read(hidden: Hidden, recipe: Recipe, attempt: int, seed: int) -> tuple[dict[str, float], int]:
    """Accuracy on known and unknown speakers, and the number of steps.

    No code of a student runs, so each recipe is tried once in a course.

    Args:
        hidden: the course's, without a submission, which would make each one another.

    Raises:
        ValueError: the training loop refused the recipe; its own words say why.
    """
    data, rules = hidden.undisguised(TASK, attempt), hidden.rules(TASK)
    network = importlib.import_module("solutions.digits.classifier").CNNClassifier2d
    exam = {
        f"stamps_{part}": (some.stamps, some.labels)
        for part, some in (("known", data.known), ("unknown", data.unknown))
    }
    return stamps_read(network, recipe, rules, (data.train.stamps, data.train.labels), exam, seed)


def measured(
    student: Student, solution: Reference, expect: Expect, recipe: Recipe | None, seed: int
) -> dict[str, float]:
    """What one training of each network reaches: see grader/checks/calibrated.py."""
    own, stamps = recipe, recipe
    if own is None or stamps is None:
        own = read_recipe(student.recipe, expect, "RECIPE", Recipe)
        stamps = read_recipe(student.recipe, expect, "STAMP_RECIPE", Recipe)
    heard = words_heard(student, solution, expect, own, 0, seed)
    return {**heard, **private_stamps_read(solution.hidden.of_the_course, stamps, 0, seed)[0]}


def _judge(
    hidden: Hidden,
    name: str,
    expect: Expect,
    heard: Callable[[int], dict[str, float]],
    recipe: Recipe,
    steps: list[int],
    hint: str,
) -> None:
    """A miss that bad luck may explain is tried again with other private seeds, and the best try counts.

    Args:
        steps: gets the number of each training's steps while `heard` runs.
    """
    rules = hidden.rules(TASK)
    threshold = {key: value for key, value in hidden.threshold(TASK).items() if key.startswith(name)}
    best = best_of(heard, threshold, rules)
    score(expect, best, threshold, rules.chance_like, words, far_off(recipe, steps[0]) + hint, steps[0])
