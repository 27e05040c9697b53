"""Hidden checks of task 4: features of any image, and a linear layer that learns."""

from __future__ import annotations

from typing import Any

import torch

from exercises.checking import Expect, awkward, check
from exercises.learning import Recipe, accuracy, read_recipe, score
from grader.checks.attempts import best_of
from grader.checks.audit import Audit
from grader.checks.trainee import Lesson, logits_after

TASK = "drawings"
TRAINED = ("drawing",)
CORNERS: tuple[Recipe, ...] = ()


def words(name: str) -> str:
    """What a result of this name is a share of, in words behind the number."""
    return "seen rightly"


@check("drawings.hidden_features", points=0.5, idea="The features are those of the given weights, for any image")
def any_image(student: Any, solution: Any, expect: Expect) -> None:
    images = awkward(3, 1, 28, 28, dtype=torch.float32)
    expect.close(student.drawing.features(images), solution.drawing.features(images), atol=1e-4)  # sums of 784 products


@check("drawings.sees", points=1, idea="A linear layer on given weights learns to read digits", trains=True)
def sees(student: Any, solution: Any, expect: Expect) -> None:
    recipe = read_recipe(student.drawing, expect, "SKETCHING", Recipe)
    rules, threshold = solution.hidden.rules(TASK), solution.hidden.threshold(TASK)
    lessons: list[Lesson] = []

    def attempt(number: int) -> dict[str, float]:
        return seen(student, solution, expect, recipe, number, number, lessons)

    best = best_of(attempt, threshold, rules.chance_like, rules.attempts)
    score(expect, best, threshold, rules.chance_like, words, "Is the loss still falling?", lessons[0].steps)


def seen(
    student: Any,
    solution: Any,
    expect: Expect,
    recipe: Recipe,
    attempt: int,
    seed: int,
    lessons: list[Lesson] | None = None,
) -> dict[str, float]:
    """What one training of the linear layer reaches."""
    data, rules = solution.hidden.drawn(TASK, attempt), solution.hidden.rules(TASK)

    def build(who: Any) -> Any:
        drawing = who.drawing.Drawing
        who.seed(seed)
        return drawing()

    net = build(student)
    budget = min(rules.examples_seen, student.practice.image_budget(net, rules.examples_seen))
    lesson = Lesson(TASK, data.train_images, data.train_labels, recipe, budget, seed, rules.chance_like)
    audit = None
    if lessons is not None:
        lessons.append(lesson)
        audit = Audit.of(solution.hidden, TASK, "images", attempt, lesson.steps)
    exam = [(data.test_images, data.test_labels)]
    (logits,) = logits_after(student, solution, expect, build, net, lesson, exam, audit)
    expect.shape(logits, (len(data.test_labels), 10), case="logits of the test images")
    return {"digits": accuracy(logits, data.test_labels)}


def measured(student: Any, solution: Any, expect: Expect, recipe: Recipe | None, seed: int) -> dict[str, float]:
    """What one training of an answer reaches: see grader/checks/calibrated.py."""
    return seen(student, solution, expect, recipe or read_recipe(student.drawing, expect, "SKETCHING", Recipe), 0, seed)
