"""Hidden check of task 5: accuracy on private data."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from torch import Tensor

from exercises.checking import Expect, check
from exercises.digits.checks.accuracy import HINT, read_recipe, score
from exercises.digits.training import Recipe, accuracy
from grader.hidden_data import HiddenDigits

TRIES = 3
ROOM = 2  # a network may hold so many times the numbers of the reference's


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
        logits = train_and_predict(student, solution, expect, recipe, data, seed=index)
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


def train_and_predict(
    student: Any, solution: Any, expect: Expect, recipe: Recipe, data: HiddenDigits, seed: int
) -> Any:
    """Train in one process, and predict in another that gets the trained weights and has never seen a training image.

    Whatever stands in the place of the network there, it cannot look the training images up.  Both networks are built
    from the same seed, so that weights which torch does not know of are the same in both.
    """
    net = _build(student, recipe, seed)
    given = student.training.Recipe(**asdict(recipe))
    student.training.fit(net, data.train_images, data.train_labels, given, data.images_seen, seed)
    weights = net.state_dict()
    held, most = _numbers(weights), ROOM * _numbers(_build(solution, recipe, seed).state_dict())
    expect.that(
        held <= most,
        expected=f"a network of at most {most} numbers",
        got=f"{held}",
        hint="What makes your network so large?",
    )
    student.fresh_process()
    net = _build(student, recipe, seed)
    net.load_state_dict(weights)
    return student.training.predict(net, data.test_images)


def _build(student: Any, recipe: Recipe, seed: int) -> Any:
    network = student.classifier.CNNClassifier2d
    student.seed(seed)  # after the import, which may draw numbers too
    return network(hidden=recipe.hidden, num_blocks=recipe.num_blocks)


def _numbers(state: dict[str, Tensor]) -> int:
    return sum(value.numel() for value in state.values())
