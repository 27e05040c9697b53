"""Hidden checks of task 5: other modules, the numbers of the table, networks of other widths."""

from __future__ import annotations

from exercises.architectures.checks import hints
from exercises.architectures.checks.inception import BRANCHES, LOGITS, MODULE, ROWS, WIDTH, module, narrow, rows_of
from exercises.architectures.checks.judging import compare
from exercises.architectures.checks.made_of_parts import compare_network
from exercises.checking import Expect, Reference, Student, check


@check(
    "inception.module_values",
    points=0.5,
    hints=hints.MODULE,
    idea="So does one with other numbers, on maps of other sizes",
    topic="modules of other sizes",
)
def module_is_the_papers(student: Student, solution: Reference, expect: Expect) -> None:
    compare(student, solution, expect, "", [module(20, (9, 6)), module(30, (5, 13))], MODULE, BRANCHES)


@check("inception.rows_values", points=0.25, hints=hints.ROWS, idea="Each number of ROWS is the table's", topic="rows")
def rows(student: Student, solution: Reference, expect: Expect) -> None:
    found = rows_of(student, expect)
    for name, due in solution.inception.ROWS.items():
        differ = sum(one != other for one, other in zip(found[name], due, strict=True))
        expect.that(not differ, expected="the numbers of table 1", got=f"row {name}: {differ} of 6 differ", hint=ROWS)


@check(
    "inception.same_widths",
    points=0.8,
    hints=hints.GOOGLENET,
    idea="So does one of another width, on images of another size",
    topic="other widths",
)
def same(student: Student, solution: Reference, expect: Expect) -> None:
    cases = [narrow("wider", (32, 32)), narrow("other", (61, 51))]
    compare_network(student, solution, expect, "", cases, LOGITS, WIDTH)
