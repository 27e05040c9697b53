"""Hidden check of task 5: accuracy on private data."""

from __future__ import annotations

from typing import Any

from exercises.checking import Expect, Reference, Student, check
from exercises.digits.checks.accuracy import HINT, words
from exercises.digits.training import Recipe
from exercises.learning import accuracy, read_recipe, score
from grader.checks.attempts import best_of
from grader.checks.audit import Audit
from grader.checks.corners import corners
from grader.checks.trainee import Lesson, logits_after

TASK = "accuracy"
# What `grader calibrate` needs, see grader/checks/calibrated.py.
TRAINED = ("classifier",)
CORNERS = corners(Recipe, hidden=(8, 32), num_blocks=(1, 3), batch_size=(16, 128), learning_rate=(0.003, 0.03))


@check(
    "accuracy.hidden_test",
    points=2,
    idea="The classifier learns to read digits that it has never seen",
    trains=True,
)
def accuracy_on_hidden_data(student: Student, solution: Reference, expect: Expect) -> None:
    """Train and test on digits whose labels are permuted and whose images are transformed with a private seed.

    The test images travel alone; their labels stay here.  A miss that bad luck may explain is tried again with other
    private seeds, and the best training counts.
    """
    recipe = read_recipe(student.recipe, expect, "RECIPE", Recipe)
    rules, threshold = solution.hidden.rules(TASK), solution.hidden.threshold(TASK)
    lessons: list[Lesson] = []

    def read(attempt: int) -> dict[str, float]:
        return digits_read(student, solution, expect, recipe, attempt, seed=attempt, lessons=lessons)

    best = best_of(read, threshold, rules.chance_like, rules.attempts)
    score(expect, best, threshold, rules.chance_like, words, HINT, lessons[0].steps)


def digits_read(
    student: Student,
    solution: Reference,
    expect: Expect,
    recipe: Recipe,
    attempt: int,
    seed: int,
    lessons: list[Lesson] | None = None,
) -> dict[str, float]:
    """Lead the training from here, and predict in a process that has never seen a training image: see `logits_after`.

    Args:
        attempt: which private digits.
        seed:    of the first weights and of the order of the images.
        lessons: gets what was taught, and then some steps are computed again; None where nothing is judged.
    """
    data, rules = solution.hidden.drawn(TASK, attempt), solution.hidden.rules(TASK)

    def build(who: Any) -> Any:
        network = who.classifier.CNNClassifier2d
        who.seed(seed)  # after the import, which may draw numbers too
        net = network(hidden=recipe.hidden, num_blocks=recipe.num_blocks)
        who.probe.first_pass(net, data.train_images[:2])  # lazy layers take their sizes from it
        return net

    net = build(student)
    # A costlier network sees fewer images; a cheaper one no more.
    budget = min(rules.examples_seen, student.training.image_budget(net, rules.examples_seen))
    lesson = Lesson(TASK, data.train_images, data.train_labels, recipe, budget, seed, rules.chance_like)
    audit = None
    if lessons is not None:
        lessons.append(lesson)
        audit = Audit.of(solution.hidden, TASK, "digits", attempt, lesson.steps)
    exam = [(data.test_images, data.test_labels)]
    (logits,) = logits_after(student, solution, expect, build, net, lesson, exam, audit)
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
