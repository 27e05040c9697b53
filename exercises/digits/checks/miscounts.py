"""What comes of usual slips in counting samples, so that a wrong number can be told by what gives it too."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from exercises.checking import StudentError

Settings = tuple[dict[str, int], ...]  # the arguments of layers, those left out being torch's defaults
Layer = tuple[int, int, int, int]  # kernel_size, stride, padding, dilation
TELLING: Settings = (  # on which all slips below give different numbers
    {"kernel_size": 4, "stride": 3, "padding": 2, "dilation": 2},
    {"kernel_size": 3, "stride": 2, "padding": 1},
    {"kernel_size": 2, "stride": 5},
    {"kernel_size": 5, "dilation": 3},
)
TELLING_SIZES: tuple[tuple[int, Settings], ...] = (  # the same, taken together
    (25, ({"kernel_size": 5, "stride": 4, "padding": 1, "dilation": 2},)),
    (19, ({"kernel_size": 5, "stride": 4, "padding": 3, "dilation": 2},)),
    (29, ({"kernel_size": 5, "stride": 3, "padding": 3, "dilation": 2},)),
)


def about_size(ask: Callable[[int, Settings], Any], usual: str) -> str:
    """What to ask about wrong numbers of samples, which `ask` tells of a size and layers."""
    ways = [sizes_of_slips(*one) for one in TELLING_SIZES]
    with suppress(StudentError):
        answers = [ask(*one) for one in TELLING_SIZES]
        return _of_those(answers, ways, usual)
    return usual


def sizes_of_slips(size: int, settings: Settings) -> dict[str, int]:
    """The number of samples that these layers leave of `size`, by what is asked where a slip gives it; "" is right."""

    def left(one: Callable[[int, Layer], int]) -> int:
        found = size
        for layer in _layers(settings):
            found = one(found, layer)
        return found

    def travel(n: int, layer: Layer) -> int:
        kernel, _, padding, dilation = layer
        return n + 2 * padding - dilation * (kernel - 1) - 1

    return {
        "": left(lambda n, layer: travel(n, layer) // layer[1] + 1),
        "padding at one end: how many ends has a line of samples?": left(
            lambda n, layer: (travel(n, layer) - layer[2]) // layer[1] + 1
        ),
        "no + 1 at all: how many places has a kernel as long as its input?": left(
            lambda n, layer: travel(n, layer) // layer[1]
        ),
        "a + 1 inside the division: which places are there before the first step?": left(
            lambda n, layer: (travel(n, layer) + 1) // layer[1]
        ),
        "a span of dilation * kernel_size: draw the taps, and the gaps.": left(
            lambda n, layer: (n + 2 * layer[2] - layer[3] * layer[0]) // layer[1] + 1
        ),
        "the stride in the place of the dilation: what lies between two taps?": left(
            lambda n, layer: (n + 2 * layer[2] - layer[1] * (layer[0] - 1) - 1) // layer[1] + 1
        ),
        "rounding up: what becomes of a part of a step?": left(
            lambda n, layer: math.ceil(travel(n, layer) / layer[1]) + 1
        ),
        "rounding to the nearest number: what becomes of a part of a step?": left(
            lambda n, layer: round(travel(n, layer) / layer[1]) + 1
        ),
    }


def about_field(ask: Callable[[Settings], Any], usual: str) -> str:
    """What to ask about wrong receptive fields, which `ask` tells of layers."""
    with suppress(StudentError):
        return _of_those([ask(TELLING)], [fields_of_slips(TELLING)], usual)
    return usual


def fields_of_slips(settings: Settings) -> dict[str, int]:
    """The receptive field of these layers, by what is asked where a slip gives it; "" is right."""
    layers = _layers(settings)
    strides = [stride for _, stride, _, _ in layers]

    def field(apart: Callable[[int], int], reach: Callable[[Layer], int] = lambda one: one[3] * (one[0] - 1)) -> int:
        return 1 + sum(reach(layer) * apart(place) for place, layer in enumerate(layers))

    back = 1
    for kernel, stride, _, dilation in reversed(layers):
        back = back * stride + dilation * (kernel - 1)
    right = field(lambda place: math.prod(strides[:place]))
    return {
        "": right,
        "padding that is added: does it let an output see more, or does it lay zeros beside the input's ends?": (
            right + 2 * sum(padding for _, _, padding, _ in layers)
        ),
        "strides added up: how far apart are two neighbours after two layers of stride 1?": field(
            lambda place: 1 + sum(strides[:place])
        ),
        "a dilation that moves neighbours apart, as a stride does: what does it move apart?": field(
            lambda place: math.prod(stride * dilation for _, stride, _, dilation in layers[:place])
        ),
        "layers that are gone through from the end: which strides lie before this one?": field(
            lambda place: math.prod(strides[place + 1 :])
        ),
        "a layer's own stride that counts for its own kernel: which layers does it move apart?": field(
            lambda place: math.prod(strides[: place + 1])
        ),
        "a layer's own stride, for as many layers as lie before it: whose strides are these?": field(
            lambda place: strides[place] ** place
        ),
        "a whole field that is multiplied on the way back: how many gaps are there between 3 samples?": back,
        "kernel_size // 2 taps to each side: how many gaps has a kernel of 2?": field(
            lambda place: math.prod(strides[:place]), lambda one: one[3] * 2 * (one[0] // 2)
        ),
    }


def _layers(settings: Settings) -> list[Layer]:
    return [
        (one["kernel_size"], one.get("stride", 1), one.get("padding", 0), one.get("dilation", 1)) for one in settings
    ]


def _of_those(answers: Sequence[Any], ways: Sequence[Mapping[str, int]], usual: str) -> str:
    """What the slip asks that gives all these answers."""
    for words in ways[0]:
        if words and all(isinstance(one, int) and one == way[words] for one, way in zip(answers, ways, strict=True)):
            return f"This is what comes of {words}"
    return usual
