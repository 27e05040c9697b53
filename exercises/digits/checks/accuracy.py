"""Public checks of task 5: the recipe, and the accuracy on validation data within the grader's budget."""

from __future__ import annotations

import torch
from torch import Tensor

from exercises.assignment import Training, load_assignment
from exercises.checking import Expect, Reference, Student, check
from exercises.digits.training import IMAGE, SEED, Recipe, practice
from exercises.learning import accuracy, far_off, one_thread, read_recipe, require_numbers, score
from exercises.recording.lesson import Built, Lesson
from exercises.recording.taught import taught

from . import hints

SAMPLE = 40  # images with which the network is written down

HINT = "Does the loss fall at all, does it jump, or is it still falling at the end? What does each of these call for?"


def words(name: str) -> str:
    """What an accuracy of this name is a share of, in words behind the number."""
    return "right"


TOO_SMALL = "How large is the image after `input`, and after each block? Each halves it, and something has to be left."


@check(
    "accuracy.recipe",
    points=0,
    hints=hints.RECIPE,
    idea="The recipe is within the limits, and its budget is enough for some steps",
)
def recipe_is_within_the_limits(student: Student, solution: Reference | None, expect: Expect) -> None:
    """Says before the training how many images this network may see."""
    recipe = read_recipe(student.recipe, expect, "RECIPE", Recipe)
    budget = load_assignment("digits").training["accuracy"].examples_seen
    name = f"CNNClassifier2d(hidden={recipe.hidden}, num_blocks={recipe.num_blocks})"
    with expect.case(f"{name} of 28 x 28 pixels", hint=TOO_SMALL):
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
        expected=f"{budget} images, or fewer where a network costs more than the course's own",
        got=f"yours sees {images}: {images // recipe.batch_size} steps of {recipe.batch_size}",
    )


@check(
    "accuracy.validation",
    points=1,
    hints=hints.RECIPE,
    idea="The classifier learns to read digits within the budget; it is graded on digits that nobody has seen",
    needs=["accuracy.recipe"],
    trains=True,
)
def accuracy_on_validation_data(student: Student, solution: Reference | None, expect: Expect) -> None:
    """The grader's budget and threshold, on the validation data that everybody has: as step 20 of the notebook."""
    recipe = read_recipe(student.recipe, expect, "RECIPE", Recipe)
    rules = load_assignment("digits").training["accuracy"]
    digits = practice()
    lesson = lesson_of(recipe, digits.train.images, digits.train.labels, digits.train.images[:SAMPLE], rules, SEED)
    with one_thread():
        learned, doubt = taught(student, built_with(recipe), lesson, [digits.validation.images])
    (logits,) = learned.logits
    expect.shape(
        logits,
        (len(digits.validation), 10),
        case="logits of the validation images",
        hint="One row for each image, one column for each class.",
    )
    require_numbers(expect, learned.logits, learned.first_nan)
    hint = far_off(recipe, learned.steps) + HINT
    found = {"digits": accuracy(logits, digits.validation.labels)}
    score(expect, found, rules.threshold[digits.source], rules.chance_like, words, hint, learned.steps, doubt)


def built_with(recipe: Recipe) -> Built:
    """The classifier that a recipe asks for."""
    return Built(
        lambda who: who.classifier.CNNClassifier2d,
        kwargs={"hidden": recipe.hidden, "num_blocks": recipe.num_blocks},
        first=((2, *IMAGE),),
    )


def lesson_of(recipe: Recipe, images: Tensor, labels: Tensor, sample: Tensor, rules: Training, seed: int) -> Lesson:
    """Training on these images, within the budget.

    Args:
        sample: a few other images, which the student's code may see.
        seed:   of the first weights and of the order of the images.
    """
    return Lesson(
        "accuracy",
        images,
        labels,
        recipe,
        # A costlier network sees fewer images; a cheaper one no more.
        budget=lambda who, net: min(rules.examples_seen, who.training.image_budget(net, rules.examples_seen)),
        counted=torch.zeros(2, *IMAGE),
        sample=sample,
        seed=seed,
        chance_like=rules.chance_like,
    )
