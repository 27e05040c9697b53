"""Networks of the student's as data, `student.probe.network`: at home and in the sandbox."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from exercises.checking import StudentError

from .helpers import in_both, start

SOURCE = '''
import threading
import numpy as np
import torch
from torch import nn

class Net(nn.Module):
    """Two layers, a norm, and a layer that nobody uses."""
    def __init__(self, cut=False):
        super().__init__()
        self.first, self.norm, self.last = nn.Linear(4, 6), nn.BatchNorm1d(6), nn.Linear(6, 2)
        self.unused = nn.Linear(3, 3)
        self.cut = cut
    def forward(self, x):
        hidden = self.norm(self.first(x)).relu()
        return self.last(hidden.detach() if self.cut else hidden)

class Kept(nn.Module):
    """Makes its kernel in the first pass, and keeps it."""
    kernel = None
    def forward(self, x):
        if self.kernel is None:
            self.kernel = torch.arange(3.0) / 3
        return x.unfold(-1, 3, 1) @ self.kernel

class Pool(nn.Module):
    def forward(self, x):
        return getattr(nn.functional, "max_" + "pool2d")(x, 2)

class ByHand(nn.Module):
    def forward(self, x):
        return x.unfold(-2, 2, 2).unfold(-2, 2, 2).amax(dim=(-2, -1))

class Threaded(nn.Module):
    def forward(self, x):
        found = []
        worker = threading.Thread(target=lambda: found.append(Pool()(x)))
        worker.start()
        worker.join()
        return found[0]

class Copied(nn.Module):
    def forward(self, x):
        return torch.from_numpy(np.maximum(x.detach().numpy(), 0.5))

class Read(nn.Module):
    def forward(self, x):
        return x * x.max().item()

class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x
    @staticmethod
    def backward(ctx, gradient):
        return 2 * gradient * ctx.saved_tensors[0]

def square(x):
    return Square.apply(x)

def double(x):
    return 2 * x

class Writes(nn.Module):
    def forward(self, x):
        return x.mul_(2)

class Forgets(nn.Module):
    """Has no return."""
    def forward(self, x):
        x.relu()

class Unknown(nn.Module):
    """Holds a norm that torch does not know of: it stays in training."""
    def __init__(self):
        super().__init__()
        self.parts = [nn.BatchNorm1d(4)]
    def forward(self, x):
        return self.parts[0](x)

class Long(nn.Module):
    def forward(self, x):
        for _ in range(2000):
            x = x + 1
        return x

def lazy():
    return nn.LazyLinear(5)

class Broken(nn.Module):
    def forward(self, x):
        raise KeyError("mine")

class Prints(nn.Module):
    def forward(self, x):
        print(x, f"{x.sum():.3f}")
        return x.relu()
'''


@pytest.fixture(scope="module")
def students(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    yield from in_both(tmp_path_factory, "recorded_at_home", SOURCE)


class Same(nn.Module):
    """What Net is."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.norm, self.last = nn.Linear(4, 6), nn.BatchNorm1d(6), nn.Linear(6, 2)
        self.unused = nn.Linear(3, 3)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.last(self.norm(self.first(x)).relu())
        return out


@pytest.mark.parametrize("training", [True, False])
def test_a_network_is_measured_on_its_record(student: Any, training: bool) -> None:
    x, weights, reference = torch.randn(5, 4), torch.randn(5, 2), Same()
    network = student.probe.network(student.answer.Net(), x)
    network.train(training).load(reference.state_dict())
    reference.train(training)
    before = {name: one.clone() for name, one in reference.state_dict().items()}
    mine = x.clone().requires_grad_(True)
    due = reference(mine)
    (gradient,) = torch.autograd.grad((due * weights).sum(), mine)
    assert torch.allclose(network(x), due.detach(), atol=1e-6)
    network.load(before)
    assert torch.allclose(network.input_gradient(x, weights), gradient, atol=1e-6)
    found = network.parameter_gradients(x)
    assert set(found) == set(dict(reference.named_parameters()))
    assert found["unused.weight"].isnan().all() and found["first.weight"].any()
    assert network.parameter_shapes() == {name: tuple(one.shape) for name, one in reference.named_parameters()}
    assert network.used() == {name for name in found if not name.startswith("unused")}
    assert {"nn.linear", "torch.batch_norm"} <= set(network.operations())
    assert network.multiply_adds((4,)) == 4 * 6 + 6 * 2
    assert network.attested == ""


def test_a_part_that_is_cut_off_gets_no_gradient(student: Any) -> None:
    network = student.probe.network(student.answer.Net(cut=True), torch.randn(5, 4), modes=(False,))
    found = network.parameter_gradients(torch.randn(5, 4))
    assert found["first.weight"].isnan().all() and found["last.weight"].any()
    assert network.attested == ""


def test_layers_that_torch_does_not_know_of_are_brought_along(student: Any) -> None:
    x = torch.randn(6, 4)
    network = student.probe.network(student.answer.Unknown(), x)
    assert torch.allclose(network(x), F.batch_norm(x, None, None, training=True), atol=1e-6)
    assert network.attested == "" and network.parameter_shapes() == {}


def test_lazy_layers_take_their_sizes_before(student: Any) -> None:
    network = student.probe.network(student.answer.lazy(), torch.randn(2, 3))
    assert network.attested == ""
    assert network.parameter_shapes() == {"weight": (5, 3), "bias": (5,)}


def test_a_long_record_is_measured_all_the_same(student: Any) -> None:
    """What is trained as data is far smaller: see `exercises.recording.record`."""
    network = student.probe.network(student.answer.Long(), torch.ones(3), modes=(False,))
    assert torch.allclose(network(torch.ones(3)), torch.full((3,), 2001.0)) and network.attested == ""


def test_other_shapes_are_recorded_when_they_are_asked_for(student: Any) -> None:
    network = student.probe.network(student.answer.double, torch.randn(2, 3))
    for shape in ((2, 3), (4,), (1, 5, 2)):
        x = torch.randn(shape)
        assert torch.equal(network(x), 2 * x)
    assert network.attested == ""


def test_what_is_made_in_the_first_pass_and_kept_is_no_doubt(student: Any) -> None:
    x = torch.randn(2, 7)
    network = student.probe.network(student.answer.Kept(), x)
    assert torch.allclose(network(x), x.unfold(-1, 3, 1) @ (torch.arange(3.0) / 3))
    assert network.attested == ""


def test_pooling_of_torch_shows_whatever_it_was_called_by(student: Any) -> None:
    x = torch.randn(1, 2, 4, 4)
    found = student.probe.network(student.answer.Pool(), x).operations()
    assert [name for name in found if "pool" in name]
    by_hand = student.probe.network(student.answer.ByHand(), x)
    assert not [name for name in by_hand.operations() if "pool" in name] and by_hand.attested == ""
    assert torch.equal(by_hand(x), F.max_pool2d(x, 2))


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Threaded", "values come from where nobody sees them made"),
        ("Copied", "other inputs give another record: it reads values: "),
        ("Read", r"it reads values: .*answer\.py, line [0-9]+"),
    ],
)
def test_what_no_operation_hands_on_is_told_and_measured_where_it_runs(student: Any, name: str, why: str) -> None:
    x = torch.randn(1, 2, 4, 4)
    thing = getattr(student.answer, name)()
    network = student.probe.network(thing, x)
    assert torch.equal(network(x), thing(x.clone()))
    assert re.search(why, network.attested)


def test_a_gradient_of_its_own_is_attested(student: Any) -> None:
    x = torch.randn(2, 3)
    network = student.probe.network(student.answer.square, x)
    assert network.attested.startswith("the network cannot be written down: autograd.Function Square (answer.py, line ")
    assert torch.allclose(network.input_gradient(x, torch.ones(2, 3)), 2 * x)


def test_a_mistake_is_told_in_its_own_words(student: Any) -> None:
    network = student.probe.network(student.answer.Broken(), torch.ones(2))
    assert "KeyError" in network.attested
    with pytest.raises(StudentError, match="KeyError: 'mine'"):
        network.input_gradient(torch.ones(2), torch.ones(2))


def test_what_is_printed_is_no_part_of_a_network(student: Any) -> None:
    x = torch.randn(5)
    network = student.probe.network(student.answer.Prints(), x)
    assert torch.equal(network(x), x.relu()) and network.attested == ""
    assert [name for name in network.operations() if "relu" in name] == ["Tensor.relu"]
    assert not [name for name in network.operations() if "masked" in name or "ceil" in name]


def test_a_forgotten_return_is_recorded_as_it_is(student: Any) -> None:
    network = student.probe.network(student.answer.Forgets(), torch.ones(2))
    assert network(torch.ones(2)) is None and network.operations() == ["Tensor.relu"] and network.attested == ""


def test_inputs_of_a_check_stay_as_they_are(student: Any) -> None:
    x = torch.ones(3)
    network = student.probe.network(student.answer.Writes(), x)
    assert torch.equal(network(x), 2 * torch.ones(3)) and torch.equal(x, torch.ones(3))


FORGING = '''
import gc, sys, torch
from torch import nn

class Cut(nn.Module):
    """Its values are right, and no gradient goes through."""
    def forward(self, x):
        for one in gc.get_objects():
            if isinstance(one, type(sys)) and hasattr(one, "input_gradient"):
                one.input_gradient = lambda module, inputs, weights: 2 * weights
        return 2 * x.detach()
'''


def test_points_for_a_forged_gradient_wait_for_a_person() -> None:
    container, student = start(FORGING)
    x, w = torch.randn(2, 3), torch.randn(2, 3)
    with container:
        network = student.probe.network(student.answer.Cut(), x, modes=(True,))
        assert torch.equal(network(x), 2 * x)
        found = network.input_gradient(x, w)
    assert not found.any() or network.attested
