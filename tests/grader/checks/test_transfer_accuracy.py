"""The task `accuracy` of `transfer`: private words, which choices are taken, and what costs points."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from exercises.assignment import load_assignment
from exercises.checking import Expect, MismatchError, Status, Verdict
from exercises.checking.check import checks_in
from exercises.checking.run import run_checks
from exercises.transfer.checks import accuracy as public
from exercises.transfer.checks.animals import practice, reached
from exercises.transfer.checks.choice import Choice, read_choice
from exercises.transfer.material import ANIMALS
from grader.authoring.answers import laid_out
from grader.authoring.galleries import solution_files
from grader.checks.transfer import accuracy as hidden
from grader.checks.transfer import data
from grader.grading.checked.reference import Reference
from grader.measuring.calibration.plan import RECIPE, runs
from solutions.transfer.probing import fit_linear

RULES = load_assignment("transfer").training["accuracy"]
CHECKS = [*checks_in(public), *checks_in(hidden)]


def told(edits: dict[str, tuple[str, str]], seed: int = 5) -> dict[str, Verdict]:
    """The verdicts of all checks of the task on the solution with an edit in some modules."""
    files = solution_files("transfer")
    for module, (old, new) in edits.items():
        assert files[module].count(old) == 1
        files[module] = files[module].replace(old, new)
    with laid_out("transfer", files) as answer:
        return {one.check: one for one in run_checks(CHECKS, answer, Reference("transfer", seed))}


def test_private_words_are_a_courses_own() -> None:
    one, other = (data.draw(48, 48, seed, "generated") for seed in (1, 2))
    assert one.learn.shape == one.unheard.shape == (48, 1, 64, 32)
    assert not torch.equal(one.learn, other.learn)
    assert torch.equal(one.learn, data.draw(48, 48, 1, "generated").learn)
    assert one.animals.learn.logits.shape == (48, 10) and one.animals.unheard.features.shape == (48, 24)
    for rows in one.animals.draws:
        assert rows.shape == (len(ANIMALS), 12)
        assert len(set(rows.flatten().tolist())) == 48
        for animal, row in enumerate(rows):
            assert (one.animals.learn.labels[row] == animal).all()
    assert data.disguise(one, 9) is one


@pytest.mark.parametrize("penalty", [10, 0.5, torch.tensor(20.0), np.array(7.0)])
def test_a_number_of_any_kind_is_a_penalty(penalty: Any) -> None:
    choice = read_choice(SimpleNamespace(FEATURES="logits", PENALTY=penalty), Expect())
    assert choice == Choice("logits", float(penalty))


@pytest.mark.parametrize("penalty", [None, 0, -1.0, math.nan, math.inf, True, "10", [1.0], 1j, torch.ones(2)])
def test_what_is_no_penalty_is_refused(penalty: Any) -> None:
    with pytest.raises(MismatchError, match="PENALTY"):
        read_choice(SimpleNamespace(FEATURES="logits", PENALTY=penalty), Expect())
    if not isinstance(penalty, int | float):
        return
    with pytest.raises(ValueError, match="penalty"):
        Choice("logits", 0.0 if penalty is True else penalty)


@pytest.mark.parametrize("features", [None, "Features", "", 3, ["logits"]])
def test_what_are_no_features_is_refused(features: Any) -> None:
    with pytest.raises(MismatchError, match="FEATURES"):
        read_choice(SimpleNamespace(FEATURES=features, PENALTY=1.0), Expect())
    with pytest.raises(ValueError, match="features"):
        Choice(features, 1.0)


def test_the_words_that_everybody_has_are_neither_lucky_nor_unlucky() -> None:
    found = reached(practice(), fit_linear, "features", 10.0)
    threshold = RULES.threshold["generated"]
    assert found.keys() == threshold.keys()
    assert all(threshold[name] < right < threshold[name] + 0.12 for name, right in found.items())


def test_a_mistake_of_task_1_costs_nothing_here() -> None:
    """The comparison tells of it."""
    eval_left_out = ("        model.eval()\n", "        model.train()\n")
    found = told({"probing": eval_left_out})
    assert {one.check for one in found.values() if one.status is not Status.PASSED} == {
        "accuracy.numbers",
        "accuracy.numbers_unheard",
    }
    assert "logits_of of the digit network" in found["accuracy.numbers"].got
    nothing_fitted = ("    weight = torch.linalg", "    return x[:3], y\n    weight = torch.linalg")
    assert all(one.status is Status.PASSED for one in told({"probing": nothing_fitted}).values())


def test_at_home_the_students_own_function_fits() -> None:
    files = solution_files("transfer")
    files["probing"] = files["probing"].replace(
        "    weight = torch.linalg", "    return x[:3], y\n    weight = torch.linalg"
    )
    with laid_out("transfer", files) as answer:
        found = {one.check: one for one in run_checks(checks_in(public), answer)}
    assert found["accuracy.few"].status is Status.FAILED
    assert found["accuracy.few"].got.startswith("fit_linear of task 1: ")


def test_a_penalty_that_is_too_small_costs_what_it_misses() -> None:
    found = told({"recipe": ("10.0", "1e-6")})
    few = found["accuracy.few_unheard"]
    assert 0 < few.points < few.max_points
    assert few.hint == public.EXACT and "steps" not in few.got


def test_corners_are_told_by_their_values() -> None:
    names = [one.name for one in runs("transfer", "accuracy", 0, 1, wrong=False) if one.kind == RECIPE]
    assert len(set(names)) == len(hidden.CORNERS) and names[0] == "features logits, penalty 0.001"
