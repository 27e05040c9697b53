"""Trainings of `architectures`: the same from the same seed, and the network's alone."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch
from torch import Tensor, nn

from exercises.architectures import training
from exercises.architectures.training import Images, Net, Outcome, digits, fit


class Block(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.layer = nn.Linear(channels, 10)

    def forward(self, images: Tensor) -> Tensor:
        logits: Tensor = self.layer(images.mean(dim=(2, 3)))
        return logits


def net(block: object, layers: tuple[int, ...], num_classes: int, width: float, plain: bool) -> nn.Module:
    """In the place of a ResNet: it says with what it was built."""
    model = nn.Sequential(nn.Conv2d(3, 4, 3, stride=4), nn.BatchNorm2d(4), nn.ReLU(), Block(4))
    model.made = (block, layers, num_classes, width, plain)  # type: ignore[assignment]
    return model


MODULE = SimpleNamespace(ResNet=net, BasicBlock="basic block")


def some_data(n: int = 128) -> tuple[Images, Images]:
    generator = torch.Generator().manual_seed(0)
    labels = torch.arange(n) % 10
    images = torch.rand(n, 3, 32, 32, generator=generator) + labels[:, None, None, None] / 10
    return Images(images, labels), Images(images[:20] + 0.01, labels[:20])


def test_a_net_is_built_by_its_depth_width_and_seed() -> None:
    made = Net(34, plain=True, width=1 / 16).build(MODULE)
    assert made.made == ("basic block", (3, 4, 6, 3), 10, 1 / 16, True)
    state = torch.get_rng_state()
    first, same, other = (Net(10).build(MODULE, seed)[0].weight for seed in (0, 0, 1))  # type: ignore[index]
    assert torch.equal(first, same)
    assert not torch.equal(first, other)
    assert torch.equal(torch.get_rng_state(), state)
    assert str(Net(18)) == "residual, depth 18, width 1/8"


def test_the_same_seed_gives_the_same_training(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "STEPS", 30)
    data = some_data()
    seen: list[int] = []
    found = [fit(Net(10).build(MODULE), data, seed, lambda step, steps, loss: seen.append(step)) for seed in (0, 0, 1)]
    assert seen == 3 * [*range(1, 31)]
    assert found[0].losses == found[1].losses != found[2].losses
    assert found[0].test_accuracy == found[1].test_accuracy
    assert found[0].losses[-1] < found[0].losses[0]
    assert found[0].parameters == 112 + 8 + 50


def test_training_leaves_modes_and_random_numbers_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "STEPS", 2)
    model = Net(10).build(MODULE).eval()
    state = torch.get_rng_state()
    fit(model, some_data())
    assert not any(part.training for part in model.modules())
    assert torch.equal(torch.get_rng_state(), state)


def test_the_loss_at_the_end_is_a_mean_of_the_last_steps() -> None:
    outcome = Outcome(5, (9.0, *[1.0] * 10, *[2.0] * 10), 0.96, 0.94, 1.26)
    assert outcome.loss == 1.5
    assert "a training loss of 1.50, and 96 % of training and 94 % of test images right" in str(outcome)


def test_digits_have_three_equal_maps_of_32_pixels() -> None:
    train, test = digits()
    assert train.images.shape == (training.TRAIN, 3, 32, 32)
    assert test.images.shape == (training.TEST, 3, 32, 32)
    assert torch.equal(train.images[:, 0], train.images[:, 2])
    assert not train.images[:, :, :2].any()
    assert torch.equal(train.labels, digits()[0].labels)
