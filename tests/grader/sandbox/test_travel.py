"""What a check gets of an answer: the same at home and in the sandbox."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from exercises.checking.expect import describe
from exercises.checking.thing import Thing

from .answers import ANSWERS


def alike(found: Any, due: Any) -> bool:
    """Whether two values are the same: classes, types, shapes, values, NaN and the sign of zero included."""
    if type(found) is not type(due):
        return False
    if isinstance(due, torch.Tensor):
        if not (found.dtype == due.dtype and found.shape == due.shape and found.is_contiguous()):
            return False
        wide = torch.complex128 if due.is_complex() else torch.float64 if due.is_floating_point() else torch.int64
        return torch.allclose(found.to(wide), due.to(wide), rtol=0, atol=0, equal_nan=True)
    if isinstance(due, np.ndarray):
        return found.dtype == due.dtype and found.shape == due.shape and np.array_equal(found, due)
    if isinstance(due, tuple | list):
        return len(found) == len(due) and all(map(alike, found, due))
    if isinstance(due, dict):
        return list(found) == list(due) and all(alike(found[key], due[key]) for key in due)
    return repr(found) == repr(due)


@pytest.mark.filterwarnings("ignore")  # of what torch and NumPy call unfinished
@pytest.mark.parametrize("expression", ANSWERS)
def test_an_answer_arrives_alike(student: Any, expression: str) -> None:
    due = ANSWERS[expression]
    found = student.answer.give(list(ANSWERS).index(expression))
    if isinstance(due, str) and due.startswith("stays: "):
        assert isinstance(found, Thing)
        assert describe(found) == due.removeprefix("stays: ")
    else:
        assert alike(found, due), repr(found)


def test_a_thing_among_values_stays_while_the_rest_travels(student: Any) -> None:
    found = student.answer.echo_of("torch.ones(2), Layer(4), np.int64(1), {'a': [Kind.ONE]}")
    assert torch.equal(found[0], torch.ones(2)) and found[1].size == 4 and found[2] == 1
    assert describe(found[:3]) == "tuple: ([1, 1], shape (2,), a Layer, 1)"
    assert isinstance(found[3]["a"][0], Thing)


def test_a_list_that_holds_itself_comes_to_an_end(student: Any) -> None:
    assert describe(student.answer.echo_of("around_itself()")) == "list: [a list of 1]"
    assert describe(student.answer.echo_of("deep(20)")) == "list: [a list of 1]"


def test_a_seed_reaches_all_random_numbers_alike(students: dict[str, Any]) -> None:
    drawn = []
    for student in students.values():
        student.answer.words(0)  # an import may draw numbers too
        student.seed(5)
        drawn.append(student.answer.echo_of("[__import__('random').random(), np.random.rand(), torch.rand(2)]"))
    for home, sandbox in zip(*drawn, strict=True):
        assert bool((torch.as_tensor(home) == torch.as_tensor(sandbox)).all())
