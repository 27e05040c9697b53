"""Public checks of task 5: the recipe, and the accuracy on validation data within the grader's budget."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from torch import Tensor

from datasets import load_digits
from exercises.assignment import load_assignment
from exercises.checking import Cause, Expect, check
from exercises.checking.plain import is_plain
from exercises.digits.training import Recipe, accuracy


def read_recipe(student: Any, expect: Expect, name: str = "RECIPE") -> Recipe:
    """A recipe of the student's as numbers within the limits; anything else is a mismatch that says why."""
    recipe = getattr(student.recipe, name)
    expect.that(
        not is_plain(recipe),
        expected=f"{name} = Recipe(...)",
        got=f"not written yet: {name} in recipe.py" if recipe is None else f"{type(recipe).__name__}: {recipe!r}"[:200],
        hint="" if recipe is None else "Which class does recipe.py import?",
        cause=Cause.NOT_WRITTEN if recipe is None else Cause.WRONG,
        about=name if recipe is None else "",
    )
    numbers = (recipe.learning_rate, recipe.batch_size, recipe.weight_decay, recipe.hidden, recipe.num_blocks)
    try:
        return Recipe(*numbers)
    except (ValueError, OverflowError) as error:
        expect.that(
            False,
            expected="a recipe within the limits",
            got=str(error)[:300],
            hint="The docstring of Recipe in training.py has the limits.",
        )
        raise


def train_and_predict(
    student: Any, recipe: Recipe, images: Tensor, labels: Tensor, new_images: Tensor, images_seen: int, seed: int
) -> Any:
    """Build the student's network, train it with the given loop, and return its logits for new images."""
    net = student.classifier.CNNClassifier2d(hidden=recipe.hidden, num_blocks=recipe.num_blocks)
    student.training.fit(net, images, labels, student.training.Recipe(**asdict(recipe)), images_seen, seed)
    return student.training.predict(net, new_images)


def way(right: float, threshold: float, chance_like: float) -> float:
    """How much of the way from `chance_like` (0) to the threshold (1) an accuracy has come."""
    return (right - chance_like) / (threshold - chance_like)


def score(expect: Expect, right: float, chance_like: float, threshold: float, hint: str) -> None:
    """Points grow linearly from `chance_like` (0) to `threshold` (1)."""
    expect.score(
        way(right, threshold, chance_like),
        expected=f"at least {threshold:.1%} {words('digits')} (points grow from {chance_like:.0%} on)",
        got=f"{right:.1%} {words('digits')}",
        hint="" if right >= threshold else hint,
        measured={"digits": right},
        due={"digits": threshold},
    )


def words(name: str) -> str:
    """What an accuracy of this name is a share of, in words behind the number."""
    return "right"


HINT = "Does the loss fall at all, does it jump, or is it still falling at the end? What does each of these call for?"


@check("accuracy.recipe", points=0, idea="The recipe is within the limits, and its budget is enough for some steps")
def recipe_is_within_the_limits(student: Any, solution: Any, expect: Expect) -> None:
    """Says before the training how many images this network may see."""
    recipe = read_recipe(student, expect)
    budget = load_assignment("digits").training["accuracy"].examples_seen
    net = student.classifier.CNNClassifier2d(hidden=recipe.hidden, num_blocks=recipe.num_blocks)
    images = student.training.image_budget(net, budget)
    expect.that(
        isinstance(images, int) and images >= recipe.batch_size,
        expected=f"a budget of at least one batch of {recipe.batch_size} images",
        got=f"{images} images",
        hint="A costlier network sees fewer images: what makes yours costly?",
    )
    expect.score(
        1.0,
        expected=f"a network as cheap as the reference sees {budget} images",
        got=f"yours sees {images}: {images // recipe.batch_size} steps of {recipe.batch_size}",
    )


@check(
    "accuracy.validation",
    points=0,
    idea="The classifier learns to read digits within the budget",
    needs=["accuracy.recipe"],
    trains=True,
)
def accuracy_on_validation_data(student: Any, solution: Any, expect: Expect) -> None:
    """The grader's budget and threshold, on the validation data that everybody has."""
    recipe = read_recipe(student, expect)
    rules = load_assignment("digits").training["accuracy"]
    digits = load_digits(train=rules.train_examples, validation=rules.test_examples, test=1)
    validation = digits.validation
    logits = train_and_predict(
        student, recipe, digits.train.images, digits.train.labels, validation.images, rules.examples_seen, seed=0
    )
    expect.shape(
        logits,
        (len(validation), 10),
        case="logits of the validation images",
        hint="One row for each image, one column for each class.",
    )
    right = accuracy(logits, validation.labels)
    score(expect, right, rules.chance_like, rules.threshold[digits.source]["digits"], HINT)
