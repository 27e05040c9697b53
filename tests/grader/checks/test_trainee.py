"""Training led from here: the same as the given loop on the network itself, whatever the student's code does."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import torch
from torch import nn

from exercises.checking import StudentError
from exercises.checking.probe import Trainee as Far
from exercises.digits.training import Recipe, fit, image_budget, train
from grader.checks.trainee import Trainee

RECIPE = Recipe(learning_rate=0.05, batch_size=16)


class Local:
    """A student whose network is in this process."""

    class probe:
        Trainee = Far


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(1)
        self.layer = nn.Linear(64, 10)
        self.unused = nn.Linear(3, 3)

    def forward(self, x: torch.Tensor) -> Any:
        return self.layer(self.norm(x).flatten(1))


@pytest.fixture
def data() -> tuple[torch.Tensor, torch.Tensor]:
    random = torch.Generator().manual_seed(1)
    return torch.randn(80, 1, 8, 8, generator=random), torch.randint(0, 10, (80,), generator=random)


def test_weights_are_those_of_the_given_loop(data: tuple[torch.Tensor, torch.Tensor]) -> None:
    torch.manual_seed(0)
    here, there = Net(), Net()
    there.load_state_dict(copy.deepcopy(here.state_dict()))
    fit(here, *data, RECIPE, images_seen=320, seed=3)
    trainee = Trainee(Local(), there)
    train(trainee, *data, RECIPE, image_budget(there, 320, (1, 8, 8)), seed=3)
    trained, kept = trainee.weights()
    # Not to the last bit: the optimiser takes eight numbers at a time, and the rest of each tensor one by one.
    assert all(torch.allclose(a, b, atol=1e-6) for a, b in zip(here.parameters(), trained, strict=True))
    assert torch.allclose(here.norm.running_mean, kept[0])
    fresh = Net()
    Far(fresh).load(trained, kept)
    assert torch.allclose(fresh.eval()(data[0]), here.eval()(data[0]), atol=1e-5)


def test_fixed_parameter_stays_and_is_carried_over(data: tuple[torch.Tensor, torch.Tensor]) -> None:
    net = Net()
    net.layer.bias.requires_grad_(False).fill_(0.25)
    trainee = Trainee(Local(), net)
    train(trainee, *data, Recipe(learning_rate=0.05, batch_size=16, weight_decay=0.5), 320)
    trained, kept = trainee.weights()
    assert torch.equal(kept[0], torch.full((10,), 0.25))
    assert len(trained) == len(list(net.parameters())) - 1
    fresh = Net()
    fresh.layer.bias.requires_grad_(False)
    Far(fresh).load(trained, kept)
    assert torch.equal(fresh.layer.bias, kept[0])


def test_part_that_is_used_twice_is_one(data: tuple[torch.Tensor, torch.Tensor]) -> None:
    layer = nn.Linear(64, 64)
    net = nn.Sequential(nn.Flatten(), layer, nn.ReLU(), layer, nn.Linear(64, 10))
    trained, _ = Trainee(Local(), net).weights()
    assert [value.shape for value in trained] == [parameter.shape for parameter in net.parameters()]


def test_network_without_parameters_is_told(data: tuple[torch.Tensor, torch.Tensor]) -> None:
    with pytest.raises(ValueError, match="no parameters to train"):
        train(Trainee(Local(), nn.Flatten()), *data, RECIPE, 320)


class Short(Far):
    def backward(self, gradient: torch.Tensor) -> torch.Tensor:
        return super().backward(gradient)[:-1]


def test_gradient_of_another_size_is_told(data: tuple[torch.Tensor, torch.Tensor]) -> None:
    class Student:
        class probe:
            Trainee = Short

    with pytest.raises(StudentError, match="not those of the network's parameters"):
        train(Trainee(Student(), Net()), *data, RECIPE, 320)


class Frozen(Net):
    def forward(self, x: torch.Tensor) -> Any:
        return super().forward(x).detach()


def test_network_without_gradient_learns_nothing(data: tuple[torch.Tensor, torch.Tensor]) -> None:
    net = Frozen()
    before = [parameter.detach().clone() for parameter in net.parameters()]
    trainee = Trainee(Local(), net)
    train(trainee, *data, RECIPE, 320)
    assert all(torch.equal(a, b) for a, b in zip(before, trainee.weights()[0], strict=True))


class Silent(Net):
    def forward(self, x: torch.Tensor) -> Any:
        return None


def test_network_that_returns_no_tensor_is_told(data: tuple[torch.Tensor, torch.Tensor]) -> None:
    with pytest.raises(StudentError, match="returned NoneType, not a tensor of logits"):
        train(Trainee(Local(), Silent()), *data, RECIPE, 320)
