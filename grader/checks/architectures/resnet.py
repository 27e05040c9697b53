"""Hidden checks of task 6: other blocks, and networks of other depths and widths, in both modes."""

from __future__ import annotations

from exercises.architectures.checks import hints
from exercises.architectures.checks.judging import compare
from exercises.architectures.checks.made_of_parts import compare_network
from exercises.architectures.checks.resnet import BLOCK, LOGITS, STAGES, SUM, block_cases, narrow
from exercises.checking import Expect, Reference, Student, check


@check(
    "resnet.basic_values",
    points=0.4,
    hints=hints.BLOCK,
    idea="So does a basic block of other channels, on maps of another size",
    topic="basic blocks of other sizes",
)
def basic(student: Student, solution: Reference, expect: Expect) -> None:
    compare(student, solution, expect, "", block_cases("BasicBlock", (9, 7)), BLOCK, SUM)


@check(
    "resnet.bottleneck_values",
    points=0.4,
    hints=hints.BLOCK,
    idea="So does a bottleneck of other channels, on maps of another size",
    topic="bottlenecks of other sizes",
)
def bottleneck(student: Student, solution: Reference, expect: Expect) -> None:
    compare(student, solution, expect, "", block_cases("Bottleneck", (9, 7)), BLOCK, SUM)


@check(
    "resnet.same_values",
    points=0.6,
    hints=hints.RESNET,
    idea="So does one of another depth and width, on images of another size",
    topic="other depths and widths",
)
def same(student: Student, solution: Reference, expect: Expect) -> None:
    cases = [
        narrow("BasicBlock", "basic", (50, 41), training=True),
        narrow("Bottleneck", "bottleneck", (32, 32), training=False),
        narrow("Bottleneck", "plain", (41, 50), training=False, plain=True),
    ]
    compare_network(student, solution, expect, "", cases, LOGITS, STAGES)
