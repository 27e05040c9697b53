"""Public checks of task 3."""

from __future__ import annotations

from exercises.checking import Expect, Reference, Student, check

from . import hints
from .judging import (
    AtHome,
    Case,
    Network,
    compare,
    require_any_built,
    require_count,
    require_own_network,
    require_sizes,
)

FULL = Network("alexnet", "AlexNet", image=(3, 227, 227))
SIZES = [
    ("convolution", (96, 55, 55)),
    ("convolution", (256, 27, 27)),
    ("convolution", (384, 13, 13)),
    ("convolution", (384, 13, 13)),
    ("convolution", (256, 13, 13)),
    ("dense layer", (4096,)),
    ("dense layer", (4096,)),
    ("dense layer", (1000,)),
]
READINGS = ("alpha_not_divided",)
SAME = "What comes behind the last dense layer? Are these logits?"


def narrow(sixteenths: int, num_classes: int) -> Case:
    """A network of some sixteenths of the paper's width, on two images."""
    named = {"num_classes": num_classes, "width": sixteenths / 16}
    return Case(Network("alexnet", "AlexNet", named=named, image=FULL.image), accepted=READINGS, halves=True)


def cases() -> list[Case]:
    """What is compared: one network."""
    return [narrow(1, 7)]


AT_HOME: AtHome = {"alexnet.same": cases}


@check(
    "alexnet.parameters",
    points=0.4,
    hints=hints.ALEXNET,
    idea="AlexNet has 60,965,224 parameters, as the paper's table gives them",
)
def parameters(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_count(student, expect, FULL, 60_965_224)


@check("alexnet.sizes", points=0.4, hints=hints.ALEXNET, idea="The sizes on the way are those of the table")
def sizes(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_sizes(student, expect, FULL, SIZES)


@check(
    "alexnet.same",
    points=0.5,
    hints=hints.ALEXNET,
    idea="With the same weights, a narrow AlexNet gives what the paper's gives",
)
def same(student: Student, solution: Reference | None, expect: Expect) -> None:
    compare(student, solution, expect, "alexnet.same", cases(), SAME)


@check(
    "alexnet.own",
    points=0.2,
    hints=hints.OWN,
    idea="AlexNet is built from torch's layers, not taken from a library of networks",
)
def own(student: Student, solution: Reference | None, expect: Expect) -> None:
    require_any_built(student, [FULL])
    require_own_network(student, expect, "alexnet")
