"""Stubs: what takes the place of a region, and every way in which a region can be wrong."""

from __future__ import annotations

import pytest

from grader.release.errors import ReleaseError
from grader.release.stubs import stub, without_marks

SOURCE = "solutions/tiny/adding.py"
REGION = ("    # Task 1: write f", "    ### BEGIN SOLUTION", "    return 1", "    ### END SOLUTION")


def module(*lines: str) -> str:
    return "\n".join(lines) + "\n"


def test_first_line_of_a_stub_is_for_students_and_the_last_one_for_staff() -> None:
    first, *_, last = stub("x = 1\n", SOURCE).splitlines()
    assert first.startswith("# Your answers go here: ") and "python -m exercises check tiny adding" in first
    assert last.startswith("# Staff: ") and SOURCE in last and "make release" in last
    assert not [word for word in ("taff", "make", "solutions") if word in first]


def test_stub_changes_nothing_outside_of_regions() -> None:
    text = module('"""A module."""', "", "import math", "", "", "def given() -> float:", "    return math.pi")
    lines = stub(text, SOURCE).split("\n")
    assert "\n".join(lines[1:-4]) + "\n" == text and lines[-4:-2] == ["", ""]


def test_stub_keeps_the_module_docstring() -> None:
    namespace: dict[str, object] = {}
    exec(stub('"""A module."""\n', SOURCE), namespace)
    assert namespace["__doc__"] == "A module."


def test_stub_raises_inside_a_method_with_the_right_indentation() -> None:
    text = module(
        "class Adder:",
        "    def add(self, a, b):",
        '        """Add."""',
        "        if a is None:",
        "            # Task 2.1: write Adder.add",
        "            ### BEGIN SOLUTION",
        "            return b",
        "            ### END SOLUTION",
        "        return a + b",
    )
    lines = stub(text, SOURCE).split("\n")
    assert '            raise NotImplementedError("Task 2.1: write Adder.add")' in lines
    assert "        return a + b" in lines
    assert not any("return b" in line or "SOLUTION" in line or "# Task" in line for line in lines)


def test_stub_raises_in_a_function_whose_last_lines_are_the_region() -> None:
    text = module("def f():", "    # Task 1: write f", "    ### BEGIN SOLUTION", "    return 1", "    ### END SOLUTION")
    namespace: dict[str, object] = {}
    exec(stub(text, SOURCE), namespace)
    with pytest.raises(NotImplementedError, match=r"^Task 1: write f$"):
        namespace["f"]()  # type: ignore[operator]


def test_stub_replaces_every_region() -> None:
    one = ("    # Task {n}: write f{n}", "    ### BEGIN SOLUTION", "    return {n}", "    ### END SOLUTION")
    text = module(*(line.format(n=n) for n in (1, 2) for line in ("def f{n}():", *one, "")))
    assert stub(text, SOURCE).count("raise NotImplementedError") == 2


def test_stub_quotes_a_task_that_has_quotes() -> None:
    text = module(
        "def f():", '    # Task 1: say "hi" \\ bye', "    ### BEGIN SOLUTION", "    pass", "    ### END SOLUTION"
    )
    namespace: dict[str, object] = {}
    exec(stub(text, SOURCE), namespace)
    with pytest.raises(NotImplementedError) as caught:
        namespace["f"]()  # type: ignore[operator]
    assert str(caught.value) == 'Task 1: say "hi" \\ bye'


def test_stub_breaks_a_line_that_would_be_too_long() -> None:
    task = "Task 1: " + "very " * 18 + "long"
    text = module("def f():", f"    # {task}", "    ### BEGIN SOLUTION", "    pass", "    ### END SOLUTION")
    result = stub(text, SOURCE)
    assert task in result
    assert max(map(len, result.split("\n"))) <= 120


def test_stub_gives_module_level_names_none() -> None:
    text = module(
        "# Task 5: choose the numbers",
        "### BEGIN SOLUTION",
        "helper = 3",
        "FIRST, SECOND = (",
        "    helper,",
        "    4,",
        ")",
        "THIRD: int = 5",
        "### END SOLUTION",
    )
    namespace: dict[str, object] = {}
    result = stub(text, SOURCE)
    exec(result, namespace)
    assert [namespace[name] for name in ("helper", "FIRST", "SECOND", "THIRD")] == [None] * 4
    assert "FIRST = None  # Task 5: choose the numbers" in result


def test_stub_gives_a_class_attribute_none() -> None:
    text = module(
        "class Recipe:",
        "    # Task 5: choose the rate",
        "    ### BEGIN SOLUTION",
        "    rate = 0.1",
        "    ### END SOLUTION",
    )
    namespace: dict[str, object] = {}
    exec(stub(text, SOURCE), namespace)
    assert namespace["Recipe"].rate is None  # type: ignore[attr-defined]


MODULE_REGION = ("# Task 1: write it", "### BEGIN SOLUTION")

WRONG = {
    "unclosed": (("def f():", *REGION[:3]), 3, "never closed"),
    "end without begin": (("def f():", "    return 1", REGION[3]), 3, "without"),
    "closed twice": (("def f():", *REGION, REGION[3]), 6, "without"),
    "nested": (("def f():", *REGION[:2], *REGION), 5, "nested"),
    "no task": (("def f():", *REGION[1:]), 2, "# Task"),
    "task not directly above": (("def f():", REGION[0], "", *REGION[1:]), 4, "# Task"),
    "task without a text": (("def f():", "    # Task 1:", *REGION[1:]), 3, "# Task"),
    "mark in the first line": (("### BEGIN SOLUTION", "x = 1", "### END SOLUTION"), 1, "# Task"),
    "empty": (("def f():", *REGION[:2], "", REGION[3], "    return 1"), 3, "empty"),
    "one hash": (("def f():", REGION[0], "    # BEGIN SOLUTION", *REGION[2:]), 3, "not a mark"),
    "no blank": (("def f():", REGION[0], "    ###BEGIN SOLUTION", *REGION[2:]), 3, "not a mark"),
    "lower case": (("def f():", *REGION[:3], "    ### end solution"), 5, "not a mark"),
    "underscore": (("def f():", *REGION[:3], "    ### END_SOLUTION"), 5, "not a mark"),
    "behind code": (("def f():", REGION[0], "    return 1  ### BEGIN SOLUTION", REGION[3]), 3, "not a mark"),
    "more words": (("def f():", REGION[0], "    ### BEGIN SOLUTION of f", *REGION[2:]), 3, "not a mark"),
    "a def at module level": ((*MODULE_REGION, "def f():", "    pass", "### END SOLUTION"), 3, "body"),
    "a statement at module level": ((*MODULE_REGION, "print()", "### END SOLUTION"), 3, "body"),
    "an item at module level": ((*MODULE_REGION, "RATES[1] = 2", "### END SOLUTION"), 3, "body"),
    "only a comment at module level": ((*MODULE_REGION, "# nothing", "### END SOLUTION"), 2, "no name"),
}


@pytest.mark.parametrize("name", WRONG)
def test_stub_refuses_wrong_regions_with_file_and_line(name: str) -> None:
    lines, number, words = WRONG[name]
    with pytest.raises(ReleaseError) as caught:
        stub(module(*lines), SOURCE)
    assert f"{SOURCE}:{number}:" in str(caught.value)
    assert words in str(caught.value)


def test_stub_refuses_a_solution_that_does_not_compile() -> None:
    with pytest.raises(ReleaseError, match=r"adding\.py: the solution does not compile: line 2"):
        stub("x = 1\ny = = 2\n", SOURCE)


def test_stub_refuses_a_region_whose_stub_does_not_compile() -> None:
    text = module(
        "def f(x):",
        "    # Task 1: write f",
        "    ### BEGIN SOLUTION",
        "    if x:",
        "    ### END SOLUTION",
        "        return 1",
    )
    with pytest.raises(ReleaseError, match=r"adding\.py: its stub does not compile: line 4 of it, 'return 1'"):
        stub(text, SOURCE)


def test_a_later_assignment_gets_the_answer_without_marks_and_task_comments() -> None:
    text = module('"""A module."""', "", "", "def f() -> int:", *REGION, "", "", "# A comment of its own.", "x = 1")
    found = without_marks(text, SOURCE)
    expected = module(
        '"""A module."""', "", "", "def f() -> int:", "    return 1", "", "", "# A comment of its own.", "x = 1"
    )
    assert found == expected


def test_marks_that_are_wrong_are_refused_there_too() -> None:
    with pytest.raises(ReleaseError, match="adding.py"):
        without_marks(module("### BEGIN SOLUTION", "x = 1"), SOURCE)
