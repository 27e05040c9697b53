"""Hidden checks of task 6: accuracy on private speech, of known speakers and of speakers that were left out."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from exercises.checking import Expect, StudentError, check
from exercises.digits.checks.accuracy import read_recipe
from exercises.digits.training import Recipe, accuracy, predict, train
from exercises.spoken_digits.checks.accuracy import BANDS, score
from exercises.spoken_digits.training import level_stamps, pack, stamp_budget
from grader.checks.attempts import best_of
from grader.checks.audit import Audit
from grader.checks.private.data import HiddenData
from grader.checks.private.speech import Words
from grader.checks.trainee import Lesson, logits_after


@check("accuracy.words", points=1, idea="CNNClassifier1d hears digits that it has never heard", trains=True)
def network_along_time(student: Any, solution: Any, expect: Expect) -> None:
    """Spectrograms are the reference's: what `log_mel` is worth has been judged in task 1."""
    recipe = read_recipe(student, expect)
    _judge(
        solution.hidden,
        "words",
        expect,
        lambda attempt: words_heard(student, solution, expect, recipe, attempt, seed=attempt, audited=True),
    )


@check("accuracy.stamps", points=1, idea="Last week's network reads stamps that it has never seen", trains=True)
def network_of_last_week(student: Any, solution: Any, expect: Expect) -> None:
    """Network and stamps are the reference's, and the recipe the student's."""
    recipe = read_recipe(student, expect, "STAMP_RECIPE")

    def heard(attempt: int) -> dict[str, float]:
        try:
            return stamps_read(solution.hidden.of_the_course, recipe, attempt, seed=attempt)
        except ValueError as error:
            raise _stopped(error) from error

    _judge(solution.hidden, "stamps", expect, heard)


def words_heard(
    student: Any,
    solution: Any,
    expect: Expect,
    recipe: Recipe,
    attempt: int,
    seed: int,
    audited: bool = False,
) -> dict[str, float]:
    """Accuracy on known and unknown speakers: train in the student's process, led from here.

    The predictions are made in a process that has never heard a clip of the training: see `logits_after`.

    Args:
        attempt: which private clips.
        seed:    of the first weights and of the order of the clips.
        audited: whether some steps are computed again.

    Raises:
        StudentError: the training loop refused the network; its own words say why.
    """
    data = solution.hidden.speech(attempt)
    rules = data.rules

    def build(who: Any) -> Any:
        network = who.classifier.CNNClassifier1d
        who.seed(seed)
        return who.training.Packed(network(BANDS, hidden=recipe.hidden, num_blocks=recipe.num_blocks))

    def packed(words: Words) -> Tensor:
        return pack(words.log_mel, words.lengths)

    net = build(student)
    # A costlier network hears fewer clips; a cheaper one no more.
    budget = min(rules.examples_seen, student.training.clip_budget(net, rules.examples_seen))
    lesson = Lesson(packed(data.train), data.train.labels, recipe, budget, seed)
    audit = Audit.of(solution.hidden, "words", attempt, lesson.steps) if audited else None
    parts = [("known", data.known), ("unknown", data.unknown)]
    exam = [(packed(words), words.labels) for _, words in parts]
    found = {}
    answers = logits_after(student, solution, expect, build, net, lesson, exam, audit)
    for (part, words), logits in zip(parts, answers, strict=True):
        expect.shape(logits, (len(words.labels), 10), case="logits of the test clips")
        found[f"words_{part}"] = accuracy(logits, words.labels)
    return found


@functools.lru_cache(maxsize=1024)
def stamps_read(hidden: HiddenData, recipe: Recipe, attempt: int, seed: int) -> dict[str, float]:
    """Accuracy on known and unknown speakers: no code of a student runs, so each recipe is tried once in a course.

    Args:
        hidden: the course's, without a submission, which would make each one another.

    Raises:
        ValueError: the training loop refused the recipe; its own words say why.
    """
    data = hidden.speech_as_it_is(attempt)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = importlib.import_module("solutions.digits.classifier").CNNClassifier2d
        net = network(hidden=recipe.hidden, num_blocks=recipe.num_blocks)
    budget = min(data.rules.examples_seen, stamp_budget(net, data.rules.examples_seen))
    train(net, level_stamps(data.train.stamps), data.train.labels, recipe, budget, seed)
    parts = (("known", data.known), ("unknown", data.unknown))
    return {f"stamps_{part}": accuracy(predict(net, level_stamps(some.stamps)), some.labels) for part, some in parts}


def accuracies(student: Any, solution: Any, expect: Expect, recipe: Recipe | None, seed: int) -> dict[str, float]:
    """What one training of each network reaches, by the names of the thresholds: what `grader calibrate` measures.

    Args:
        recipe: instead of the answer's own two, None for those.
        seed:   of the first weights and of the order of the clips.
    """
    words, stamps = recipe, recipe
    if words is None or stamps is None:
        words, stamps = read_recipe(student, expect), read_recipe(student, expect, "STAMP_RECIPE")
    heard = words_heard(student, solution, expect, words, 0, seed)
    return {**heard, **stamps_read(solution.hidden.of_the_course, stamps, 0, seed)}


def _stopped(error: ValueError) -> StudentError:
    return StudentError(f"ValueError: {error}", ("ValueError",))


def _judge(hidden: HiddenData, name: str, expect: Expect, heard: Callable[[int], dict[str, float]]) -> None:
    """A miss that bad luck may explain is tried again with other private seeds, and the best try counts."""
    rules = hidden.rules
    threshold = {key: value for key, value in rules.threshold[hidden.source].items() if key.startswith(name)}
    score(expect, best_of(heard, threshold, rules.chance_like), threshold, rules.chance_like)
