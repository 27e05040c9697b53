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
    parameters, buffers = trainee.weights()
    assert all(torch.equal(a, b) for a, b in zip(here.parameters(), parameters, strict=True))
    assert torch.allclose(here.norm.running_mean, buffers[0])
    fresh = Net()
    Far(fresh).load(parameters, buffers)
    assert torch.equal(fresh.eval()(data[0]), here.eval()(data[0]))


def test_part_that_is_used_twice_is_one(data: tuple[torch.Tensor, torch.Tensor]) -> None:
    layer = nn.Linear(64, 64)
    net = nn.Sequential(nn.Flatten(), layer, nn.ReLU(), layer, nn.Linear(64, 10))
    parameters, _ = Trainee(Local(), net).weights()
    assert len(parameters) == 4


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
