"""Models that are counted, in drawn sizes, with the counts that are due: worked out here, layer by layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any

from exercises.checking import draw

KERNEL = "How many numbers does one output multiply, and how many outputs are there?"
GROUPS = "How many of the channels that come in does one output of a grouped convolution see?"
PLACES = "How many places has a map that comes out? Where can that be read off, instead of being worked out?"
AXES = "Which convolutions does torch have beside nn.Conv2d? How many numbers has a kernel of theirs?"
ROWS = "To how many rows of numbers is the dense layer applied, and what does one row cost?"
BATCH = "How many outputs does the layer compute for one image, all axes together?"
TWICE = "How often does each layer run for one image, and how many places has what comes out?"
MODE = "In which mode does the image pass, and which layers run then?"
LAYERS = "Which multiplications are those of a convolution or a dense layer, and which are not?"
SUBCLASS = "What is the difference between type(layer) and isinstance?"
META = "Which values are needed for a count, and which shapes? On which device is the image?"
DTYPE = "Which dtype has the image, and which the weights?"
NONE = "What does the first parameter tell, and what if there is none?"
BUFFERS = "Which tensors are parameters (biases? those of norms?), and which are buffers? How many numbers has each?"
TIED = "How many different tensors are there?"
FROZEN = "Which numbers need memory, whether they are trained or not?"
OWN = "Which parameters belong to none of torch's layers? How many numbers has a tensor without axes?"
SPARE = "Does a count of parameters depend on what runs?"
DEPTH = (
    "Which layers have weights that inputs are multiplied by? Is the model itself looked at, too, and what is in parts?"
)
DETOUR = "What lies inside of a Shortcut, also further down, and what is only called so?"
ONCE = "How many different layers are there?"


@dataclass(frozen=True)
class Counted:
    """A model, and the count that is due.

    Args:
        build:            a function or class of the given module `models`.
        arguments, named: what it is called with.
        image:            shape of one image, where one passes.
        due:              parameters, multiply-adds or layers.
        hint:             for a wrong count.
        place:            device and dtype.
    """

    build: str
    arguments: tuple[Any, ...]
    due: int
    hint: str
    image: tuple[int, ...] = ()
    named: dict[str, Any] = field(default_factory=dict)
    place: tuple[str, str] = ("cpu", "float32")

    def __str__(self) -> str:
        given = [*map(repr, self.arguments), *(f"{name}={value!r}" for name, value in self.named.items())]
        words = f"models.{self.build}({', '.join(given)})"
        words += f" on {self.place[0]} in {self.place[1]}" if self.place != ("cpu", "float32") else ""
        return f"{words}, image {self.image}" if self.image else words

    def of(self, who: Any) -> Any:
        """The model, where the student's code runs."""
        model = getattr(who.models, self.build)(*self.arguments, **self.named)
        return model if self.place == ("cpu", "float32") else who.models.placed(model, *self.place)


def one_convolution(
    in_channels: int, out_channels: int, image: Sequence[int], kernel: Sequence[int], hint: str, **named: Any
) -> Counted:
    """A single convolution.

    Args:
        image:  its axes without the channels, and
        kernel: its size along each of them.
        named:  stride, padding and dilation, a number for each axis; groups, bias.
    """
    ones = (1,) * len(image)
    stride, padding, dilation = (
        named.get("stride", ones),
        named.get("padding", (0,) * len(image)),
        named.get("dilation", ones),
    )
    places = [
        (size + 2 * zeros - gap * (taps - 1) - 1) // step + 1
        for size, taps, step, zeros, gap in zip(image, kernel, stride, padding, dilation, strict=True)
    ]
    due = out_channels * prod(places) * in_channels // named.get("groups", 1) * prod(kernel)
    arguments = (len(image), in_channels, out_channels)
    return Counted("convolution", arguments, due, hint, (in_channels, *image), {"kernel_size": tuple(kernel), **named})


def convolutions(most: int) -> list[Counted]:
    """Single convolutions, on images of up to so many places along an axis."""
    random = draw("convolutions")
    channels, maps, height, width = random.randint(3, 5), random.randint(6, 9), *random.sample(range(11, most), 2)
    image, groups, times = (height, width), random.randint(2, 4), random.randint(2, 3)
    three = random.sample(range(4, 8), 3)
    return [
        one_convolution(channels, maps, image, (3, 5), KERNEL),
        one_convolution(channels, maps, image, (4, 3), PLACES, stride=(3, 2), padding=(2, 1), bias=False),
        one_convolution(channels, maps, image, (3, 3), PLACES, padding=(1, 2), dilation=(2, 3)),
        one_convolution(2 * groups, 3 * groups, image, (3, 3), GROUPS, groups=groups),
        one_convolution(maps, times * maps, image, (5, 5), GROUPS, groups=maps, padding=(2, 2)),
        one_convolution(channels, maps, (height,), (5,), AXES, stride=(2,)),
        one_convolution(channels, maps, three, (2, 3, 2), AXES, padding=(1, 1, 0)),
    ]


def dense_layers(most: int) -> list[Counted]:
    """Dense layers, each of which is applied to several rows."""
    random = draw("dense")
    one, two, three = random.sample(range(5, most), 3)
    time, height = random.sample(range(4, 12), 2)
    channels, maps, side = random.randint(2, 4), random.randint(5, 9), random.randint(2, 4)
    rows, columns = random.sample(range(2, 5), 2)
    squares = rows * columns
    patched = (channels, rows * side, columns * side)
    return [
        Counted("dense", (one, two, three), time * (one * two + two * three), ROWS, (time, one)),
        Counted("dense", (two, three), channels * height * two * three, ROWS, (channels, height, two)),
        Counted(
            "Patches",
            (channels, side, maps, one),
            squares * (maps * channels * side**2 + maps * one),
            BATCH,
            patched,
        ),
    ]


def as_it_runs(most: int) -> list[Counted]:
    """Models that run some of their layers never, several times, or in training alone, and more than layers."""
    random = draw("runs")
    features, keys, classes = random.sample(range(5, most), 3)
    channels, times, time = random.randint(2, 4), random.randint(2, 4), random.randint(3, 9)
    height, width = random.sample(range(6, 12), 2)
    maps, kernel = random.randint(5, 8), 3
    places = (height - 2) * (width - 2)
    return [
        Counted(
            "Again",
            (channels, kernel, times, features),
            times * channels * height * width * channels * kernel**2,
            TWICE,
            (channels, height, width),
        ),
        Counted("Auxiliary", (features, classes), features * classes, MODE, (features,)),
        Counted("Attending", (features, keys), time * features * (2 * keys + features), LAYERS, (time, features)),
        Counted(
            "subclasses",
            (channels, maps, kernel, places, classes),
            maps * places * channels * kernel**2 + maps * places * classes,
            SUBCLASS,
            (channels, height, width),
        ),
    ]


def anywhere(most: int) -> list[Counted]:
    """Models on "meta", in other dtypes, without parameters, and one that takes no single image in training."""
    random = draw("places")
    channels, maps, classes, size = random.randint(2, 4), *random.sample(range(5, 12), 2), random.randint(7, most)
    large, features = random.randint(150, 250), random.randint(20, 40)
    normed = channels * maps * size**2 + maps * features
    return [
        _classifier(channels, maps, 7, large, classes, META, place=("meta", "float32")),
        _classifier(channels, maps, 3, size, classes, DTYPE, place=("cpu", "float64")),
        Counted("dense", (features, classes), features * classes, DTYPE, (features,), place=("cpu", "bfloat16")),
        Counted("without_parameters", (), 0, NONE, (channels, size, size)),
        Counted("normed", (channels, maps, features), normed, MODE, (channels, size, size)),
    ]


def _classifier(channels: int, maps: int, kernel: int, size: int, classes: int, hint: str, **named: Any) -> Counted:
    places = (size - kernel + 1) ** 2
    due = maps * places * channels * kernel**2 + maps * places * classes
    return Counted("classifier", (channels, maps, kernel, places, classes), due, hint, (channels, size, size), **named)


def with_parameters(most: int) -> list[Counted]:
    """Models whose parameters are counted."""
    random = draw("parameters")
    features, hidden, classes = random.sample(range(4, most), 3)
    channels, maps, places, table = (
        random.randint(2, 4),
        random.randint(5, 8),
        random.randint(4, 9),
        random.randint(3, 9),
    )
    whole = maps * channels * 9 + maps + 2 * maps + maps * places * classes + classes
    layers = features * hidden + hidden + hidden * classes + classes
    return [
        Counted("classifier", (channels, maps, 3, places, classes), whole, BUFFERS),
        Counted("frozen", (features, hidden, classes), layers, FROZEN),
        Counted("Tied", (features,), features**2 + 2 * features, TIED),
        Counted("shared", (features, random.randint(2, 4)), features**2 + features, TIED),
        Counted("Scaled", (features, table), 2 * features + 1 + 2 * features, OWN),
        Counted("Again", (channels, 3, 2, features), channels**2 * 9 + channels + features**2 + features, SPARE),
        Counted("without_parameters", (), 0, NONE),
        Counted("classifier", (channels, maps, 3, places, classes), whole, META, place=("meta", "float32")),
    ]


def deep(most: int) -> list[Counted]:
    """Models whose layers are counted."""
    random = draw("depth")
    features, blocks, layers, times = (random.randint(2, most) for _ in range(4))
    return [
        Counted("convolution", (2, features, 2 * features), 1, DEPTH, named={"kernel_size": 3}),
        Counted("classifier", (features, 2, 3, 4, 5), 2, DEPTH),
        Counted("of_all_kinds", (features,), 5, DEPTH),
        Counted("without_parameters", (), 0, DEPTH),
        Counted("shared", (features, times), 1, ONCE),
        Counted("called_shortcut", (features,), 1, DETOUR),
        Counted("with_shortcuts", (features, blocks, layers), 1 + blocks * layers, DETOUR),
    ]
