"""Networks become data: what cannot is told with its line, and what a process claims is read with care."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from exercises.checking import Expect, LocalStudent, StudentError
from exercises.learning import Recipe, accuracy
from exercises.recording.record import MAX_BYTES
from grader.checks import trained
from grader.checks.lesson import Built, Lesson
from grader.checks.trained import Learned, Network, NotRecorded, learn, read_parts

HEAD = """
import random
import threading

import numpy
import torch
import torch.nn.functional as F
from torch import nn

"""
NET = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(8, 16)
        self.output = nn.Linear(16, 4)
        {init}

    def forward(self, x):
        y = self.a(x).relu()
        {forward}
        return self.output(y)
"""
PACKAGE = "trained_example"


def written(forward: str = "pass", init: str = "pass", above: str = "") -> str:
    """A module with a network."""
    indented = forward.replace("\n", "\n        ")
    return HEAD + above + NET.format(init=init, forward=indented)


@pytest.fixture
def student_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], LocalStudent]]:
    """From the text of net.py to the student who wrote it."""
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / PACKAGE).mkdir()
    (tmp_path / PACKAGE / "__init__.py").touch()

    def student(source: str) -> LocalStudent:
        (tmp_path / PACKAGE / "net.py").write_text(source, encoding="utf-8")
        importlib.invalidate_caches()
        return LocalStudent(PACKAGE)

    with torch.random.fork_rng(devices=[]):
        yield student
    for module in [name for name in sys.modules if name.startswith(PACKAGE)]:
        del sys.modules[module]


def lesson_of(n: int = 320) -> tuple[Lesson, list[tuple[Tensor, Tensor]]]:
    """Rows of eight numbers, whose class is where the largest of the first four stands."""
    x = torch.randn(n + 60, 8, generator=torch.Generator().manual_seed(1))
    labels = x[:, :4].argmax(1)
    lesson = Lesson(
        "rows",
        x[:n],
        labels[:n],
        Recipe(0.05, 16),
        budget=lambda who, net: 960,
        counted=torch.zeros(2, 8),
        sample=torch.randn(20, 8, generator=torch.Generator().manual_seed(2)),
        seed=3,
        chance_like=0.3,
    )
    return lesson, [(x[n:], labels[n:])]


BUILT = Built(lambda who: who.net.Net)


def network(student: Any) -> Network:
    lesson, exam = lesson_of()
    return Network(student, BUILT, lesson, [inputs for inputs, _ in exam])


def test_a_network_learns_as_data_and_nobody_is_asked(student_of: Callable[[str], LocalStudent]) -> None:
    lesson, exam = lesson_of()
    expect = Expect()
    found = learn(student_of(written()), None, expect, BUILT, lesson, exam)
    assert isinstance(found, Learned) and found.steps == 60 and not found.first_nan
    assert accuracy(found.logits[0], exam[0][1]) > 0.8 and not expect.proposed


FOUND = {  # what is written -> words of the reason; the line with "# here" is the one to blame, if any
    "an item that decides": ("if x.mean().item() > 0:  # here\n    y = y * 2", "", "", "reads values: item"),
    "a truth value that decides": ("if x.sum() > 0:  # here\n    y = y + 1", "", "", "reads values: __bool__"),
    "a number from the input": ("y = y * float(x.abs().max())  # here", "", "", "reads values: __float__"),
    "numpy on the way": (
        "y = y + torch.from_numpy(numpy.tanh(y.detach().numpy()))  # here",
        "",
        "",
        "reads values: numpy",
    ),
    "a list on the way": ("y = y * torch.tensor(x.mean(1, keepdim=True).tolist())  # here", "", "", "values: tolist"),
    "a thread": (
        "found = []\n"
        "one = threading.Thread(target=lambda: found.append(y.detach() * 2))\n"
        "one.start()\none.join()\ny = y + found[0]",
        "",
        "",
        "its record gives others",
    ),
    "a function of one's own": (
        "y = Half.apply(y)  # here",
        "",
        """
class Half(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x / 2

    @staticmethod
    def backward(ctx, gradient):
        return gradient
""",
        "autograd.Function Half",
    ),
    "a hook of the gradient": (
        "if self.training:\n    y.register_hook(lambda gradient: gradient * 2)  # here",
        "",
        "",
        "register_hook",
    ),
    "a counter of Python's": ("self.calls += 1\ny = y * self.calls", "self.calls = 0", "", "its record gives others"),
    "a generator": (
        "y = y + torch.rand(y.shape, generator=self.random)  # here",
        "self.random = torch.Generator().manual_seed(1)",
        "",
        "generator=",
    ),
    "Python's random numbers": ("y = y * random.random()", "", "", "its record gives others"),
    "NumPy's random numbers": (
        "y = y * torch.from_numpy(numpy.random.rand(16)).float()",
        "",
        "",
        "its record gives others",
    ),
    "a state that nobody knows of": (
        "self.state = 0.9 * self.state + y.mean(0).detach()\ny = y + self.state",
        "self.state = torch.zeros(16)",
        "",
        "its record gives others",
    ),
    "autocast": (
        "with torch.autocast('cpu', dtype=torch.bfloat16):\n    y = (y @ torch.ones(16, 16)).float()  # here",
        "",
        "",
        "autocast",
    ),
    "data of a result": ("y.data = y.data.clamp(min=0)  # here", "", "", "an assignment to a tensor's data"),
    "data of a weight": (
        "self.a.weight.data = self.a.weight.data * 0.9  # here",
        "",
        "",
        "an assignment to a tensor's data",
    ),
    "nonzero": ("y = y + (x > 0).nonzero().float().mean()  # here", "", "", "reads values: nonzero"),
    "weights from elsewhere": (
        "pass",
        "self.a.weight.data = torch.from_numpy(numpy.random.default_rng().random((16, 8))).float()",
        "",
        "built from another seed",
    ),
    "a graph of its own": (
        "with torch.enable_grad():\n    y = y * torch.autograd.grad(self.a(x).sum(), self.a.weight, create_graph=True)[0].sum()  # here",
        "",
        "",
        "",
    ),
    "vmap": ("y = torch.func.vmap(lambda row: row * 2)(y)  # here", "", "", ""),
    "sparse": ("y = y + torch.sparse.mm(torch.eye(len(x)).to_sparse(), y)  # here", "", "", ""),
}


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize("name", FOUND)
def test_what_is_no_record_is_found_and_its_line_told(student_of: Callable[[str], LocalStudent], name: str) -> None:
    forward, init, above, words = FOUND[name]
    source = written(forward, init or "pass", above)
    with pytest.raises(NotRecorded) as raised:
        network(student_of(source))
    message = str(raised.value)
    assert words in message, message
    lines = [number for number, line in enumerate(source.splitlines(), start=1) if "# here" in line]
    assert not lines or f"(net.py, line {lines[0]})" in message, message
