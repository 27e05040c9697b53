"""Hidden check of task 5: accuracy on private data."""

from __future__ import annotations

from typing import Any

from exercises.checking import Expect, StudentError, check
from exercises.digits.checks.accuracy import HINT, read_recipe, score
from exercises.digits.training import Recipe, accuracy, train
from grader.checks.attempts import best_of
from grader.checks.trainee import Trainee, require_size
from grader.hidden.data import HiddenDigits


@check("accuracy.hidden_test", points=2, idea="The classifier learns to read digits that it has never seen")
def accuracy_on_hidden_data(student: Any, solution: Any, expect: Expect) -> None:
    """Train and test on digits whose labels are permuted and whose images are transformed with a private seed.

    The test images travel alone; their labels stay here.  A miss that bad luck may explain is tried again with other
    private seeds, and the best training counts.
    """
    recipe = read_recipe(student, expect)
    rules = solution.hidden.rules

    def read(attempt: int) -> dict[str, float]:
        data = solution.hidden.digits(attempt)
        logits = train_and_predict(student, solution, expect, recipe, data, seed=attempt)
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
    student: Any, solution: Any, expect: Expect, recipe: Recipe, data: HiddenDigits, seed: int
) -> Any:
    """Lead the training from here, and predict in a process that gets the weights and has never seen a training image.

    The labels stay here, the loop and its budget are the given ones, and whatever stands in the place of the network
    cannot look the training images up when it predicts.  Both networks are built from the same seed, so that weights
    which torch does not know of are the same in both.
    """
    net = _build(student, recipe, seed)
    # A costlier network sees fewer images; a cheaper one no more.
    budget = min(data.images_seen, student.training.image_budget(net, data.images_seen))
    trainee = Trainee(student, net)
    try:
        train(trainee, data.train_images, data.train_labels, recipe, budget, seed)
    except ValueError as error:  # the loop's own words to whoever uses it
        raise StudentError(f"ValueError: {error}", ("ValueError",)) from error
    require_size(trainee, Trainee(solution, _build(solution, recipe, seed)), expect)
    trained, kept = trainee.weights()
    student.fresh_process()
    net = _build(student, recipe, seed)
    student.probe.Trainee(net).load(trained, kept)
    return student.training.predict(net, data.test_images)


def accuracies(student: Any, solution: Any, expect: Expect, recipe: Recipe | None, seed: int) -> dict[str, float]:
    """What one training of an answer reaches, by the names of the thresholds: what `grader calibrate` measures.

    Args:
        recipe: instead of the answer's own, None for that.
        seed:   of the first weights and of the order of the images.
    """
    data = solution.hidden.digits(0)
    logits = train_and_predict(student, solution, expect, recipe or read_recipe(student, expect), data, seed)
    return {"digits": accuracy(logits, data.test_labels)}


def _build(student: Any, recipe: Recipe, seed: int) -> Any:
    network = student.classifier.CNNClassifier2d
    student.seed(seed)  # after the import, which may draw numbers too
    return network(hidden=recipe.hidden, num_blocks=recipe.num_blocks)
