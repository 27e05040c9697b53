"""The numbers in docs/security.md are those of the code, and what the sandbox does follows from an assignment's."""

from __future__ import annotations

from dataclasses import fields

import pytest

from exercises.assignment import MODULE_BYTES, NOTEBOOK_BYTES
from exercises.checking import plain
from exercises.limits import RANGES, USUAL, AssignmentLimits
from exercises.own import MOST_OWN
from exercises.recording import record
from grader.repository import REPOSITORY
from grader.sandbox import wire
from grader.sandbox.inside.confine import Limits
from grader.sandbox.outside import session
from grader.sandbox.outside.budget import Allowance, Budget, container_limits

KB, MB = 1 << 10, 1 << 20
FIXED = {
    "processes and threads of a submission": Limits().processes,
    "open files of a process": Limits().open_files,
    "MB that it may write": Limits().disk_mb,
    "tensors and arrays in one answer or call": plain.MAX_TENSORS,
    "axes of a tensor": plain.MAX_DIMENSIONS,
    "values in values": plain.MAX_DEPTH,
    "bits of a whole number": plain.MAX_BITS,
    "MB of JSON in an answer, tensors apart": plain.ANSWER_WORDS / MB,
    "MB of tensors in one call of a check": plain.CALL_BYTES / MB,
    "MB that a cell may show, as JSON": session.MAX_CELL / MB,
    "KB of a module": MODULE_BYTES / KB,
    "MB of a notebook": NOTEBOOK_BYTES / MB,
    "modules of one's own": MOST_OWN,
    "KB of characters of one pass in a record": record.MAX_TEXT / KB,
    "operations of one pass": record.MAX_NODES,
    "tensors of one pass": record.MAX_TENSORS,
    "lists in lists of a record": record.MAX_DEPTH,
}


def rows(first: str) -> list[list[str]]:
    """The rows of the table in docs/security.md whose first heading this is."""
    text = (REPOSITORY / "docs" / "security.md").read_text(encoding="utf-8")
    lines = text[text.index(f"| {first} |") :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_table_has_each_limit_with_its_default_and_its_bounds() -> None:
    told = {row[0].strip("`"): tuple(map(float, row[2:5])) for row in rows("key")}
    assert told == {
        one.name: (getattr(USUAL, one.name), RANGES[one.name].lowest, RANGES[one.name].highest)
        for one in fields(AssignmentLimits)
    }


def test_table_has_the_times_on_the_clock() -> None:
    told = {row[0].strip("`"): float(row[5].split()[0]) for row in rows("key") if row[5]}
    budget = Budget.of(USUAL)
    assert told == {
        "request_s": budget.request.wall_s,
        "training_s": budget.training.wall_s,
        "import_s": budget.importing.wall_s,
        "notebook_s": budget.notebook.wall_s,
        "submission_s": budget.total_wall_s,
    }
    assert (budget.imports.cpu_s, budget.imports.wall_s) == (150, 300)


def test_table_has_what_is_fixed() -> None:
    assert {name: float(number) for name, number in rows("fixed")} == FIXED


def test_usual_limits_are_those_of_a_container_and_a_budget_without_an_assignment() -> None:
    assert Budget() == Budget.of(USUAL)
    assert container_limits(USUAL, Budget()) == Limits(cpu_s=Budget().most_cpu_s)


@pytest.mark.parametrize(
    ("limits", "of_container"),
    [
        (AssignmentLimits(memory_mb=2000), Limits(memory_mb=2000, all_memory_mb=4000, cpu_s=272)),
        (AssignmentLimits(answer_mb=64), Limits(answer_mb=64, cpu_s=272)),
        (AssignmentLimits(submission_s=200, notebook_s=50, import_s=10), Limits(cpu_s=200 + 50 + 75)),
    ],
)
def test_what_a_container_is_held_to_follows_from_the_assignment(
    limits: AssignmentLimits, of_container: Limits
) -> None:
    assert container_limits(limits, Budget.of(limits)) == of_container


def test_allowances_follow_from_the_assignment() -> None:
    budget = Budget.of(AssignmentLimits(request_s=4, training_s=30, import_s=10, notebook_s=60, submission_s=120))
    assert (budget.request, budget.training) == (Allowance(4, 60), Allowance(30, 300))
    assert (budget.importing, budget.imports) == (Allowance(10, 60), Allowance(75, 150))
    assert (budget.notebook, budget.total_cpu_s, budget.total_wall_s) == (Allowance(60, 450), 120, 400)


def test_frame_holds_the_largest_answer_and_the_largest_call() -> None:
    assert RANGES["answer_mb"].highest * MB <= wire.MAX_BLOB and plain.CALL_BYTES <= wire.MAX_BLOB
