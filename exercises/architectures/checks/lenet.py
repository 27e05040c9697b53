"""Public checks of task 1."""

from __future__ import annotations

import torch

from exercises.architectures.known_weights import values
from exercises.checking import Expect, Reference, Student, awkward, check, draw

from . import hints
from .judging import AtHome, Case, Network, compare, require_count, require_sizes

IMAGE = (1, 32, 32)
SIZES = [
    ("convolution", (6, 28, 28)),
    ("convolution", (16, 10, 10)),
    ("convolution", (120, 1, 1)),
    ("dense layer", (84,)),
    ("dense layer", (10,)),
]
# What is known of the shapes of the original's parameters; its second convolution may have them in any form.
KNOWN = ((6, 25), (120, 400), (84, 120))
SEEN = (
    "Does each map have kernels for those maps alone that it sees? Weights that are multiplied by 0 are there, too. "
    "How many numbers has Subsampling(6)?"
)
BETWEEN = "What stands between two layers: a tanh, an average? Is it there every time, and nowhere else?"
CONNECTED = (
    "What stands between two layers: a tanh, a Subsampling? And which maps does each map of the second convolution see?"
)
FORMULA = "What is added up, multiplied, and added after that? Which values belong to which map?"


def modern(num_classes: int, batch: int) -> Case:
    """Today's LeNet-5, on images of standard deviation 1: a tanh tells larger ones apart no longer."""
    return Case(Network("lenet", "LeNet5", named={"num_classes": num_classes}, image=IMAGE), batch=batch, contrast=1.0)


def original(num_classes: int, batch: int) -> Case:
    """LeNet-5 as it was; `only` leaves free how its second convolution is written."""
    return Case(
        Network("lenet", "LeNet5Original", named={"num_classes": num_classes}, image=IMAGE),
        batch=batch,
        accepted=("pooled_at_once",),
        contrast=1.0,
        only=(*KNOWN, (num_classes, 84)),
    )


def modern_at_home() -> list[Case]:
    """What is compared first: a network of ten classes, and one of seven for a single image."""
    return [modern(10, 2), modern(7, 1)]


def original_at_home() -> list[Case]:
    """The same for the original."""
    return [original(10, 2), original(8, 1)]


AT_HOME: AtHome = {"lenet.same": modern_at_home, "lenet.original": original_at_home}


@check("lenet.parameters", points=0.15, hints=hints.LENET, idea="LeNet-5 has 61,706 parameters")
def parameters(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_count(student, expect, Network("lenet", "LeNet5", image=IMAGE), 61_706)


@check("lenet.sizes", points=0.15, hints=hints.LENET, idea="The sizes on the way are those of the table")
def sizes(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_sizes(student, expect, Network("lenet", "LeNet5", image=IMAGE), SIZES)


@check(
    "lenet.same", points=0.3, hints=hints.LENET, idea="With the same weights, your LeNet-5 gives what everybody's gives"
)
def same(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare(student, solution, expect, "lenet.same", modern_at_home(), BETWEEN, BETWEEN, BETWEEN)


@check(
    "lenet.subsampling",
    points=0.3,
    extra=True,
    hints=hints.ORIGINAL,
    idea="Subsampling is tanh(coefficient * sum of 2x2 + bias)",
)
def subsampling(student: Student, solution: Reference | None, expect: Expect) -> None:
    random = draw("maps")
    channels = random.randint(3, 7)
    height, width = (2 * one for one in random.sample(range(2, 6), 2))
    maps = 0.3 * awkward(2, channels, height, width, dtype=torch.float32)
    with expect.case(f"Subsampling({channels})", hint=FORMULA):
        layer = student.known_weights.network(student.lenet.Subsampling, [channels], {}, (channels, height, width))
        found = [torch.Size(shape).numel() for shape in student.probe.parameter_shapes(layer).values()]
        expect.that(
            found == [channels, channels],
            expected=f"two parameters of {channels} numbers each",
            got=f"parameters of {', '.join(map(str, found))} numbers" if found else "no parameters",
        )
        both = values((channels, 1, 1))  # coefficient and bias alike: their names are free
        sums = maps.unfold(2, 2, 2).unfold(3, 2, 2).sum(dim=(-2, -1))
        due = (both * sums + both).tanh()
        each = ", ".join(f"{one:.3g}" for one in both.flatten().tolist())
        with expect.case(f"with coefficients and biases {each}"):
            expect.close(layer(maps), due, atol=1e-5)  # float32 rounds sums of some units at 1e-7


@check(
    "lenet.original_parameters",
    points=0.2,
    extra=True,
    hints=hints.ORIGINAL,
    idea="60,000 parameters, and 850 of the output layer",
)
def original_parameters(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_count(student, expect, Network("lenet", "LeNet5Original", image=IMAGE), 60_850, SEEN)


@check(
    "lenet.original",
    points=0.2,
    extra=True,
    hints=hints.ORIGINAL,
    idea="With the same weights, the original gives what the paper's gives",
)
def original_same(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare(student, solution, expect, "lenet.original", original_at_home(), CONNECTED, CONNECTED, CONNECTED)
