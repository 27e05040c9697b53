"""The task `probing` of `transfer`: what is due of drawn models and problems, what is left behind, what is accepted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from exercises.checking import Expect, MismatchError
from exercises.checking.draw import drawing
from exercises.transfer import known_features, models, watching
from exercises.transfer.checks.probes import probed
from exercises.transfer.checks.problems import Problem, by_hand, drawn, precise, require_minimum
from exercises.transfer.checks.readers import Case, cases, require_batches
from solutions.transfer.probing import features_of, fit_linear, logits_of

SEEDS = range(12)


class Here:
    models = models


def drawn_cases(most: int, seed: int) -> list[Case]:
    with drawing("probing.test", seed):
        return cases(most)


def drawn_problems(most: int, seed: int) -> list[Problem]:
    with drawing("probing.test", seed):
        return drawn(most)


@pytest.mark.parametrize("most", [5, 12])
def test_what_is_due_is_what_the_model_gives(most: int) -> None:
    for seed in SEEDS:
        with drawing("probing.test", seed):
            for case in cases(most):
                model, stamps = case.model(Here), case.stamps
                heard: list[Tensor] = []
                model.output.register_forward_pre_hook(lambda _, inputs, heard=heard: heard.append(inputs[0].clone()))
                logits = model.eval()(stamps)
                assert torch.allclose(heard[0].double(), case.features(stamps), atol=1e-5), case
                assert torch.allclose(logits.double(), case.logits(stamps), atol=1e-4), case


def test_stand_ins_give_what_the_solution_gives() -> None:
    for function, name in ((logits_of, "logits_of"), (features_of, "features_of")):
        for case in drawn_cases(5, 1):
            with drawing("probing.test", 1):
                model, stamps = case.model(Here).eval(), case.stamps
            found = known_features.STAND_INS[name](model, stamps, case.batch or 256)
            assert torch.allclose(found, function(model, stamps, case.batch or 256), atol=1e-4), name
    stamps = torch.rand(7, 1, 2, 3)
    found = known_features.STAND_INS["features_of"](models.Witness(), stamps, 3)
    assert torch.allclose(found, features_of(models.Witness(), stamps, 3), atol=1e-6)


def test_models_leave_no_doubt() -> None:
    """No number of features is one of classes, no image a square, and training is no evaluation."""
    for seed in SEEDS:
        found = drawn_cases(5, seed)
        assert {case.output for case in found} == set(models.OUTPUTS)
        assert any(case.batch and case.shape[0] % case.batch for case in found)
        for case in found:
            assert case.width != case.classes and case.shape[2] != case.shape[3]
        with drawing("probing.test", seed):
            for one in probed(5):
                model, stamps = one.case.model(Here), one.case.stamps
                assert not torch.allclose(model.train()(stamps), model.eval()(stamps), atol=1e-2)
            assert any(one.num_classes == one.case.classes for one in probed(5))


def test_problems_have_what_fits_get_wrong() -> None:
    for seed in SEEDS:
        for most in (12, 50):
            found = drawn_problems(most, seed)
            assert any(len(one.labels) < one.features.shape[1] for one in found)
            assert any(len(one.labels) == 1 for one in found)
            assert any(len(one.labels.unique()) < one.num_classes for one in found)
            assert {one.features.dtype for one in found} == {torch.float32, torch.float64}
            assert all(one.penalty > 1 for one in found)  # what refuses small ones is judged by its own check


def test_numbers_known_by_hand_are_those_of_the_solution() -> None:
    for seed in SEEDS:
        with drawing("probing.test", seed):
            for problem, weight, bias in [*precise(), by_hand()]:
                got = fit_linear(problem.features.double(), problem.labels, problem.num_classes, problem.penalty)
                for one, due in zip(got, (weight, bias), strict=True):
                    assert torch.allclose(one, due, rtol=0, atol=1e-9 * float(due.abs().max())), problem


def test_weights_known_by_hand_are_never_all_zero() -> None:
    for seed in (1186, 3313):  # the first labels that are drawn are at right angles to every column
        with drawing("probing.fit_in_float64", seed):
            assert all(weight.any() for _, weight, _ in precise())


def fit_with(factor: float) -> Callable[..., tuple[Tensor, Tensor]]:
    return lambda features, labels, classes, penalty: fit_linear(features, labels, classes, factor * penalty)


def test_minimum_is_known_by_its_slope() -> None:
    for problem in drawn_problems(12, 3):
        require_minimum(fit_linear, Expect(), problem)
    problem = drawn_problems(12, 3)[0]
    with pytest.raises(MismatchError, match=f"right for a penalty of {20 * problem.penalty:.4g}"):
        require_minimum(fit_with(20), Expect(), problem)
    with pytest.raises(MismatchError, match="add up to"):
        require_minimum(lambda *given: (fit_linear(*given)[0], fit_linear(*given)[1] + 0.01), Expect(), problem)


@pytest.mark.parametrize(
    ("sizes", "batch", "right"),
    [
        ([4, 4, 4, 4, 4, 4, 4, 4, 1], 4, True),
        ([3, 3, 3, 3, 3, 3, 3, 3, 3], 4, True),  # equally large ones, and no more of them
        ([9] * 9, 4, False),
        ([1] * 9, 4, False),
        ([4, 4, 4, 4, 2, 2, 2, 2, 1], 4, False),
        ([0] * 9, 4, False),
    ],
)
def test_batches_are_full_or_alike(sizes: list[int], batch: int, right: bool) -> None:
    together = torch.tensor(sizes, dtype=torch.float64)
    if right:
        require_batches(Expect(), together, batch)
    else:
        with pytest.raises(MismatchError):
            require_batches(Expect(), together, batch)


def kept(model: nn.Module, stamps: Tensor) -> Tensor:
    return stamps


def put_back(model: nn.Module, stamps: Tensor) -> Tensor:
    forward = model.output.forward
    model.output.forward = lambda x: x
    model.output.forward = forward
    return stamps


def trained_on(model: nn.Module, stamps: Tensor) -> Tensor:
    model.requires_grad_(True).train()
    model(stamps).sum().backward()
    return stamps


def another_output(model: nn.Module, stamps: Tensor) -> Tensor:
    model.output = nn.Identity()
    return stamps


def hooked(model: nn.Module, stamps: Tensor) -> Tensor:
    model.output.register_forward_pre_hook(lambda *_: None)
    return stamps


def converted(model: nn.Module, stamps: Tensor) -> Tensor:
    model.double()
    return stamps


def levelled(model: nn.Module, stamps: Tensor) -> Tensor:
    return stamps.sub_(stamps.mean())


def switched(model: nn.Module, stamps: Tensor) -> Tensor:
    torch.set_grad_enabled(False)
    return stamps


@pytest.mark.parametrize(
    ("function", "kinds"),
    [
        (kept, set()),
        (put_back, set()),
        (trained_on, {"modes", "buffers", "gradients", "requires_grad"}),
        (another_output, {"hooks", "attributes", "weights", "parameters", "gradients", "requires_grad"}),
        (hooked, {"hooks"}),
        (converted, {"weights", "gradients", "buffers"}),
        (levelled, {"stamps"}),
        (switched, {"switch"}),
    ],
)
def test_what_is_left_behind_is_found(function: Callable[..., Tensor], kinds: set[str]) -> None:
    model = models.mixed(models.Reader(1, 6, 4, 3), 1)
    found = watching.watched(function, model, torch.rand(5, 1, 2, 3))
    assert set(found["left"]) == kinds
    assert torch.is_grad_enabled()
