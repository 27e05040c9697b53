"""Hidden check of task 5: accuracy on private data."""

from __future__ import annotations

from typing import Any

from exercises.checking import Expect, check
from exercises.digits.checks.accuracy import HINT, read_recipe, score
from exercises.digits.training import Recipe, accuracy
from grader.checks.attempts import best_of
from grader.checks.audit import Audit
from grader.checks.private.data import HiddenDigits
from grader.checks.trainee import Lesson, logits_after


@check(
    "accuracy.hidden_test", points=2, idea="The classifier learns to read digits that it has never seen", trains=True
)
def accuracy_on_hidden_data(student: Any, solution: Any, expect: Expect) -> None:
    """Train and test on digits whose labels are permuted and whose images are transformed with a private seed.

    The test images travel alone; their labels stay here.  A miss that bad luck may explain is tried again with other
    private seeds, and the best training counts.
    """
    recipe = read_recipe(student, expect)
    rules = solution.hidden.rules

    def read(attempt: int) -> dict[str, float]:
        data = solution.hidden.digits(attempt)
        logits = train_and_predict(student, solution, expect, recipe, data, seed=attempt, audited=True)
        expect.shape(
            logits,
            (len(data.test_labels), 10),
            case="logits of the test images",
            hint="One row for each image, one column for each class.",
        )
        return {"digits": accuracy(logits, data.test_labels)}

    threshold = rules.threshold[solution.hidden.source]
    best = best_of(read, threshold, rules.chance_like)
    score(expect, best["digits"], rules.chance_like, threshold["digits"], HINT)


def train_and_predict(
    student: Any,
    solution: Any,
    expect: Expect,
    recipe: Recipe,
    data: HiddenDigits,
    seed: int,
    audited: bool = False,
) -> Any:
    """Lead the training from here, and predict in a process that has never seen a training image: see `logits_after`.

    Args:
        seed:    of the first weights and of the order of the images; where the training is audited, the attempt too.
        audited: whether some steps are computed again.
    """

    def build(who: Any) -> Any:
        network = who.classifier.CNNClassifier2d
        who.seed(seed)  # after the import, which may draw numbers too
        return network(hidden=recipe.hidden, num_blocks=recipe.num_blocks)

    net = build(student)
    # A costlier network sees fewer images; a cheaper one no more.
    budget = min(data.images_seen, student.training.image_budget(net, data.images_seen))
    lesson = Lesson(data.train_images, data.train_labels, recipe, budget, seed)
    audit = Audit.of(solution.hidden, "digits", seed, lesson.steps) if audited else None
    exam = [(data.test_images, data.test_labels)]
    (logits,) = logits_after(student, solution, expect, build, net, lesson, exam, audit)
    return logits


def accuracies(student: Any, solution: Any, expect: Expect, recipe: Recipe | None, seed: int) -> dict[str, float]:
    """What one training of an answer reaches, by the names of the thresholds: what `grader calibrate` measures.

    Args:
        recipe: instead of the answer's own, None for that.
        seed:   of the first weights and of the order of the images.
    """
    data = solution.hidden.digits(0)
    logits = train_and_predict(student, solution, expect, recipe or read_recipe(student, expect), data, seed)
    return {"digits": accuracy(logits, data.test_labels)}
