"""Hidden check of task 5: accuracy on private data."""

from __future__ import annotations

from typing import Any

from exercises.checking import Expect, check
from exercises.digits.checks.accuracy import HINT, read_recipe, score, train_and_predict
from exercises.digits.training import accuracy

TRIES = 3


@check("accuracy.hidden_test", points=2, idea="The classifier learns to read digits that it has never seen")
def accuracy_on_hidden_data(student: Any, solution: Any, expect: Expect) -> None:
    """Train and test on digits whose labels are permuted and whose images are transformed with a private seed.

    The test images travel alone; their labels stay here.  A miss is tried again with other private seeds, and the best
    of the three counts, since a training can have bad luck.
    """
    recipe = read_recipe(student, expect)
    best = 0.0
    for index in range(TRIES):
        data = solution.hidden.digits(index)
        logits = train_and_predict(
            student, recipe, data.train_images, data.train_labels, data.test_images, data.images_seen, seed=index
        )
        expect.shape(
            logits,
            (len(data.test_labels), 10),
            case="logits of the test images",
            hint="One row for each image, one column for each class.",
        )
        best = max(best, accuracy(logits, data.test_labels))
        if best >= data.threshold:
            break
    score(expect, best, data.chance_like, data.threshold, HINT)
