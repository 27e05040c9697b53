"""Where a channel is largest, and which pixels an output sees: what the checks of task 3 compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from exercises.checking import Expect, awkward, draw
from exercises.checking.words import describe

from .places import DOUBLE, SINGLE

FORM = "Is it one row for each place, (image, row, column), of whole numbers? What is the dtype of an index?"
LARGEST = "Of which channel is it the largest, and how do row and column follow from a place in the flattened image?"
ONCE = "Each image takes part with one place: what is compared with what before the k best are picked?"
BEST = "In which order do the images come, the largest activation first, and are they compared by values or by places?"
NUMBERS = "(top, left, bottom, right): a tuple of four whole numbers (int). Which division gives an int?"
LAST = "Which pixels does a layer's kernel reach, from its first tap to its last? Bottom and right are one further."
KEPT = "Which line writes into the activations (x[…] = …, +=, sub_)? Somebody else may still need them."
AGAIN = (
    "With the same list of layers another output's box was right: is the list as it was (reverse, pop), "
    "and how far does a step of one output move the box?"
)
BACK = "From the output to the image: which layer comes first? What does its stride do to a place, and its padding?"

Box = tuple[int, int, int, int]
Numbers = tuple[int, int, int, int]  # of a layer: kernel size, stride, padding, dilation
SIDES = ("top", "left", "bottom", "right")


@dataclass(frozen=True)
class Maps:
    """Activations (n, channels, height, width), and which of their places are asked for."""

    activations: Tensor
    channel: int
    k: int
    words: str = ""
    view: str = ""

    def __str__(self) -> str:
        view = f", {self.view}" if self.view else ""
        words = f"{self.words} activations" if self.words else "activations"
        return f"best_patches({words} {tuple(self.activations.shape)}{view}, channel={self.channel}, k={self.k})"


def maps(largest: int) -> list[Maps]:
    """Drawn activations: of one image, all of them negative, with ties, in another order in memory.

    Args:
        largest: of the sides, at most.
    """
    random, found = draw("maps"), []
    for seed, words in enumerate(("", "negative", "rounded", "", "")):
        images, channels = random.sample(range(3, 7), 2)
        height, width = random.sample(range(3, largest), 2)
        values = awkward(images, channels, height, width, seed=seed, dtype=SINGLE)
        if words == "negative":
            values = -values.abs() - 0.5
        if words == "rounded":
            values = values.round()
        if seed == 3:
            values = values[:1]
        k = (random.randint(2, images - 1), images, images, 1, random.randint(2, images))[seed]
        view = "transposed back" if seed == 4 else ""
        found.append(Maps(values, random.randrange(1, channels), k, words, view))
    return found


def compare_patches(student: Any, expect: Expect, drawn: Sequence[Maps]) -> None:
    """Require the places of the largest activations."""
    for case in drawn:
        with expect.case(str(case), hint=LARGEST):
            function, given = student.looking.best_patches, case.activations.clone()
            if case.view:
                got = student.witness.of_view(function, case.view, given, case.channel, case.k)
            else:
                got = function(given, case.channel, case.k)
            require_best(expect, got, case)


def rows_of(expect: Expect, got: Any, k: int) -> list[list[int]]:
    """The rows of an answer, a tensor or a list."""
    if isinstance(got, list | tuple):
        rows = [one.tolist() if isinstance(one, Tensor) else one for one in got]
        rows = [[_number(number) for number in one] if isinstance(one, list | tuple) else one for one in rows]
        expect.that(
            len(rows) == k and all(isinstance(one, list) and [type(i) for i in one] == [int] * 3 for one in rows),
            expected=f"{k} rows of three whole numbers",
            got=describe(got),
            hint=FORM,
        )
        return rows
    expect.shape(got, (k, 3), hint=FORM)
    dtype = expect.tensor(got).dtype
    expect.that(dtype is torch.int64, expected="int64", got=f"{dtype}".removeprefix("torch."), hint=FORM)
    found: list[list[int]] = got.tolist()
    return found


def _number(value: Any) -> Any:
    return value.item() if isinstance(value, Tensor) and value.numel() == 1 else value


def require_best(expect: Expect, got: Any, case: Maps) -> None:
    """Require the k best places, the first one that is wrong in words; of equal activations any is right."""
    values = case.activations[:, case.channel].double()
    size = tuple(values.shape)
    largest = values.flatten(1).amax(dim=1)
    ranked = largest.sort(descending=True).values.tolist()
    seen: dict[int, int] = {}
    for number, (image, row, column) in enumerate(rows_of(expect, got, case.k)):
        place = f"row {number} is ({image}, {row}, {column})"
        inside = all(0 <= index < axis for index, axis in zip((image, row, column), size, strict=True))
        expect.that(inside, expected=f"places within {size}, (image, row, column)", got=place, hint=LARGEST)
        expect.that(
            image not in seen, expected="each image at most once", got=f"{place}, as row {seen.get(image)}", hint=ONCE
        )
        seen[image] = number
        here, best = float(values[image, row, column]), float(largest[image])
        at = [int(one) for one in (values[image] == best).nonzero()[0]]
        told = f", {best:.4g} at ({at[0]}, {at[1]})" if expect.reveal else ""
        expect.that(
            here == best,
            expected=f"the largest activation of image {image}{told}",
            got=f"{place}, and the channel is {here:.4g} there",
            hint=LARGEST,
        )
        told = f", {ranked[number]:.4g}" if expect.reveal else ""
        expect.that(
            best == ranked[number],
            expected=f"in row {number} number {number + 1} of the images' largest activations{told}",
            got=f"{place}, and the channel is {here:.4g} there",
            hint=BEST,
        )


@dataclass(frozen=True)
class Stack:
    """Layers, and outputs whose boxes are asked for."""

    layers: tuple[Numbers, ...]
    places: tuple[tuple[int, int], ...]

    def words(self, place: tuple[int, int]) -> str:
        names = ("", "stride=", "padding=", "dilation=")
        layers = ["Layer(" + ", ".join(f"{n}{v}" for n, v in zip(names, one, strict=True)) + ")" for one in self.layers]
        return f"input_box({place[0]}, {place[1]}, [{', '.join(layers)}])"


def stacks(most: int) -> list[Stack]:
    """Drawn stacks: of no layer, of one, of several; strides, paddings and dilations of their own; boxes beyond 0.

    Args:
        most: layers of a stack.
    """
    random, found = draw("stacks"), []
    for count in (0, 1, 1, *range(2, most + 1)):
        near, far = (0, random.randint(1, 3)), random.sample(range(3, 20), 2)
        layers = _layers(random, count)
        while count > 1 and box_of(near, layers) == box_of(near, layers[::-1]):
            layers = _layers(random, count)
        found.append(Stack(tuple(layers), (near, (far[0], far[1]))))
    return found


def _layers(random: Random, count: int) -> list[Numbers]:
    """Drawn layers; the padding of the last one is not half of its kernel, and nothing of it is 1."""
    found = [
        (random.randint(1, 5), random.randint(1, 3), random.randint(0, 3), random.randint(1, 3)) for _ in range(count)
    ]
    for _ in found[:1]:
        kernel, dilation = random.randint(2, 5), random.randint(2, 3)
        padding = random.choice([number for number in (2, 3, 4, 5) if number != dilation * (kernel - 1) // 2])
        found[-1] = (kernel, random.randint(2, 3), padding, dilation)
    return found


def seen_of(number: int, layers: Sequence[Numbers]) -> tuple[int, int]:
    """The first and the last pixel along one axis that an output can see, by the gradient of a large network.

    All its taps are 1. The gradient is taken in the middle, far from all zeros at the ends; from one output to the next
    the pixels move by the product of the strides.
    """
    x = torch.ones(1, 1, 3000, dtype=DOUBLE, requires_grad=True)
    out, jump = x, 1
    for kernel, stride, padding, dilation in layers:
        taps = torch.ones(1, 1, kernel, dtype=DOUBLE)
        out = F.conv1d(out, taps, stride=stride, padding=padding, dilation=dilation)
        jump *= stride
    middle = out.shape[2] // 2
    (slopes,) = torch.autograd.grad(out[0, 0, middle], x)
    reached = slopes[0, 0].nonzero().flatten().tolist()
    move = (number - middle) * jump
    return reached[0] + move, reached[-1] + move


def box_of(place: tuple[int, int], layers: Sequence[Numbers]) -> Box:
    """The box that is due."""
    (top, bottom), (left, right) = (seen_of(number, layers) for number in place)
    return (top, left, 1 + bottom, 1 + right)


def compare_boxes(student: Any, expect: Expect, drawn: Sequence[Stack], due: Sequence[Box] = ()) -> None:
    """Require the boxes of these stacks' outputs.

    Args:
        due: of all of them, one after the other; without, the gradient says it.
    """
    asked = [(one, place) for one in drawn for place in one.places]
    boxes = due or [box_of(place, one.layers) for one, place in asked]
    got: list[Any] = []
    for one in drawn:
        with expect.case(one.words(one.places[0]), hint=BACK):
            got += student.witness.boxes(student.looking.input_box, list(one.places), list(one.layers))
    for (one, place), box, found in zip(asked, boxes, got, strict=True):
        with expect.case(one.words(place)):
            require_box(expect, found, box, BACK if place == one.places[0] else AGAIN)


def require_box(expect: Expect, got: Any, due: Box, hint: str) -> None:
    """Require a box; the first side that differs in words."""
    numbers = [_number(one) for one in got] if isinstance(got, tuple | list) else []
    expect.that(
        [type(one) for one in numbers] == [int] * 4,
        expected=f"four whole numbers, ({', '.join(SIDES)})",
        got=describe(got),
        hint=NUMBERS,
    )
    for side, number, right in zip(SIDES, numbers, due, strict=True):
        whole = f"{due}, {side} {right}" if expect.reveal else f"another number as {side}"
        ends = side in ("bottom", "right") and numbers[:2] == list(due[:2])
        expect.that(
            number == right,
            expected=whole,
            got=f"({', '.join(map(str, numbers))}), {side} {number}",
            hint=LAST if ends else hint,
        )


def by_hand() -> tuple[list[Stack], list[Box]]:
    """Few layers whose boxes can be counted on paper."""
    found = [
        (Stack((), ((2, 5),)), (2, 5, 3, 6)),
        (Stack(((3, 1, 1, 1),), ((4, 0),)), (3, -1, 6, 2)),
        (Stack(((2, 2, 0, 1),), ((3, 1),)), (6, 2, 8, 4)),
        (Stack(((3, 1, 1, 1), (2, 2, 0, 1)), ((2, 0),)), (3, -1, 7, 3)),
    ]
    return [one for one, _ in found], [box for _, box in found]


def few_numbers() -> list[Maps]:
    """Three images of 2x3 whole numbers in two channels, the two largest of each in the second image."""
    random = draw("few")
    digits = random.sample(range(1, 17), 16)
    for best in (18, 17):  # in one image
        digits.insert(random.randint(6, 10), best)
    asked = torch.tensor(digits, dtype=SINGLE).view(3, 2, 3)
    both = torch.stack([asked.flip(0, 1, 2), asked + 20], dim=1)
    return [Maps(both, channel, 2) for channel in (0, 1)]


def require_kept(student: Any, expect: Expect, activations: Tensor) -> None:
    """Require that `best_patches` leaves the activations as they are."""
    with expect.case("best_patches", hint=KEPT):
        changes = student.witness.changed(student.looking.best_patches, activations, 1, 2)
        expect.that(not changes, expected="activations as before", got=f"changed: {', '.join(changes[:3])}")
