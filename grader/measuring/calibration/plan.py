"""What is trained on each private seed, so that every kind of answer meets many seeds, and no seed costs much."""

from __future__ import annotations

import functools
import importlib
import sys
from dataclasses import asdict, dataclass
from typing import Any

from grader.authoring.answers import laid_out
from grader.authoring.galleries import right_answers, solution_files, wrong_answers
from grader.checks.calibrated import corners_of, trained_modules

REFERENCE, RIGHT, RECIPE, WRONG = "reference", "right answer", "recipe", "wrong answer"
RUNS_OF_RIGHT = 5  # each with data and first weights of its own
RUNS_OF_WRONG = 3


@dataclass(frozen=True)
class Run:
    """One answer to train.

    Attributes:
        kind:   REFERENCE, RIGHT, RECIPE or WRONG.
        name:   which of its kind.
        files:  text of each module.
        recipe: one of the task's corners instead of the answer's own; None for that.
    """

    kind: str
    name: str
    files: dict[str, str]
    recipe: Any | None = None


def runs(assignment: str, task: str, seed: int, seeds: int, wrong: bool) -> list[Run]:
    """The trainings of one seed out of `seeds`: always the reference, and its share of all others.

    Args:
        wrong: whether wrong answers are trained too.
    """
    found = [Run(REFERENCE, "model solution", solution_files(assignment))]
    found += _share(_right(assignment), seed, seeds, RUNS_OF_RIGHT)
    found += _share(_recipes(assignment, task), seed, seeds, RUNS_OF_RIGHT)
    if wrong:
        found += _share(mistakes(assignment, task), seed, seeds, RUNS_OF_WRONG)
    return found


@functools.cache
def _right(assignment: str) -> list[Run]:
    return [Run(RIGHT, one.name, one.files()) for one in right_answers(assignment)]


@functools.cache
def _recipes(assignment: str, task: str) -> list[Run]:
    solution = solution_files(assignment)
    return [Run(RECIPE, _words(one), solution, one) for one in corners_of(assignment, task)]


@functools.cache
def mistakes(assignment: str, task: str) -> list[Run]:
    """Wrong answers whose mistake is in a module that takes part in the training."""
    modules = taking_part(assignment, task)
    return [
        Run(WRONG, one.name, one.files())
        for one in wrong_answers(assignment)
        if one.module in modules and one.ends and not one.unwritten
    ]


def taking_part(assignment: str, task: str) -> set[str]:
    """The modules whose code is trained, and those that they import."""
    with laid_out(assignment, solution_files(assignment)) as answer:
        packages = set()
        for module in trained_modules(assignment, task):
            packages.add(f"{answer.package_of(module)}.")
            importlib.import_module(f"{answer.package_of(module)}.{module}")
        return {name.rpartition(".")[2] for name in sys.modules if name.startswith(tuple(packages))}


def _share(everything: list[Run], seed: int, seeds: int, rounds: int) -> list[Run]:
    """Those that meet this seed: in turn over all seeds, each so often."""
    places = len(everything) * rounds
    return [everything[place % len(everything)] for place in range(places) if place % seeds == seed % seeds]


def _words(recipe: Any) -> str:
    """The values of a recipe, its own ones first; weight decay is the same in all."""
    values = {name: value for name, value in asdict(recipe).items() if name != "weight_decay"}
    usual = {"batch_size": "batch", "learning_rate": "learning rate"}
    own = {name: name.removeprefix("num_").replace("_", " ") for name in values if name not in usual}
    named = {**own, **{name: words for name, words in usual.items() if name in values}}
    return ", ".join(f"{words} {_shown(values[name])}" for name, words in named.items())


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else f"{value:g}"
