"""Answers laid out as packages of their own in this process."""

from __future__ import annotations

import sys

import torch

from grader.authoring.answers import laid_out
from grader.authoring.galleries import solution_files

NAMED = """
from typing import NamedTuple


class Layer(NamedTuple):
    kernel_size: int
    stride: int = 1


def output_size(n, layers):
    return sum(layer.kernel_size for layer in layers) + n
"""


def test_a_named_tuple_comes_back_as_what_it_is() -> None:
    with laid_out("digits", {"receptive_field": NAMED}) as answer:
        layer = answer.receptive_field.Layer
        assert answer.receptive_field.output_size(1, [layer(3), layer(5, stride=2)]) == 9


def test_two_answers_do_not_know_each_other_and_leave_nothing_behind() -> None:
    before, path = set(sys.modules), list(sys.path)
    first, second = ({"recipe": f"RECIPE = {number}"} for number in (1, 2))
    with laid_out("digits", first) as one, laid_out("digits", second) as other:
        assert (one.recipe.RECIPE, other.recipe.RECIPE) == (1, 2)
        assert one.package_of("recipe") != other.package_of("recipe")
        assert one.package_of("training") == other.package_of("training") == "exercises.digits"
    assert {name for name in set(sys.modules) - before if name.startswith("answer_")} == set()
    assert sys.path == path


def test_the_solution_that_an_assignment_builds_on_lies_beside_it() -> None:
    with laid_out("spoken_digits", solution_files("spoken_digits")) as answer:
        pooled = answer.masking.MaskedGlobalAvgPool1d()(torch.ones(1, 2, 4), torch.tensor([3]))
        assert torch.equal(pooled, torch.ones(1, 2))
        top = answer.package_of("masking").partition(".")[0]
        assert f"{top}.digits.blocks" in sys.modules  # the block of `digits`, which it imports
