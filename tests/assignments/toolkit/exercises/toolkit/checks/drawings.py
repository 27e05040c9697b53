"""Public checks of task 4."""

from __future__ import annotations

import torch

from exercises.checking import Expect, Reference, Student, check, draw
from exercises.learning import Recipe, read_recipe
from exercises.toolkit.practice import FEATURES, given_weights


@check("drawings.features", points=0.5, idea="One bright pixel gives the positive part of its row of the weights")
def one_pixel(student: Student, solution: Reference | None, expect: Expect) -> None:
    numbers = draw("pixel")
    row, column = numbers.randint(0, 27), numbers.randint(0, 27)
    images = torch.zeros(1, 1, 28, 28)
    images[0, 0, row, column] = 1
    found = student.drawing.features(images)
    expect.shape(found, (1, FEATURES + 1))
    weights = given_weights()[row * 28 + column].relu()
    expect.close(
        found[0],
        torch.cat([weights, torch.full((1,), 1 / 784)]),
        atol=1e-5,  # one product in float32
        what="the positive part of the pixel's weights, and the mean",
        hint="In which order does flatten read the pixels? What does the positive part keep?",
    )


@check("drawings.recipe", points=0, idea="The recipe is within the limits")
def recipe(student: Student, solution: Reference | None, expect: Expect) -> None:
    read_recipe(student.drawing, expect, "SKETCHING", Recipe)
