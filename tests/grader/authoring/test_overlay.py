"""The pieces of a right answer, laid over the solution's module."""

from __future__ import annotations

import pytest

from grader.authoring.overlay import check_names, code_of, lay_over, names_used

SOLUTION = '''"""The task."""

from __future__ import annotations

import torch
from torch import Tensor, nn

LIMIT = 3  # given


def double(x: Tensor) -> Tensor:
    """Twice as much."""
    # Task 1: write double
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION


class Block(nn.Module):
    """A block."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1))

    # given
    @torch.no_grad()
    def forward(self, x: Tensor) -> Tensor:
        return double(x)


# Task 2: choose
### BEGIN SOLUTION
RATE = 0.1
### END SOLUTION
'''


def laid(answer: str) -> str:
    return lay_over(SOLUTION, answer)


def changed(*pairs: tuple[str, str]) -> str:
    """The solution with other words, as an author would have edited a copy of it."""
    text = SOLUTION
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def test_a_function_takes_the_place_of_the_solutions_and_all_else_stays() -> None:
    text = laid("def double(x: Tensor) -> Tensor:\n    return x + x\n")
    before, _, behind = SOLUTION.partition(SOLUTION[SOLUTION.index("def double") : SOLUTION.index("class Block") - 3])
    assert text == f"{before}def double(x: Tensor) -> Tensor:\n    return x + x{behind}"


def test_a_class_under_the_solutions_heading_gives_the_methods_that_differ() -> None:
    text = laid("class Block(nn.Module):\n    def forward(self, x: Tensor) -> Tensor:\n        return x + double(0)\n")
    due = changed(("    @torch.no_grad()\n", ""), ("        return double(x)", "        return x + double(0)"))
    assert text == due  # with the docstring and the given __init__


def test_a_class_under_another_heading_is_one_of_its_own() -> None:
    text = laid("class Block(nn.ReLU):\n    pass\n")
    begin, end = SOLUTION.index("class Block"), SOLUTION.index("# Task 2") - 3
    assert code_of(text) == code_of(f"{SOLUTION[:begin]}class Block(nn.ReLU):\n    pass\n{SOLUTION[end:]}")


def test_a_constant_stays_between_its_marks() -> None:
    assert laid("RATE = 0.2\n") == changed(("RATE = 0.1", "RATE = 0.2"))
    assert laid("RATE: float = 0.2\n") == changed(("RATE = 0.1", "RATE: float = 0.2"))


def test_imports_join_the_solutions_and_those_that_it_has_may_be_repeated() -> None:
    text = laid("from __future__ import annotations\n\nimport math\nimport torch\n\nRATE = math.pi\n")
    assert text == changed(
        ("import Tensor, nn\n", "import Tensor, nn\nimport math\n"), ("RATE = 0.1", "RATE = math.pi")
    )


def test_what_is_new_stands_before_the_piece_that_follows_it() -> None:
    text = laid(
        "# a helper\ndef more(x):\n    return 3 * x\n\n\nclass Block(nn.Module):\n    kept = 1\n\n"
        "    def forward(self, x):\n        return more(x)\n\n    def extra(self):\n        return 1\n\n\nprint(RATE)\n"
    )
    due = changed(
        ("class Block", "# a helper\ndef more(x):\n    return 3 * x\n\n\nclass Block"),
        ("    # given\n", "    kept = 1\n\n    # given\n"),
        ("    @torch.no_grad()\n    def forward(self, x: Tensor) -> Tensor:\n", "    def forward(self, x):\n"),
        (
            "        return double(x)\n",
            "        return more(x)\n\n    def extra(self):\n        return 1\n\n\nprint(RATE)\n",
        ),
    )
    assert code_of(text) == code_of(due)


def test_statements_alone_stand_behind_the_imports() -> None:
    text = laid('import warnings\n\nwarnings.warn("mine", stacklevel=1)\n')
    due = changed(("LIMIT", 'import warnings\nwarnings.warn("mine", stacklevel=1)\nLIMIT'))
    assert code_of(text) == code_of(due)


def test_a_whole_file_laid_over_is_that_file() -> None:
    """As where a student's right answer is pasted."""
    whole = changed(("return 2 * x", "return x + x"), ("RATE = 0.1", "RATE = 0.3"), ("double(x)", "x + x"))
    assert code_of(laid(whole)) == code_of(whole)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ('"""Nothing yet."""\n', "it is empty; write the functions, methods or constants that differ"),
        ("import torch\n", "it says what the solution says"),
        (
            'def double(x: Tensor) -> Tensor:\n    """So."""\n    return 2 * x  # twice\n',
            "it says what the solution says",
        ),
        (SOLUTION, "it says what the solution says"),
        ("RATE = 1\n\n\ndef double(x):\n    return x + x\n", "double has to stand before RATE, as in the solution"),
        ("RATE = 1\nRATE = 2\n", "RATE has to stand before RATE, as in the solution, and once"),
        ("LIMIT = 1; RATE = 1\n", "line 1 holds two statements"),
        ("class Block(nn.Module): weight = 1\n", "line 1 holds two statements"),
    ],
)
def test_pieces_that_do_not_fit_are_refused(answer: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        laid(answer)


def test_a_name_that_stands_twice_in_the_solution_cannot_be_meant() -> None:
    with pytest.raises(ValueError, match="RATE stands twice in the solution"):
        lay_over(SOLUTION + "RATE = RATE * 2\n", "RATE = 1\n")


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("def doubled(x):\n    return x + x\n", "the solution has no doubled, and nothing uses it; is double meant?"),
        ("def twice(x):\n    return x + x\n", "the solution has no twice, and nothing uses it$"),
        (
            "class Block(nn.Module):\n    def foward(self, x):\n        return x\n",
            "the solution has no foward, and nothing uses it; is forward meant?",
        ),
    ],
)
def test_a_name_that_the_solution_has_not_is_refused_where_nothing_uses_it(answer: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        check_names(SOLUTION, answer, names_used(laid(answer)))


@pytest.mark.parametrize(
    "answer",
    [
        "def doubled(x):\n    return x + x\n\n\ndef double(x):\n    return doubled(x)\n",
        "class _Base(nn.Module):\n    pass\n\n\nclass Block(_Base):\n    pass\n",
        "class Block(nn.Module):\n    def extra_repr(self):\n        return ''\n",  # torch calls it
    ],
)
def test_helpers_are_welcome(answer: str) -> None:
    check_names(SOLUTION, answer, names_used(laid(answer)))
