"""The given training loop: what it refuses, how it counts, and that it leaves nothing behind."""

from __future__ import annotations

import math

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from exercises.digits import training
from exercises.digits.training import Recipe, accuracy, fit, image_budget, multiply_adds, predict


def small_network() -> nn.Sequential:
    torch.manual_seed(3)
    return nn.Sequential(nn.Flatten(), nn.Linear(16, 12), nn.BatchNorm1d(12), nn.ReLU(), nn.Linear(12, 2))


def two_classes(n: int = 120) -> tuple[Tensor, Tensor]:
    """4x4 images whose upper half (class 0) or lower half (class 1) is darker."""
    labels = torch.arange(n) % 2
    images = torch.rand(n, 1, 4, 4, generator=torch.Generator().manual_seed(5)) / 2
    images[labels == 0, :, :2] += 0.5
    images[labels == 1, :, 2:] += 0.5
    return images, labels


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("learning_rate", 0),
        ("learning_rate", -0.1),
        ("learning_rate", math.nan),
        ("learning_rate", math.inf),
        ("learning_rate", "0.1"),
        ("batch_size", 1),
        ("batch_size", 513),
        ("learning_rate", 1.001),
        ("learning_rate", 500.0),
        ("batch_size", 32.0),
        ("batch_size", True),
        ("weight_decay", -1e-3),
        ("weight_decay", math.nan),
        ("hidden", 0),
        ("hidden", 33),
        ("num_blocks", 0),
        ("num_blocks", 4),
    ],
)
def test_recipe_refuses_and_names_the_field_and_the_value(field: str, value: object) -> None:
    values = {"learning_rate": 0.01, "batch_size": 32, field: value}
    with pytest.raises(ValueError, match=field) as raised:
        Recipe(**values)  # type: ignore[arg-type]
    assert str(value) in str(raised.value)


def test_recipe_accepts_its_limits() -> None:
    Recipe(1e-9, 8, 0, 1, 1)
    Recipe(1, 512, 1.0, 32, 3)


def test_multiply_adds_counts_layers_and_functions_alike() -> None:
    class Functional(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = nn.Parameter(torch.ones(4, 1, 3, 3))

        def forward(self, x: Tensor) -> Tensor:
            return F.conv2d(x, self.weight, stride=2)

    layer = nn.Conv2d(1, 4, kernel_size=3, stride=2)
    assert multiply_adds(layer) == multiply_adds(Functional()) == 4 * 9 * 13 * 13
    assert multiply_adds(nn.Sequential(nn.Flatten(), nn.Linear(784, 10))) == 7840


def test_multiply_adds_counts_a_layer_that_is_used_twice_twice() -> None:
    conv = nn.Conv2d(1, 1, kernel_size=3, padding=1)
    assert multiply_adds(nn.Sequential(conv, conv)) == 2 * multiply_adds(conv)


def test_costlier_network_sees_fewer_images_and_cheaper_not_more() -> None:
    cheap = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    wide = nn.Sequential(nn.Conv2d(1, 32, 7, stride=2, padding=3), nn.Conv2d(32, 32, 3, padding=1))
    wider = nn.Sequential(nn.Conv2d(1, 32, 7, stride=1, padding=3), nn.Conv2d(32, 32, 3, padding=1))
    assert image_budget(cheap, 6400) == 6400
    assert 0 < image_budget(wider, 6400) < image_budget(wide, 6400) < 6400


def test_network_that_uses_the_image_up_is_told_so() -> None:
    halving = [nn.MaxPool2d(2) for _ in range(3)]
    with pytest.raises(RuntimeError) as raised:
        image_budget(nn.Sequential(nn.Conv2d(1, 4, 7, stride=4, padding=3), *halving), 6400)
    assert "a third block has nothing to halve" in raised.value.__notes__[0]


def test_reference_multiply_adds_are_those_of_its_layers() -> None:
    blocks = [nn.Conv2d(16, 16, 3, padding=1), nn.Conv2d(16, 16, 3, padding=1)]
    layers = [nn.Conv2d(1, 16, 7, stride=4, padding=3), *blocks, nn.MaxPool2d(2), *blocks, nn.AdaptiveAvgPool2d(1)]
    network = nn.Sequential(*layers, nn.Flatten(), nn.Linear(16, 10))
    assert multiply_adds(network) == training.REFERENCE_MULTIPLY_ADDS
    assert image_budget(network, 6400) == 6400


def test_fit_learns_and_counts_what_it_saw() -> None:
    images, labels = two_classes()
    model = small_network()
    history = fit(model, images, labels, Recipe(0.02, 16), images_seen=1000)
    assert accuracy(predict(model, images), labels) > 0.95
    assert (history.steps, history.examples, len(history.losses)) == (62, 62 * 16, 62)
    assert history.losses[-1] < history.losses[0] / 2


def test_fit_is_the_same_for_a_seed_and_another_for_another_seed() -> None:
    images, labels = two_classes()

    def losses(seed: int) -> tuple[float, ...]:
        model = small_network()
        model.insert(1, nn.Dropout(0.3))
        return fit(model, images, labels, Recipe(0.01, 16), images_seen=200, seed=seed).losses

    first = losses(seed=1)
    torch.rand(7)  # other random numbers in between make no difference
    assert losses(seed=1) == first
    assert losses(seed=2) != first


def test_fit_shows_every_image_once_in_a_pass_and_drops_the_rest() -> None:
    seen = []

    class Recorder(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.linear = nn.Linear(1, 2)

        def forward(self, x: Tensor) -> Tensor:
            if self.training:
                seen.append(x.flatten().tolist())
            return self.linear(x.flatten(start_dim=1))

    images = torch.arange(20.0).reshape(20, 1, 1, 1)
    fit(Recorder(), images, torch.zeros(20, dtype=torch.int64), Recipe(0.01, 8), images_seen=32)
    assert [len(batch) for batch in seen] == [8, 8, 8, 8]
    for one_pass in (seen[0] + seen[1], seen[2] + seen[3]):
        assert len(set(one_pass)) == 16
    assert seen[:2] != seen[2:]


def test_fit_and_predict_leave_global_state_and_modes_alone() -> None:
    images, labels = two_classes()
    model = small_network().eval()
    model[2].train()
    modes = [module.training for module in model.modules()]
    torch.manual_seed(11)
    state = torch.get_rng_state()
    with torch.no_grad():
        fit(model, images, labels, Recipe(0.01, 16), images_seen=64)
        assert not torch.is_grad_enabled()
    predict(model, images)
    assert torch.is_grad_enabled()
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.get_default_dtype() == torch.float32
    assert [module.training for module in model.modules()] == modes


def test_predict_changes_nothing_and_does_not_depend_on_the_batch_size() -> None:
    images, _ = two_classes(30)
    model = small_network()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    whole = predict(model, images)
    assert torch.allclose(predict(model, images, batch_size=7), whole, atol=1e-6)
    assert not whole.requires_grad
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())


@pytest.mark.parametrize(
    ("model", "recipe", "images_seen", "message"),
    [
        (small_network(), Recipe(0.01, 200), 1000, "do not fill one batch of 200"),
        (small_network(), Recipe(0.01, 64), 63, "fewer than one batch of 64"),
        (nn.Flatten(), Recipe(0.01, 16), 1000, "no parameters"),
        (nn.Conv2d(1, 2, 3), Recipe(0.01, 16), 1000, r"returned shape \(16, 2, 2, 2\)"),
    ],
)
def test_fit_says_why_it_refuses(model: nn.Module, recipe: Recipe, images_seen: int, message: str) -> None:
    images, labels = two_classes()
    with pytest.raises(ValueError, match=message):
        fit(model, images, labels, recipe, images_seen)


def test_fit_tells_each_step() -> None:
    images, labels = two_classes()
    told: list[tuple[int, int]] = []
    fit(small_network(), images, labels, Recipe(0.01, 16), 48, on_step=lambda k, n, _: told.append((k, n)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_accuracy_counts_a_row_with_nan_as_wrong() -> None:
    logits = torch.tensor([[2.0, 1.0], [0.0, 1.0], [float("nan"), 0.0], [0.0, 1.0]])
    assert accuracy(logits, torch.tensor([0, 1, 0, 0])) == 0.5
