"""Activations led back to the image: what the checks of task 3's extra credit compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from exercises.checking import Expect, awkward, draw, load_weights
from exercises.checking.alone import judge_or_alone

from .places import DOUBLE, IMAGES, SINGLE, require_values

SIZE = "How large was what went into the layer? What becomes of its padding, and of pixels that no kernel reaches?"
TRANSPOSE = (
    "Which outputs does this pixel take part in, and with which weight in each? What becomes of negative activations, "
    "and of the bias?"
)
KEPT = "Which line changes the layer or the features (weight.data, bias = None, relu_)?"
BACKWARDS = (
    "Which activation is left, and through which layers does it go, from the last to the first? What does each of them "
    "do to it, and whose switches are used?"
)
TOLERANCE = 1e-5  # of the largest value that is due: sums of some hundred products in float32

Described = list[tuple[str, dict[str, Any]]]


@dataclass(frozen=True)
class Convolution:
    """A convolution with random weights, and the size of its input.

    Args:
        named: arguments of nn.Conv2d.
        left:  pixels at the end, down and across, that no kernel reaches; fewer than the stride.
        rows, columns: of the features.
    """

    named: dict[str, Any]
    batch: int
    rows: int
    columns: int
    left: tuple[int, int]
    seed: int

    def __str__(self) -> str:
        more = ", ".join(f"{name}={value}" for name, value in self.named.items() if name[-8:] != "channels")
        channels = f"{self.named['in_channels']}, {self.named['out_channels']}"
        return f"project_back(y {self.shape}, Conv2d({channels}, {more}), size={self.size})"

    def _pair(self, name: str, usual: int) -> tuple[int, int]:
        found = self.named.get(name, usual)
        return (found, found) if isinstance(found, int) else found

    @property
    def shape(self) -> tuple[int, int, int, int]:
        return self.batch, self.named["out_channels"], self.rows, self.columns

    @property
    def size(self) -> tuple[int, int]:
        found = []
        for axis, count in enumerate((self.rows, self.columns)):
            span = self._pair("dilation", 1)[axis] * (self._pair("kernel_size", 1)[axis] - 1) + 1
            steps = self._pair("stride", 1)[axis] * (count - 1)
            found.append(span + steps + self.left[axis] - 2 * self._pair("padding", 0)[axis])
        return found[0], found[1]

    @property
    def weights(self) -> dict[str, Tensor]:
        kernel = self._pair("kernel_size", 1)
        ins = self.named["in_channels"] // self.named.get("groups", 1)
        found = {"weight": awkward(self.named["out_channels"], ins, *kernel, seed=self.seed, dtype=SINGLE)}
        if self.named.get("bias", True):
            found["bias"] = awkward(self.named["out_channels"], seed=self.seed + 1, dtype=SINGLE)
        return found

    @property
    def features(self) -> Tensor:
        return awkward(*self.shape, seed=self.seed + 2, dtype=SINGLE)

    @property
    def due(self) -> Tensor:
        """What the identity says, x being 1 in one pixel and 0 elsewhere, for each pixel in turn."""
        channels, (height, width) = self.named["in_channels"], self.size
        pixels = torch.eye(channels * height * width, dtype=DOUBLE).view(-1, channels, height, width)
        names = ("stride", "padding", "dilation", "groups")
        named = {name: self.named[name] for name in names if name in self.named}
        answers = F.conv2d(pixels, self.weights["weight"].double(), **named)
        products = torch.einsum("pokl,bokl->bp", answers, self.features.double().clamp(min=0))
        return products.view(self.batch, channels, height, width)


def convolutions() -> list[Convolution]:
    """Drawn convolutions: strides that leave pixels at the end, gaps, paddings, groups, kernels that are no squares."""
    random, found = draw("convolutions"), []
    for seed in range(6):
        ins, outs = random.sample(range(2, 5), 2)
        named: dict[str, Any] = (
            {"kernel_size": 3},
            {"kernel_size": random.randint(3, 4), "stride": 2, "padding": 1},
            {"kernel_size": (7, 6), "padding": (4, 3), "bias": False},
            {"kernel_size": 2, "stride": (3, 4)},
            {"kernel_size": 3, "dilation": 2, "padding": 2, "groups": 2},
            {"kernel_size": (3, 2), "stride": (2, 3), "padding": (0, 1), "dilation": (1, 2), "groups": 3},
        )[seed]
        groups = named.get("groups", 1)
        if groups > 1:
            ins, outs = groups * random.randint(1, 2), groups * random.randint(1, 2)
        least = 3 if seed == 2 else 2  # with less, nothing but padding would be seen
        rows, columns = random.sample(range(least, least + 3), 2)
        left = ((0, 0), (1, 0), (0, 0), (random.randint(1, 2), random.randint(1, 3)), (0, 0), (1, 2))[seed]
        channels = {"in_channels": ins, "out_channels": outs}
        found.append(Convolution({**channels, **named}, random.randint(1, 3), rows, columns, left, 10 * seed))
    return found


def made_of(student: Any, case: Convolution) -> Any:
    """The convolution where the student's code runs."""
    layer = student.witness.layer("Conv2d", case.named)
    load_weights(layer, case.weights)
    return layer


def compare_projected(student: Any, expect: Expect, drawn: Sequence[Convolution]) -> None:
    """Require what the identity says, and a layer and features that stay as they are."""
    for case in drawn:
        with expect.case(str(case), hint=TRANSPOSE):
            got = student.looking.project_back(case.features, made_of(student, case), case.size)
            expect.shape(got, case.due.shape, hint=SIZE)
            require_values(expect, got, case.due, TOLERANCE * float(case.due.abs().max()), IMAGES)
        with expect.case(str(case), hint=KEPT):
            function, made = student.looking.project_back, made_of(student, case)
            changes = student.witness.changed(function, case.features, made, case.size)
            expect.that(not changes, expected="layer and features as before", got=f"changed: {', '.join(changes[:3])}")


@dataclass(frozen=True)
class Picture:
    """Layers with random weights, an image, and the activation that is led back.

    Args:
        layers: of each its class in torch and its arguments; convolutions move by one pixel.
        image:  (channels, height, width).
    """

    layers: Described
    image: tuple[int, int, int]
    seed: int
    given: dict[str, Tensor] = field(default_factory=dict)  # weights that are not random

    def __str__(self) -> str:
        names = []
        for name, arguments in self.layers:
            numbers = [
                f"{arguments[key]}" for key in ("in_channels", "out_channels", "kernel_size") if key in arguments
            ]
            padding = [f"padding={arguments['padding']}"] if arguments.get("padding") else []
            names.append(f"{name}({', '.join(numbers + padding)})")
        return f"reconstruct({', '.join(names)}; an image {self.image}, {self.index})"

    @property
    def weights(self) -> dict[str, Tensor]:
        found: dict[str, Tensor] = {}
        for number, (name, arguments) in enumerate(self.layers):
            if name == "Conv2d":
                kernel = arguments["kernel_size"]
                shape = (arguments["out_channels"], arguments["in_channels"], kernel, kernel)
                found[f"{number}.weight"] = awkward(*shape, seed=self.seed + number, dtype=SINGLE)
                found[f"{number}.bias"] = awkward(shape[0], seed=self.seed + 50 + number, dtype=SINGLE)
        return {**found, **self.given}

    @property
    def pixels(self) -> Tensor:
        return awkward(1, *self.image, seed=self.seed + 99, dtype=SINGLE)

    def _maps(self) -> list[Tensor]:
        """What goes into each layer, and what comes out of the last one, (channels, height, width) each."""
        found = [self.pixels.double()]
        for number, (name, arguments) in enumerate(self.layers):
            x = found[-1]
            if name == "Conv2d":
                weight, bias = (self.weights[f"{number}.{part}"].double() for part in ("weight", "bias"))
                found.append(F.conv2d(x, weight, bias, padding=arguments.get("padding", 0)))
            else:
                found.append(F.max_pool2d(x, arguments["kernel_size"]) if name == "MaxPool2d" else x.clamp(min=0))
        return [one[0] for one in found]

    @property
    def index(self) -> tuple[int, int, int]:
        """The activation: not the largest of all, and with a row that is not its column."""
        last = self._maps()[-1]
        _, height, width = last.shape
        for place in last.flatten().argsort(descending=True)[1:].tolist():
            channel, row, column = place // (height * width), place // width % height, place % width
            if row != column:
                return channel, row, column
        raise ValueError("no such activation")

    @property
    def due(self) -> Tensor:
        """The picture, one strength after the other: what each place of a layer leaves in which places before it."""
        maps = self._maps()
        strengths = {self.index: float(maps[-1][self.index])}
        for number in reversed(range(len(self.layers))):
            before: dict[tuple[int, int, int], float] = {}
            for place, strength in strengths.items():
                for other, share in self._left_in(number, maps[number], place, strength):
                    before[other] = before.get(other, 0.0) + share
            strengths = before
        picture = torch.zeros(1, *self.image, dtype=DOUBLE)
        for (channel, row, column), strength in strengths.items():
            picture[0, channel, row, column] = strength
        return picture

    def _left_in(
        self, number: int, x: Tensor, place: tuple[int, int, int], strength: float
    ) -> list[tuple[tuple[int, int, int], float]]:
        name, arguments = self.layers[number]
        channel, row, column = place
        if name == "MaxPool2d":
            side = arguments["kernel_size"]
            side = side if isinstance(side, int) else side[0]
            window = x[channel, row * side : (row + 1) * side, column * side : (column + 1) * side]
            best = int(window.flatten().argmax())
            return [((channel, row * side + best // side, column * side + best % side), strength)]
        if strength <= 0:
            return []
        if name == "ReLU":
            return [(place, strength)]
        kernel, zeros = self.weights[f"{number}.weight"][channel], arguments.get("padding", 0)
        return [
            ((part, row + down - zeros, column + right - zeros), strength * weight)
            for part, rows in enumerate(kernel.tolist())
            for down, taps in enumerate(rows)
            for right, weight in enumerate(taps)
            if 0 <= row + down - zeros < x.shape[1] and 0 <= column + right - zeros < x.shape[2]
        ]


def conv(ins: int, outs: int, kernel: int, padding: int = 0) -> tuple[str, dict[str, Any]]:
    named = {"in_channels": ins, "out_channels": outs, "kernel_size": kernel}
    return "Conv2d", {**named, "padding": padding} if padding else named


def pool(kernel: int | tuple[int, int]) -> tuple[str, dict[str, Any]]:
    return "MaxPool2d", {"kernel_size": kernel}


RELU: tuple[str, dict[str, Any]] = ("ReLU", {})


def pictures() -> list[Picture]:
    """Drawn stacks: as networks have them; two convolutions in a row; pooling or a ReLU first; none of one of them."""
    random = draw("pictures")
    first, second = random.sample(range(3, 6), 2)
    ins, kernel = random.randint(1, 2), random.randint(2, 3)
    described: tuple[Described, ...] = (
        [conv(ins, first, kernel, 1), RELU, pool(2), conv(first, second, 2), RELU, pool((2, 2))],
        [conv(ins, first, 2), conv(first, second, kernel), RELU],
        [pool(2), RELU, conv(ins, first, kernel, 1), pool(2)],
        [RELU, conv(ins, second, 3), RELU],
    )
    found = []
    for seed, layers in enumerate(described):
        height, width = random.sample(range(11, 16), 2)
        found.append(Picture(layers, (ins, height, width), 200 * seed))
    return found


def compare_pictures(student: Any, expect: Expect, drawn: Sequence[Picture]) -> None:
    """Require these pictures of `reconstruct` as it is, or with stand-ins for what it uses."""

    def judge(function: Any) -> None:
        for case in drawn:
            with expect.case(str(case), hint=BACKWARDS):
                layers = student.witness.stack(case.layers)
                load_weights(layers, case.weights)
                got = function(layers, case.pixels, case.index)
                due = case.due
                require_values(expect, got, due, TOLERANCE * float(due.abs().max()), IMAGES, BACKWARDS)

    own = student.looking.reconstruct
    judge_or_alone(lambda: judge(own), lambda: judge(student.standins.Alone(own)))


def one_filter() -> list[Picture]:
    """A single filter of whole numbers, a ReLU and a pooling: the picture is the filter where the maximum was."""
    random = draw("filter")
    whole = torch.tensor(random.sample(range(1, 10), 4), dtype=SINGLE).view(1, 1, 2, 2)
    given = {"0.weight": whole, "0.bias": torch.zeros(1)}
    return [Picture([conv(1, 1, 2), RELU, pool(2)], (1, 8, 7), 900, given)]
