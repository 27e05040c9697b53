"""Hidden checks of task 2: the choice on private animal words, and the numbers that it is fitted on."""

from __future__ import annotations

import functools

import torch

from exercises.checking import Expect, Hidden, Reference, Student, check, draw, load_weights, randomise, weights
from exercises.transfer.checks import hints
from exercises.transfer.checks.accuracy import CHOSEN, TASK, WITH_FEW, WITH_MORE, compare_numbers, judge
from exercises.transfer.checks.animals import reached
from exercises.transfer.checks.choice import KINDS, Choice, read_choice
from grader.checks.attempts import best_of

from .trusted import probing

# What `grader calibrate` needs beside `measured`, see grader/checks/calibrated.py.
TRAINED = ("recipe",)
CORNERS = tuple(Choice(features, penalty) for features in KINDS for penalty in (0.001, 1.0, 10.0, 100.0, 1e4))
LOOKED_AT = 60  # words to learn from, and as many of other speakers
ROUNDING = 1e-4  # of the largest value: float32, and sums in another order


@check(
    "accuracy.few_unheard",
    points=0.5,
    hints=hints.CHOICE,
    idea="Private animal words are recognised after 5 examples of each",
    needs=[CHOSEN],
    topic="5 examples of each word",
)
def few_examples(student: Student, solution: Reference, expect: Expect) -> None:
    judge_unheard(student, solution, expect, WITH_FEW)


@check(
    "accuracy.more_unheard",
    points=0.5,
    hints=hints.CHOICE,
    idea="Private animal words are recognised after 10 and after 20 examples of each",
    needs=[CHOSEN],
    topic="10 and 20 examples of each word",
)
def more_examples(student: Student, solution: Reference, expect: Expect) -> None:
    judge_unheard(student, solution, expect, WITH_MORE)


def judge_unheard(student: Student, solution: Reference, expect: Expect, names: tuple[str, ...]) -> None:
    """Only the choice is the student's: numbers and fit are the reference's, so that nothing else can gain.

    A miss that bad luck may explain is tried again with other private words, and the best one counts.
    """
    choice = read_choice(student.recipe, expect)
    hidden, rules = solution.hidden.of_the_course, solution.hidden.rules(TASK)
    threshold = solution.hidden.threshold(TASK)

    def attempt(number: int) -> dict[str, float]:
        found = fitted(hidden, choice, number)
        return {name: found[name] for name in names}

    judge(expect, choice, best_of(attempt, threshold, rules), threshold, rules)


@functools.lru_cache(maxsize=1024)
def fitted(hidden: Hidden, choice: Choice, attempt: int) -> dict[str, float]:
    """What is reached on private words, for each choice once in a course.

    Args:
        hidden: the course's, without a student, who would make each one another.
    """
    animals = hidden.undisguised(TASK, attempt).animals
    return reached(animals, probing.fit_linear, choice.features, choice.penalty)


def measured(
    student: Student, solution: Reference, expect: Expect, recipe: Choice | None, seed: int
) -> dict[str, float]:
    """What an answer reaches on the words of a course: see grader/checks/calibrated.py.  No numbers are drawn."""
    return fitted(solution.hidden.of_the_course, recipe or read_choice(student.recipe, expect), 0)


@check(
    "accuracy.numbers_unheard",
    points=0,
    hints=hints.LOGITS,
    idea="Your logits_of and features_of read from private words what the recipe is fitted on",
)
def numbers_are_the_references(student: Student, solution: Reference, expect: Expect) -> None:
    """Of some of the very words, by the digit network and by one with random weights; a mistake costs in task 1."""
    data, random = solution.hidden.undisguised(TASK, 0), draw("words")
    parts = ((data.learn, data.animals.learn), (data.unheard, data.animals.unheard))
    rows = [torch.tensor(sorted(random.sample(range(len(stamps)), LOOKED_AT))) for stamps, _ in parts]
    stamps = torch.cat([one[where] for (one, _), where in zip(parts, rows, strict=True)])
    logits, features = (
        torch.cat([getattr(one, kind)[where] for (_, one), where in zip(parts, rows, strict=True)]) for kind in KINDS
    )
    network = student.networks.digit_network()
    compare_numbers(student, expect, network, "the digit network", stamps, (logits, features), ROUNDING)
    ours, theirs = (who.networks.digit_network(pretrained=False) for who in (solution, student))
    randomise(ours)
    load_weights(theirs, weights(ours))
    due = solution.probing.logits_of(ours, stamps), solution.probing.features_of(ours, stamps)
    compare_numbers(student, expect, theirs, "a network with random weights", stamps, due, ROUNDING)
