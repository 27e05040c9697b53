"""Training led from here: the same as the given loop on the network itself, whatever the student's code does."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import torch
from torch import nn

from exercises.checking import Expect, StudentError
from exercises.checking.expect import MismatchError
from exercises.checking.probe import Trainee as Far
from exercises.digits.training import Recipe, fit, image_budget
from exercises.learning import require_numbers, train
from grader.checks.trainee import KEPT_BYTES, Trainee, require_size

RECIPE = Recipe(learning_rate=0.05, batch_size=16)


class Local:
    """A student whose network is in this process."""

    seed = staticmethod(torch.manual_seed)

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
    trained, kept = trainee.weights(), Far(there).kept()
    # Not to the last bit: the optimiser takes eight numbers at a time, and the rest of each tensor one by one.
    assert all(torch.allclose(a, b, atol=1e-6) for a, b in zip(here.parameters(), trained, strict=True))
    fresh = Net()
    Far(fresh).load(trained, kept)
    assert torch.allclose(here.norm.running_mean, fresh.norm.running_mean)
    assert torch.allclose(fresh.eval()(data[0]), here.eval()(data[0]), atol=1e-5)


def test_fixed_parameter_stays_and_is_carried_over(data: tuple[torch.Tensor, torch.Tensor]) -> None:
    net = Net()
    net.layer.bias.requires_grad_(False).fill_(0.25)
    trainee = Trainee(Local(), net)
    train(trainee, *data, Recipe(learning_rate=0.05, batch_size=16, weight_decay=0.5), 320)
    trained, kept = trainee.weights(), Far(net).kept()
    assert len(kept) == 10 * 4 + 2 * 4 + 8  # the bias; the norm's mean, variance and count
    assert len(trained) == len(list(net.parameters())) - 1
    fresh = Net()
    fresh.layer.bias.requires_grad_(False)
    Far(fresh).load(trained, kept)
    assert torch.equal(fresh.layer.bias, torch.full((10,), 0.25))


def test_part_that_is_used_twice_is_one(data: tuple[torch.Tensor, torch.Tensor]) -> None:
    layer = nn.Linear(64, 64)
    net = nn.Sequential(nn.Flatten(), layer, nn.ReLU(), layer, nn.Linear(64, 10))
    trained = Trainee(Local(), net).weights()
    assert [value.shape for value in trained] == [parameter.shape for parameter in net.parameters()]


def test_network_without_parameters_is_told(data: tuple[torch.Tensor, torch.Tensor]) -> None:
    with pytest.raises(ValueError, match="no parameters to train"):
        train(Trainee(Local(), nn.Flatten()), *data, RECIPE, 320)


class Short(Far):
    def backward(self, gradient: torch.Tensor) -> torch.Tensor:
        return super().backward(gradient)[:-1]


def test_gradient_of_another_size_is_told(data: tuple[torch.Tensor, torch.Tensor]) -> None:
    class Student(Local):
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
    assert all(torch.equal(a, b) for a, b in zip(before, trainee.weights(), strict=True))


class Silent(Net):
    def forward(self, x: torch.Tensor) -> Any:
        return None


def test_network_that_returns_no_tensor_is_told(data: tuple[torch.Tensor, torch.Tensor]) -> None:
    with pytest.raises(StudentError, match="returned NoneType, not a tensor of logits"):
        train(Trainee(Local(), Silent()), *data, RECIPE, 320)


class Growing(Net):
    def forward(self, x: torch.Tensor) -> Any:
        self.register_buffer("seen", x.detach().clone())
        return super().forward(x)


def test_network_that_keeps_more_as_it_trains_is_told(data: tuple[torch.Tensor, torch.Tensor]) -> None:
    with pytest.raises(StudentError, match="does forward register a buffer"):
        train(Trainee(Local(), Growing()), *data, RECIPE, 320)
    with pytest.raises(StudentError, match="does forward register some"):
        Far(Net()).load([torch.zeros(3)], torch.zeros(16, dtype=torch.uint8))


def test_kept_values_of_every_kind_come_back_as_they_were() -> None:
    class Kinds(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            for name, dtype in (("a", torch.bool), ("b", torch.float16), ("c", torch.int64), ("d", torch.float32)):
                self.register_buffer(name, torch.randn(3, 2).to(dtype))
            self.register_buffer("number", torch.tensor(7))

    there, here = Kinds(), Kinds()
    Far(here).load([], Far(there).kept())
    assert all(torch.equal(a, b) for a, b in zip(here.buffers(), there.buffers(), strict=True))


def _sized(kept: int, trained: int = 64) -> Trainee:
    net = nn.Linear(trained, 1, bias=False)
    net.register_buffer("kept", torch.zeros(kept, dtype=torch.uint8))
    return Trainee(Local(), net)


def test_what_a_network_may_keep_is_capped() -> None:
    norms = nn.Sequential(*(nn.BatchNorm2d(32) for _ in range(6)))  # of the largest network that a recipe allows
    assert Trainee(Local(), norms).kept_bytes == 6 * (2 * 32 * 4 + 8) <= KEPT_BYTES // 2
    require_size(_sized(4096), _sized(0, trained=4096), Expect())
    require_size(_sized(6000), _sized(3000, trained=4096), Expect())
    for kept, reference in ((4097, 0), (6001, 3000)):
        with pytest.raises(MismatchError, match=f"{kept} bytes in buffers and fixed parameters") as raised:
            require_size(_sized(kept), _sized(reference, trained=4096), Expect())
        assert "what else does your network keep?" in raised.value.hint
    with pytest.raises(MismatchError, match="at most 512 bytes"):
        require_size(_sized(0, trained=129), _sized(0), Expect())


class Dropping(Net):
    def forward(self, x: torch.Tensor) -> Any:
        return nn.functional.dropout(super().forward(x), 0.5, self.training)


def test_a_step_with_random_layers_can_be_repeated_alone(data: tuple[torch.Tensor, torch.Tensor]) -> None:
    trainee = Trainee(Local(), Dropping())
    trainee.train()
    first, _ = trainee.ask(data[0], trainee.vector.detach(), seed=5)
    trainee.ask(data[0], trainee.vector.detach(), seed=6)
    assert torch.equal(trainee.ask(data[0], trainee.vector.detach(), seed=5)[0], first)


class Forged(Far):
    """Gradients are as they should be up to the third step, and NaN from there on."""

    step = 0

    def backward(self, gradient: torch.Tensor) -> torch.Tensor:
        self.step += 1
        found = super().backward(gradient)
        return found if self.step < 3 else torch.full_like(found, float("nan"))


def test_nan_in_a_gradient_is_the_students_and_the_step_is_told(data: tuple[torch.Tensor, torch.Tensor]) -> None:
    class Student(Local):
        class probe:
            Trainee = Forged

    net = Net()
    trainee = Trainee(Student(), net)
    train(trainee, *data, RECIPE, 320)
    Far(net).load(trainee.weights(), Far(net).kept())
    with pytest.raises(MismatchError, match="NaN for every example after the training; .* the gradients of step 3"):
        require_numbers(Expect(), [net.eval()(data[0])], trainee.first_nan)


def test_some_rows_of_nan_are_wrong_answers_and_no_more() -> None:
    logits = torch.zeros(4, 10)
    logits[:3, 1] = float("nan")
    require_numbers(Expect(), [logits, torch.zeros(2, 10), None])
