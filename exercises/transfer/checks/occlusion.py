"""What is lost when a part of an image is covered: what the checks of task 3 compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log
from typing import Any

import torch
from torch import Tensor, nn

from exercises.checking import Expect, awkward, draw, load_weights
from exercises.transfer import witness

from .places import SINGLE, require_values

MAP = ("row", "column")  # of the map
TOLERANCE = 1e-5  # a probability in float32, of one image or of several at once
PLAIN = 0.02  # the largest entry of a map that is drawn, at least
SQUARES = "How many squares fit along each axis, and where does the first one lie, and the next one?"
LOST = (
    "Which probability less which: where is the map positive? Softmax over which axis, of which label, "
    "and with which value is the square covered, in which channels?"
)
AS_IT_IS = "What is set in the model, and what of it is as before afterwards? Which line writes into the image?"
NO_GRADIENTS = "Which context says that no gradients are needed, so that nothing is kept for them?"

Described = list[tuple[str, dict[str, Any]]]


@dataclass(frozen=True)
class Covering:
    """An image, a classifier with random weights, and how the image is covered.

    Args:
        image: (channels, height, width).
        fill:  None where nothing is said of it.
        best:  whether the label is the one that the model finds most probable; else it is the second one.
    """

    image: tuple[int, int, int]
    classes: int
    size: int
    stride: int
    fill: float | None
    best: bool
    seed: int

    def __str__(self) -> str:
        fill = "" if self.fill is None else f", fill={self.fill}"
        numbers = f"label={self.label}, size={self.size}, stride={self.stride}{fill}"
        return f"occlusion_map(model, image {self.image}, {numbers})"

    @property
    def described(self) -> Described:
        """A network that sees every pixel with another weight, and whose norm tells evaluation from training."""
        channels, height, width = self.image
        return [
            ("Flatten", {}),
            ("Linear", {"in_features": channels * height * width, "out_features": 6}),
            ("BatchNorm1d", {"num_features": 6}),
            ("Tanh", {}),
            ("Linear", {"in_features": 6, "out_features": self.classes}),
        ]

    @property
    def weights(self) -> dict[str, Tensor]:
        channels, height, width = self.image
        pixels = channels * height * width
        return {
            "1.weight": 1.5 * awkward(6, pixels, seed=self.seed, dtype=SINGLE) / pixels**0.5,
            "1.bias": torch.zeros(6),
            "2.running_mean": awkward(6, seed=self.seed + 1, dtype=SINGLE),
            "4.weight": awkward(self.classes, 6, seed=self.seed + 2, dtype=SINGLE),
            "4.bias": torch.zeros(self.classes),
        }

    @property
    def pixels(self) -> Tensor:
        return awkward(*self.image, seed=self.seed + 3, dtype=SINGLE)

    @property
    def model(self) -> nn.Module:
        """The classifier on this side."""
        made = witness.stack(self.described)
        load_weights(made, self.weights)
        return made

    @property
    def label(self) -> int:
        with torch.no_grad():
            ranked = self.model(self.pixels[None])[0].argsort(descending=True)
        return int(ranked[0 if self.best else 1])

    @property
    def arguments(self) -> list[Any]:
        """What stands behind the model, the image first."""
        fill = [] if self.fill is None else [self.fill]
        return [self.pixels, self.label, self.size, self.stride, *fill]

    @property
    def due(self) -> Tensor:
        """The map, by a mask for each square."""
        _, height, width = self.image
        inside = [
            [(torch.arange(length) >= begin) & (torch.arange(length) < begin + self.size) for begin in begins]
            for length in (height, width)
            for begins in [range(0, length - self.size + 1, self.stride)]
        ]
        masks = torch.stack([torch.stack([down[:, None] & across for across in inside[1]]) for down in inside[0]])
        images = torch.where(masks[:, :, None], self.fill or 0.0, self.pixels)
        with torch.no_grad():
            covered = self.model(images.flatten(0, 1)).softmax(1)[:, self.label]
            plain = self.model(self.pixels[None]).softmax(1)[0, self.label]
        return (plain - covered).view(masks.shape[:2])


def coverings(most: int) -> list[Covering]:
    """Drawn images: no squares, of several channels and of one, covered by 0 and by others; strides that do not fit.

    Args:
        most: pixels along an axis, at most.
    """
    random, found = draw("coverings"), []
    for seed in range(5):
        height, width = random.sample(range(6, most + 1), 2)
        channels = (1, 3, 2, 2, 3)[seed]
        size = (random.randint(2, 3), 1, random.randint(2, 4), min(height, width), random.randint(3, 4))[seed]
        stride = (1, 4, 3, 2, random.randint(4, 5))[seed]
        if seed == 3:
            height = width = size
        fill = (None, round(random.uniform(0.5, 2), 1), round(random.uniform(-2, -0.5), 1), None, 1.0)[seed]
        image, classes = (channels, height, width), random.randint(3, 5)
        case = Covering(image, classes, size, stride, fill, seed % 2 == 0, 100 * seed)
        while float(case.due.abs().max()) < PLAIN:
            case = replace(case, seed=case.seed + 1)
        found.append(case)
    return found


def made(student: Any, case: Covering) -> Any:
    """The classifier where the student's code runs."""
    model = student.witness.stack(case.described)
    load_weights(model, case.weights)
    return model


def compare_maps(student: Any, expect: Expect, drawn: Sequence[Covering]) -> None:
    """Require the maps of these images."""
    for case in drawn:
        with expect.case(str(case), hint=LOST):
            got = student.looking.occlusion_map(made(student, case), *case.arguments)
            expect.shape(got, case.due.shape, hint=SQUARES)
            require_values(expect, got, case.due, TOLERANCE, MAP)


def compare_one_pixel(student: Any, expect: Expect) -> None:
    """An image of ones, of which one pixel alone matters: it makes 1/2 to 3/4."""
    random = draw("pixel")
    height, width, size = 3, 4, 2
    row, column = random.randint(0, 1), random.randint(1, 3)
    weight = torch.zeros(2, height, width)
    weight[0, row, column] = log(3)
    due = torch.zeros(height - size + 1, width - size + 1)
    for top in range(due.shape[0]):
        for left in range(due.shape[1]):
            due[top, left] = 0.25 if top <= row < top + size and left <= column < left + size else 0.0
    for label, sign in ((0, 1.0), (1, -1.0)):
        words = (
            f"logits (ln 3 * the pixel in row {row}, column {column}; 0), an image of ones, label={label}, "
            f"size={size}, stride=1"
        )
        with expect.case(words, hint=LOST):
            model = student.witness.stack(
                [("Flatten", {}), ("Linear", {"in_features": height * width, "out_features": 2})]
            )
            load_weights(model, {"1.weight": weight.flatten(1), "1.bias": torch.zeros(2)})
            got = student.looking.occlusion_map(model, torch.ones(1, height, width), label, size, 1)
            expect.shape(got, due.shape, hint=SQUARES)
            require_values(expect, got, sign * due, TOLERANCE, MAP)


def require_kept(student: Any, expect: Expect, case: Covering) -> None:
    """Require that neither the model nor the image is changed, and that nothing is kept for gradients."""
    function, model = student.looking.occlusion_map, made(student, case)
    with expect.case(str(case), hint=AS_IT_IS):
        changes = student.witness.changed(function, model, *case.arguments)
        expect.that(
            not changes,
            expected="model and image as they were before",
            got=f"changed: {', '.join(map(str, changes[:3]))}",
        )
    with expect.case(str(case), hint=NO_GRADIENTS):
        hangs = student.witness.hangs_on_parameters(function, model, *case.arguments)
        expect.that(hangs is False, expected="a map of numbers alone", got="one that hangs on the model's parameters")
