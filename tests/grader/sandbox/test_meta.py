"""Networks on "meta": of any size, alike at home and in the sandbox, with numbers that were reckoned by hand."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from exercises.checking import LocalStudent, StudentError

from .helpers import start

NETS = """
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn


def vgg(num_classes=1000):
    layers, channels = [], 3
    for width, count in ((64, 2), (128, 2), (256, 4), (512, 4), (512, 4)):
        for _ in range(count):
            layers += [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU(inplace=True)]
            channels = width
        layers.append(nn.MaxPool2d(2))
    head = [nn.Linear(512 * 49, 4096), nn.ReLU(), nn.Linear(4096, 4096), nn.ReLU(), nn.Linear(4096, num_classes)]
    return nn.Sequential(*layers, nn.Flatten(), *head)


class Twice(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.layer, self.act = nn.Linear(width, width), nn.ReLU()
    def forward(self, x):
        return self.layer(self.act(self.layer(x)))


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.one, self.two = nn.Linear(20, 20), nn.Linear(20, 20)
        self.two.weight = self.one.weight
    def forward(self, x):
        return self.two(self.one(x))


class ByHand(nn.Module):
    def __init__(self, width=5000):
        super().__init__()
        self.drop = [rate.item() for rate in torch.linspace(0, 0.1, 4)]
        self.kernel = [torch.ones(3, width)]
        self.register_buffer("places", torch.sin(torch.arange(width).unsqueeze(1) * torch.arange(8)))
        self.layer = nn.Linear(width, width)
    def forward(self, x):
        out = torch.zeros(x.shape[0], 3)
        hidden = self.layer(x)
        for i in range(3):
            out[:, i] = (hidden * self.kernel[0][i]).sum(1)
        return out @ torch.ones(3)


class Several(nn.Module):
    def forward(self, first, second):
        return first + 1, {"both": torch.cat([first, second], dim=1)}


class Asks(nn.Module):
    def forward(self, x):
        return x if x.sum() > 0 else -x


def lazy():
    return nn.Sequential(nn.LazyConv2d(4, 3), nn.Flatten(), nn.LazyLinear(10))


def convolution(*args, **kwargs):
    return nn.Conv2d(*args, **kwargs)


def table():
    return nn.Sequential(nn.Embedding(50_000, 64), nn.Linear(64, 50_000))


def refuses():
    raise KeyError("no such width")


def first_operation():
    before, begin = set(sys.modules), time.process_time()
    with torch.device("meta"):
        net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(36, 5))
    net(torch.empty(2, 3, 5, 5, device="meta"))
    return sorted(set(sys.modules) - before), time.process_time() - begin
"""
VGG_LAYERS = [(3, 64), (64, 64), (64, 128), (128, 128), (128, 256), *[(256, 256)] * 3, (256, 512), *[(512, 512)] * 7]
VGG_WEIGHTS = sum(9 * into * out for into, out in VGG_LAYERS) + 512 * 49 * 4096 + 4096 * 4096 + 4096 * 1000
VGG_BIASES = 2 * 64 + 2 * 128 + 4 * 256 + 8 * 512 + 2 * 4096 + 1000
VGG_PRODUCTS = (
    224**2 * 9 * (3 * 64 + 64 * 64)
    + 112**2 * 9 * (64 * 128 + 128 * 128)
    + 56**2 * 9 * (128 * 256 + 3 * 256 * 256)
    + 28**2 * 9 * (256 * 512 + 3 * 512 * 512)
    + 14**2 * 9 * 4 * 512 * 512
    + 512 * 49 * 4096
    + 4096 * 4096
    + 4096 * 1000
)


@pytest.fixture(scope="module", params=["home", "sandbox"])
def student(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    if request.param == "sandbox":
        container, remote = start(NETS)
        with container:
            yield remote
        assert remote.acts == []
        return
    folder: Path = tmp_path_factory.mktemp("home") / "nets_at_home"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "answer.py").write_text(NETS, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder.parent)
        yield LocalStudent("nets_at_home")
    sys.modules.pop("nets_at_home", None)


def test_network_of_140_million_parameters_is_looked_at_and_never_filled(student: Any) -> None:
    net = student.probe.on_meta(student.answer.vgg)
    assert student.probe.parameter_count(net) == VGG_WEIGHTS + VGG_BIASES == 143_667_240
    assert student.probe.multiply_adds(net, (3, 224, 224)) == VGG_PRODUCTS == 19_632_062_464
    shapes = student.probe.shapes(net, (2, 3, 224, 224))
    assert len(shapes) == 16 * 2 + 5 + 1 + 5 + 1
    assert shapes[:2] == [("0", (2, 64, 224, 224)), ("1", (2, 64, 224, 224))]
    assert dict(shapes)["36"] == (2, 512, 7, 7) and shapes[-1] == ("", (2, 1000))


def test_arguments_of_the_class_travel_with_it(student: Any) -> None:
    net = student.probe.on_meta(student.answer.vgg, (), {"num_classes": 10})
    assert student.probe.shapes(net, (1, 3, 224, 224))[-1] == ("", (1, 10))
    assert student.probe.multiply_adds(net, (3, 224, 224)) == VGG_PRODUCTS - 4096 * 990


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "shape", "products"),
    [
        ("Twice", (6,), {}, (6,), 2 * 36),
        ("Twice", (6,), {}, (5, 6), 2 * 5 * 36),
        ("Tied", (), {}, (20,), 2 * 400),
        ("convolution", (8, 12, 3), {"stride": 2, "padding": 1, "groups": 4}, (8, 9, 9), 12 * 5 * 5 * 2 * 9),
        ("convolution", (8, 8, 3), {"groups": 8, "dilation": 2}, (8, 9, 9), 8 * 5 * 5 * 9),
        ("lazy", (), {}, (3, 9, 9), 4 * 7 * 7 * 27 + 4 * 7 * 7 * 10),
        ("ByHand", (), {}, (5000,), 5000 * 5000 + 3),
    ],
)
def test_multiply_adds_are_those_that_were_reckoned(
    student: Any, name: str, args: Any, kwargs: Any, shape: Any, products: int
) -> None:
    net = student.probe.on_meta(getattr(student.answer, name), args, kwargs)
    assert student.probe.multiply_adds(net, shape) == products


def test_layer_that_is_used_twice_stands_there_twice(student: Any) -> None:
    net = student.probe.on_meta(student.answer.Twice, (6,))
    assert student.probe.shapes(net, (4, 6)) == [("layer", (4, 6)), ("act", (4, 6)), ("layer", (4, 6)), ("", (4, 6))]
    assert student.probe.parameter_count(net) == 42


def test_shared_parameters_count_once_and_lazy_ones_after_an_input(student: Any) -> None:
    assert student.probe.parameter_count(student.probe.on_meta(student.answer.Tied)) == 400 + 2 * 20
    net = student.probe.on_meta(student.answer.lazy)
    with pytest.raises(StudentError, match="a lazy layer has no parameters before an input has passed"):
        student.probe.parameter_count(net)
    student.probe.shapes(net, (1, 3, 9, 9))
    assert student.probe.parameter_count(net) == 4 * 27 + 4 + 196 * 10 + 10


def test_inputs_may_be_several_or_whole_numbers(student: Any) -> None:
    net = student.probe.on_meta(student.answer.Several)
    assert student.probe.shapes(net, [(2, 3), (2, 4)]) == [("", ((2, 3), {"both": (2, 7)}))]
    assert student.probe.multiply_adds(net, [(3,), (4,)]) == 0
    table = student.probe.on_meta(student.answer.table)
    assert student.probe.shapes(table, (2, 7), torch.int64)[-1] == ("", (2, 7, 50_000))
    assert student.probe.multiply_adds(table, (7,), torch.int64) == 7 * 64 * 50_000


def test_network_with_values_is_measured_alike_and_stays_as_it_was(student: Any) -> None:
    net = student.answer.Twice(6)
    assert student.probe.multiply_adds(net, (6,)) == 2 * 36
    assert student.probe.shapes(net, (4, 6))[-1] == ("", (4, 6)) and net.training is True


def test_what_needs_values_is_said_in_words_with_the_students_line(student: Any) -> None:
    net = student.probe.on_meta(student.answer.Asks)
    with pytest.raises(
        StudentError, match="only shapes are known here, and the code asks for a tensor's val"
    ) as caught:
        student.probe.shapes(net, (2, 3))
    assert caught.value.where[-1][2] == "return x if x.sum() > 0 else -x"
    with pytest.raises(StudentError, match="KeyError: 'no such width'"):
        student.probe.on_meta(student.answer.refuses)


def test_state_on_meta_stays_where_it_is(student: Any) -> None:
    state = student.probe.on_meta(student.answer.Twice, (6,)).state_dict()
    assert "meta" in state["layer.weight"].type_name


def test_first_operation_on_meta_imports_nothing_in_a_session() -> None:
    container, student = start(NETS)
    with container:
        imported, seconds = student.answer.first_operation()
    assert imported == [] and seconds < 0.5  # 0.01 s on a machine that does nothing else


TRAINING = """
import torch
from torch import nn

def train():
    torch.manual_seed(3)
    net = nn.Sequential(nn.Conv2d(1, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.Flatten(), nn.Linear(8 * 36, 10))
    optimizer = torch.optim.AdamW(net.parameters(), lr=1e-2)
    for _ in range(10):
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(torch.randn(16, 1, 8, 8)), torch.arange(16) % 10).backward()
        optimizer.step()
    return torch.cat([parameter.detach().reshape(-1) for parameter in net.parameters()])
"""


@pytest.mark.parametrize("forks", [3, pytest.param(50, marks=pytest.mark.slow)])
def test_forks_of_the_warm_process_train_as_a_process_of_their_own_bit_for_bit(tmp_path: Path, forks: int) -> None:
    alone = textwrap.dedent(f"{TRAINING}\ntorch.set_num_threads(1)\ntorch.save(train(), {str(tmp_path / 'alone')!r})")
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    subprocess.run([sys.executable, "-c", alone], check=True, env=environment, timeout=300)
    due = torch.load(tmp_path / "alone")
    container, student = start(NETS + TRAINING)
    with container:
        for number in range(forks):
            student.fresh_process()
            if number % 2:
                student.answer.first_operation()
            assert torch.equal(student.answer.train(), due)
