"""Mutants: which ones a line gives, that each is Python, and that nothing outside the solution regions changes."""

from __future__ import annotations

import ast

import pytest

from exercises.assignment import assignment_names
from exercises.checking import Check
from grader.authoring.galleries import solution_files
from grader.measuring.validity import survivors
from grader.measuring.validity.changes import changed
from grader.measuring.validity.mutate import Mutant, mutants
from grader.release.regions import BEGIN_LINE, END_LINE


def changes(line: str) -> set[str]:
    """Every change of one statement, as text."""
    (statement,) = ast.parse(line).body
    return {ast.unparse(ast.fix_missing_locations(other)) for other in changed(statement)} - {line}


def module(*lines: str) -> str:
    """A module with one function whose body is one solution region."""
    body = "\n".join(f"    {line}" for line in lines)
    return f"LIMIT = 3\n\n\ndef task(x, n=2):\n    # Task 1: write task\n    {BEGIN_LINE}\n{body}\n    {END_LINE}\n"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("y = a + 2", {"pass", "y = a - 2", "y = a + 3", "y = a + 1"}),
        ("y = x // n", {"pass", "y = x / n", "y = x * n"}),
        ("y += n", {"pass", "y = n", "y -= n"}),
        ("y = a < n", {"pass", "y = a <= n", "y = a >= n"}),
        ("y = a and b", {"pass", "y = a or b", "y = a", "y = b"}),
        ("y = ~a", {"pass", "y = a"}),
        ("y = True", {"pass", "y = False"}),
        ("y = 0.5", {"pass", "y = 1.0", "y = 0.0"}),
        ("y = 'linear'", {"pass", "y = 'nearest'"}),
        ("y = 'any other text'", {"pass"}),
        ("y = a if b else c", {"pass", "y = c if b else a", "y = a", "y = c"}),
        (
            "y = x.amax(dim=-1)",
            {"pass", "y = x.amax()", "y = x", "y = x.amax(dim=0)", "y = x.amax(dim=-2)", "y = x.amin(dim=-1)"},
        ),
        ("y = F.relu(x)", {"pass", "y = x", "y = F.sigmoid(x)"}),
        ("y = f(a, b)", {"pass", "y = f(b, a)", "y = f(a)", "y = a"}),
        ("y = x[:, None]", {"pass", "y = x[None, :]"}),
        ("y = x[a:b]", {"pass", "y = x[:b]", "y = x[a:]"}),
        ("y = layer.stride", {"pass", "y = layer.kernel_size"}),
        ("y = self.conv1(x)", {"pass", "y = self.conv2(x)", "y = x"}),
    ],
)
def test_line_gives_these_changes(line: str, expected: set[str]) -> None:
    assert changes(line) == expected


def test_one_axis_of_several_is_left_out() -> None:
    assert {"y = x.mean(dim=1)", "y = x.mean(dim=2)"} <= changes("y = x.mean(dim=(1, 2))")


def test_text_of_an_exception_is_left_alone() -> None:
    assert changes("raise ValueError(f'not {1 + n}')") == {"pass", "raise RuntimeError(f'not {1 + n}')"}


def test_loop_and_condition_change_only_where_they_begin() -> None:
    loop = changes("for i in range(n):\n    y = y + i")
    assert loop == {"pass", "for i in range(n):\n    y = y + i\n    break", "for i in n:\n    y = y + i"}
    condition = changes("if a == 2:\n    y = 1")
    assert condition == {"pass"} | {f"if {test}:\n    y = 1" for test in ("not a == 2", "a != 2", "a == 3", "a == 1")}


def test_parameter_is_taken_for_the_next_one() -> None:
    found = [one.after for one in mutants(module("return x * 7"), "given")]
    assert "return n * 7" in found


def test_mutant_says_where_and_what() -> None:
    text = module("y = x * n", "return y")
    found = {(one.place, one.first, one.before, one.after) for one in mutants(text, "given")}
    assert ("task", 7, "y = x * n", "y = x / n") in found
    assert ("task", 8, "return y", "pass") in found
    assert str(mutants(text, "given")[0]) == "given.py:7: y = x * n  ->  pass"


def test_change_inside_a_loop_is_made_once() -> None:
    found = mutants(module("for i in range(n):", "    x = x + i", "return x"), "given")
    assert [one.after for one in found].count("x = x - i") == 1
    assert [(one.before, one.after) for one in found if "break" in one.after] == [
        ("for i in range(n):", "for i in range(n): … break")
    ]


def outside(text: str) -> list[str]:
    """The lines outside of the solution regions, with their marks."""
    kept, inside = [], False
    for line in text.split("\n"):
        inside = inside and line.strip() != END_LINE
        if not inside:
            kept.append(line)
        inside = inside or line.strip() == BEGIN_LINE
    return kept


@pytest.mark.parametrize("assignment", assignment_names())
def test_mutants_of_the_solutions_are_python_and_keep_what_is_given(assignment: str) -> None:
    for name, text in solution_files(assignment).items():
        found: tuple[Mutant, ...] = mutants(text, name)
        assert len(found) >= 4  # a choice of two values has no more
        assert len({one.text for one in found}) == len(found)
        for one in found:
            ast.parse(one.text)
            assert outside(one.text) == outside(text)
            assert one.text != text


def test_a_module_that_training_alone_judges_holds_choices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it is called; a check without points, or one that trains nothing, decides otherwise."""

    def judged_by(*checks: tuple[float, bool]) -> bool:
        made = [
            Check(f"pooling.n{number}", points, "", (), False, lambda *_: None, trains)
            for number, (points, trains) in enumerate(checks)
        ]
        monkeypatch.setattr(survivors, "checks_in", lambda _: (*made,))
        survivors.holds_choices.cache_clear()
        return survivors.holds_choices("digits", "pooling")

    try:
        assert judged_by((1.0, True), (0.0, False), (0.5, True))
        assert not judged_by((1.0, True), (0.5, False)) and not judged_by((0.0, True)) and not judged_by()
        assert {one.module for one in survivors.all_mutants("digits", choices=False)} >= {"pooling", "recipe"}
        assert judged_by((1.0, True))
        assert "pooling" not in {one.module for one in survivors.all_mutants("digits", choices=False)}
    finally:
        survivors.holds_choices.cache_clear()
