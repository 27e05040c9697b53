"""Hidden check of task 5: accuracy on private data."""

from __future__ import annotations

import functools

from exercises.checking import Expect, Reference, Student, check
from exercises.digits.checks import hints
from exercises.digits.checks.accuracy import HINT, built_with, lesson_of, words
from exercises.digits.training import Recipe
from exercises.learning import accuracy, far_off, read_recipe, score
from grader.checks.attempts import best_of
from grader.checks.audit import Audit
from grader.checks.corners import corners
from grader.checks.trained import learn

TASK = "accuracy"
# What `grader calibrate` needs, see grader/checks/calibrated.py.
TRAINED = ("classifier",)
CORNERS = corners(Recipe, hidden=(8, 32), num_blocks=(1, 3), batch_size=(16, 128), learning_rate=(0.003, 0.03))


@check(
    "accuracy.hidden_test",
    points=1,
    hints=hints.RECIPE,
    idea="The classifier learns to read digits that it has never seen",
    trains=True,
    topic="accuracy on unseen digits",
    practice="accuracy.validation",
)
def accuracy_on_hidden_data(student: Student, solution: Reference, expect: Expect) -> None:
    """Train and test on digits whose labels are permuted and whose images are transformed with a private seed.

    The test images travel alone; their labels stay here.  A miss that bad luck may explain is tried again with other
    private seeds, and the best training counts.
    """
    recipe = read_recipe(student.recipe, expect, "RECIPE", Recipe)
    rules, threshold = solution.hidden.rules(TASK), solution.hidden.threshold(TASK)
    steps: list[int] = []

    def read(attempt: int) -> dict[str, float]:
        return digits_read(student, solution, expect, recipe, attempt, seed=attempt, steps=steps)

    best = best_of(read, threshold, rules)
    score(expect, best, threshold, rules.chance_like, words, far_off(recipe, steps[0]) + HINT, steps[0])


def digits_read(
    student: Student,
    solution: Reference,
    expect: Expect,
    recipe: Recipe,
    attempt: int,
    seed: int,
    steps: list[int] | None = None,
) -> dict[str, float]:
    """Train the network as data, and have it predict in a process that has never met a training image: see `learn`.

    Args:
        attempt: which private digits.
        seed:    of the first weights and of the order of the images.
        steps:   gets how many steps were made, and then a training from outside is looked at; None where nothing is
                 judged.
    """
    data, rules = solution.hidden.drawn(TASK, attempt), solution.hidden.rules(TASK)
    sample = solution.hidden.sample(TASK).train_images
    lesson = lesson_of(recipe, data.train_images, data.train_labels, sample, rules, seed)
    audit = functools.partial(Audit.of, solution.hidden, TASK, "digits", attempt) if steps is not None else None
    learned = learn(
        student, solution, expect, built_with(recipe), lesson, [(data.test_images, data.test_labels)], audit
    )
    if steps is not None:
        steps.append(learned.steps)
    (logits,) = learned.logits
    expect.shape(
        logits,
        (len(data.test_labels), 10),
        case="logits of the test images",
        hint="One row for each image, one column for each class.",
    )
    return {"digits": accuracy(logits, data.test_labels)}


def measured(
    student: Student, solution: Reference, expect: Expect, recipe: Recipe | None, seed: int
) -> dict[str, float]:
    """What one training of an answer reaches: see grader/checks/calibrated.py."""
    own = recipe or read_recipe(student.recipe, expect, "RECIPE", Recipe)
    return digits_read(student, solution, expect, own, 0, seed)
