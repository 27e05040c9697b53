"""Hidden checks of task 3."""

from __future__ import annotations

from exercises.architectures.checks import hints
from exercises.architectures.checks.alexnet import SAME, narrow
from exercises.architectures.checks.judging import compare
from exercises.checking import Expect, Reference, Student, check, draw


@check(
    "alexnet.same_widths",
    points=1.5,
    hints=hints.ALEXNET,
    idea="So does one of another width, with another number of classes",
    topic="other widths",
)
def same(student: Student, solution: Reference, expect: Expect) -> None:
    random = draw("width")
    compare(student, solution, expect, "", [narrow(random.randint(2, 3), random.randint(3, 20))], SAME)
