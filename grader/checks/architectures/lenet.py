"""Hidden checks of task 1: the same networks with other numbers of classes."""

from __future__ import annotations

from exercises.architectures.checks import hints
from exercises.architectures.checks.judging import compare
from exercises.architectures.checks.lenet import BETWEEN, CONNECTED, modern, original
from exercises.checking import Expect, Reference, Student, check, draw


@check(
    "lenet.same_classes",
    points=0.4,
    hints=hints.LENET,
    idea="With any number of classes, your LeNet-5 gives what everybody's gives",
    topic="other numbers of classes",
)
def same(student: Student, solution: Reference, expect: Expect) -> None:
    random = draw("classes")
    cases = [modern(random.randint(11, 40), random.randint(2, 4)), modern(random.randint(2, 9), 1)]
    compare(student, solution, expect, "", cases, BETWEEN, BETWEEN, BETWEEN)


@check(
    "lenet.original_classes",
    points=0.3,
    extra=True,
    hints=hints.ORIGINAL,
    idea="With any number of classes, the original gives what the paper's gives",
    topic="the original",
)
def original_same(student: Student, solution: Reference, expect: Expect) -> None:
    random = draw("classes")
    compare(
        student,
        solution,
        expect,
        "",
        [original(random.randint(11, 40), random.randint(1, 3))],
        CONNECTED,
        CONNECTED,
        CONNECTED,
    )
