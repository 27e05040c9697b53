"""What comes of usual slips in counting samples, so that a wrong number can be told by what gives it too."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

Settings = tuple[dict[str, int], ...]  # the arguments of layers, those left out being torch's defaults
Layer = tuple[int, int, int, int]  # kernel_size, stride, padding, dilation


def about_size(got: Any, size: int, settings: Settings, due: int, usual: str) -> str:
    """What to ask about the number of samples that these layers leave of `size`, where another one is due."""

    def left(one: Callable[[int, Layer], int]) -> int:
        found = size
        for layer in _layers(settings):
            found = one(found, layer)
        return found

    def travel(n: int, layer: Layer) -> int:
        kernel, _, padding, dilation = layer
        return n + 2 * padding - dilation * (kernel - 1) - 1

    ways = {
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
    return _of_those(ways, got, due, usual)


def about_field(got: Any, settings: Settings, due: int, usual: str) -> str:
    """What to ask about the receptive field of these layers, where another one is due."""
    layers = _layers(settings)
    strides = [stride for _, stride, _, _ in layers]

    def field(apart: Callable[[int], int], reach: Callable[[Layer], int] = lambda one: one[3] * (one[0] - 1)) -> int:
        return 1 + sum(reach(layer) * apart(place) for place, layer in enumerate(layers))

    back = 1
    for kernel, stride, _, dilation in reversed(layers):
        back = back * stride + dilation * (kernel - 1)
    ways = {
        "padding that is added: does it let an output see more, or does it lay zeros beside the input's ends?": (
            due + 2 * sum(padding for _, _, padding, _ in layers)
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
    return _of_those(ways, got, due, usual)


def _layers(settings: Settings) -> list[Layer]:
    return [
        (one["kernel_size"], one.get("stride", 1), one.get("padding", 0), one.get("dilation", 1)) for one in settings
    ]


def _of_those(ways: Mapping[str, int], got: Any, due: int, usual: str) -> str:
    """What all the ways ask that give this number: one number may have several reasons."""
    found = [words for words, number in ways.items() if isinstance(got, int) and number == got != due]
    return f"{got} is what comes of {' Or of '.join(found)}" if found else usual
