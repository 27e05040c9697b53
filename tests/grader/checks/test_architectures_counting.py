"""The task `counting` of `architectures`: what is due of drawn models, and what a count left behind."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
import torch
from torch import nn

from exercises.architectures import models
from exercises.architectures.checks.counted import (
    Counted,
    anywhere,
    as_it_runs,
    convolutions,
    deep,
    dense_layers,
    with_parameters,
)
from exercises.checking import meta
from exercises.checking.draw import drawing

SEEDS = range(12)


class Here:
    models = models


def drawn(cases: Callable[[int], Sequence[Counted]], most: int, seed: int) -> Sequence[Counted]:
    with drawing("counting.test", seed):
        return cases(most)


@pytest.mark.parametrize("cases", [convolutions, dense_layers, as_it_runs, anywhere])
def test_what_is_due_is_what_torch_counts(cases: Callable[[int], Sequence[Counted]]) -> None:
    for seed in SEEDS:
        for case in drawn(cases, 50, seed):
            found = meta.multiply_adds(case.of(Here), case.image, models.DTYPES[case.place[1]])
            if case.build == "Attending":  # torch counts products of activations as well
                time, (features, keys) = case.image[0], case.arguments
                found -= time * time * (features + keys)
            assert found == case.due, case


def test_parameters_that_are_due_are_those_that_torch_has() -> None:
    for seed in SEEDS:
        for case in drawn(with_parameters, 50, seed):
            assert meta.parameter_count(case.of(Here)) == case.due, case


def test_convolutions_leave_no_doubt() -> None:
    """No stride, padding, dilation or group is without effect on the count, and no kernel is square by chance."""
    for seed in range(100):
        plain, strided, dilated, grouped, depthwise, along_one, along_three = drawn(convolutions, 16, seed)
        height, width = plain.image[1:]
        assert height != width
        assert strided.due < plain.arguments[2] * plain.image[0] * 12 * (height - 3) * (width - 2)
        assert dilated.due != 9 * plain.image[0] * plain.arguments[2] * height * width
        assert all(case.named["groups"] > 1 for case in (grouped, depthwise))
        assert len(along_one.image) == 2 and len(along_three.image) == 4


def test_layers_in_shortcuts_make_a_difference() -> None:
    for seed in range(50):
        model = drawn(deep, 5, seed)[-1]
        layers = [part for part in model.of(Here).modules() if isinstance(part, nn.Linear)]
        features, blocks, _ = model.arguments
        assert len(layers) == model.due + blocks and blocks > 1 and features > 1


def test_shortcuts_are_of_the_class_that_answers_import(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is graded, an answer has its own copy of what is given, and `models` was taken before."""

    class Own(nn.Sequential):
        pass

    monkeypatch.setattr("exercises.architectures.parts.Shortcut", Own)
    assert any(isinstance(part, Own) for part in models.with_shortcuts(2, 2, 2).modules())


def kept(model: nn.Module, image: tuple[int, ...]) -> int:
    return 0


def trained_on(model: nn.Module, image: tuple[int, ...]) -> None:
    model.train()
    model(torch.ones(1, *image)).sum().backward()


def hooked(model: nn.Module, image: tuple[int, ...]) -> None:
    model.register_forward_hook(lambda *_: None)


def unhooked(model: nn.Module, image: tuple[int, ...]) -> None:
    for part in model.modules():
        part._forward_hooks.clear()


def frozen(model: nn.Module, image: tuple[int, ...]) -> None:
    model.requires_grad_(False)


def converted(model: nn.Module, image: tuple[int, ...]) -> None:
    model.double()


def stopped(model: nn.Module, image: tuple[int, ...]) -> None:
    model.eval()
    raise RuntimeError("the image does not fit")


@pytest.mark.parametrize(
    ("count", "kinds"),
    [
        (kept, set()),
        (trained_on, {"modes", "buffers", "gradients"}),
        (hooked, {"hooks"}),
        (unhooked, {"hooks"}),
        (frozen, {"requires_grad"}),
        (converted, {"weights", "gradients", "buffers"}),
        (stopped, {"modes"}),
    ],
)
def test_what_is_left_behind_is_found(count: Callable[..., object], kinds: set[str]) -> None:
    model = models.half_frozen(2, 3, 5)
    assert set(models.left_behind(count, model, (2, 5, 5), refused=count is stopped)) == kinds


def test_what_stops_a_count_is_raised_where_the_model_takes_the_image() -> None:
    with pytest.raises(RuntimeError, match="does not fit"):
        models.left_behind(stopped, models.half_frozen(2, 3, 5), (2, 5, 5))
