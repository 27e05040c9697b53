"""What is trained on each private seed, so that every kind of answer meets many seeds, and no seed costs much."""

from __future__ import annotations

import functools
import importlib
import itertools
import sys
from dataclasses import dataclass

from exercises.digits.training import Recipe
from grader.authoring.answers import laid_out
from grader.authoring.galleries import right_answers, solution_files, wrong_answers

REFERENCE, RIGHT, RECIPE, WRONG = "reference", "right answer", "recipe", "wrong answer"
RUNS_OF_RIGHT = 5  # each with data and first weights of its own
RUNS_OF_WRONG = 3  # as many as grading tries

# Corners of what the recipes allow, as far as somebody would go in them; each network is still cheap enough to learn.
HIDDEN, BLOCKS, BATCH_SIZES, LEARNING_RATES = (8, 32), (1, 3), (16, 128), (0.003, 0.03)


@dataclass(frozen=True)
class Run:
    """One answer to train.

    Attributes:
        kind:   REFERENCE, RIGHT, RECIPE or WRONG.
        name:   which of its kind.
        files:  text of each module.
        recipe: instead of the answer's own; None for that.
    """

    kind: str
    name: str
    files: dict[str, str]
    recipe: Recipe | None = None


def runs(assignment: str, seed: int, seeds: int, wrong: bool) -> list[Run]:
    """The trainings of one seed out of `seeds`: always the reference, and its share of all others.

    Args:
        wrong: whether wrong answers are trained too.
    """
    found = [Run(REFERENCE, "model solution", solution_files(assignment))]
    found += _share(_right(assignment), seed, seeds, RUNS_OF_RIGHT)
    found += _share(_recipes(assignment), seed, seeds, RUNS_OF_RIGHT)
    if wrong:
        found += _share(mistakes(assignment), seed, seeds, RUNS_OF_WRONG)
    return found


@functools.cache
def _right(assignment: str) -> list[Run]:
    return [Run(RIGHT, one.name, one.files()) for one in right_answers(assignment)]


@functools.cache
def _recipes(assignment: str) -> list[Run]:
    solution = solution_files(assignment)
    return [Run(RECIPE, _words(one), solution, one) for one in corners()]


def corners() -> list[Recipe]:
    """Recipes at the corners, 16 of them."""
    return [
        Recipe(rate, batch_size, 0.01, hidden, blocks)
        for hidden, blocks, batch_size, rate in itertools.product(HIDDEN, BLOCKS, BATCH_SIZES, LEARNING_RATES)
    ]


@functools.cache
def mistakes(assignment: str) -> list[Run]:
    """Wrong answers whose mistake is in a module that takes part in the training."""
    modules = taking_part(assignment)
    return [
        Run(WRONG, one.name, one.files())
        for one in wrong_answers(assignment)
        if one.module in modules and one.ends and not one.unwritten
    ]


def taking_part(assignment: str) -> set[str]:
    """The modules that the classifier imports, itself included."""
    with laid_out(assignment, solution_files(assignment)) as answer:
        package = answer.package_of("classifier")
        importlib.import_module(f"{package}.classifier")
        return {name.rpartition(".")[2] for name in sys.modules if name.startswith(f"{package}.")}


def _share(everything: list[Run], seed: int, seeds: int, rounds: int) -> list[Run]:
    """Those that meet this seed: in turn over all seeds, each so often."""
    places = len(everything) * rounds
    return [everything[place % len(everything)] for place in range(places) if place % seeds == seed % seeds]


def _words(recipe: Recipe) -> str:
    return (
        f"hidden {recipe.hidden}, blocks {recipe.num_blocks}, batch {recipe.batch_size}, "
        f"learning rate {recipe.learning_rate:g}"
    )
