"""Hidden checks of task 4."""

from __future__ import annotations

from exercises.architectures.checks import hints
from exercises.architectures.checks.judging import compare
from exercises.architectures.checks.vgg import AT_BUILDING, SAME, added, narrow
from exercises.checking import Expect, Reference, Student, check, draw


@check(
    "vgg.same_widths",
    points=0.65,
    hints=hints.VGG,
    idea="So does one of another width, with another number of classes",
    topic="other widths",
)
def same(student: Student, solution: Reference, expect: Expect) -> None:
    random = draw("width")
    case = narrow(random.randint(2, 3), random.randint(8, 20), batch=1)  # wide ones take their time
    compare(student, solution, expect, "", [case], SAME)


@check(
    "vgg.added_keys", points=0.65, hints=hints.VGG, idea="Networks of tables that nobody has seen", topic="other tables"
)
def added_keys(student: Student, solution: Reference, expect: Expect) -> None:
    compare(student, solution, expect, "", [added("first"), added("second")], SAME, AT_BUILDING)
