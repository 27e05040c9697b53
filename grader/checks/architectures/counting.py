"""Hidden checks of task 2: the same models in other sizes."""

from __future__ import annotations

from exercises.architectures.checks import hints
from exercises.architectures.checks.counted import (
    anywhere,
    as_it_runs,
    convolutions,
    deep,
    dense_layers,
    with_parameters,
)
from exercises.architectures.checks.counting import compare
from exercises.checking import Expect, Reference, Student, check

LARGEST = 50


@check(
    "counting.parameters_values",
    points=0.2,
    hints=hints.PARAMETERS,
    idea="Parameters are counted right in models of sizes that nobody knows",
    topic="parameters of other models",
)
def parameters(student: Student, solution: Reference, expect: Expect) -> None:
    compare(student, expect, "parameters", with_parameters(LARGEST))


@check(
    "counting.multiply_adds_values",
    points=0.45,
    hints=hints.MULTIPLY_ADDS,
    idea="Multiply-adds are counted right in models of sizes that nobody knows",
    topic="multiply-adds of other models",
)
def multiply_adds(student: Student, solution: Reference, expect: Expect) -> None:
    cases = [*convolutions(LARGEST), *dense_layers(LARGEST), *as_it_runs(LARGEST), *anywhere(LARGEST)]
    compare(student, expect, "multiply_adds", cases)


@check(
    "counting.weight_layers_values",
    points=0.25,
    hints=hints.WEIGHT_LAYERS,
    idea="Layers are counted right in models of sizes that nobody knows",
    topic="layers of other models",
)
def depth(student: Student, solution: Reference, expect: Expect) -> None:
    compare(student, expect, "weight_layers", deep(9))
