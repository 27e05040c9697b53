"""Networks become data: what cannot is told with its line, and what a process claims is read with care."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy
import pytest
import torch

from exercises.checking import Expect, LocalStudent, StudentError
from exercises.learning import accuracy
from exercises.limits import USUAL
from exercises.recording import Recording
from exercises.recording.claim import NotRecorded, read_parts
from exercises.recording.lesson import Built
from exercises.recording.taught import Learned, Network
from grader.checks.trained import learn

from .lessons import lesson_of

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


BUILT = Built(lambda who: who.net.Net)


def network(student: Any) -> Network:
    lesson, exam = lesson_of()
    network = Network(student, BUILT, lesson, [inputs for inputs, _ in exam])
    network.compare()
    return network


def test_a_network_learns_as_data_and_nobody_is_asked(student_of: Callable[[str], LocalStudent]) -> None:
    lesson, exam = lesson_of()
    expect = Expect()
    student = student_of(written())
    found = learn(student, student, expect, BUILT, lesson, exam)
    assert isinstance(found, Learned) and found.steps == 60 and not found.first_nan
    assert accuracy(found.logits[0], exam[0][1]) > 0.8 and not expect.reasons


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
        "the network gives others with other values",
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
    "a counter of Python's": (
        "self.calls += 1\ny = y * self.calls",
        "self.calls = 0",
        "",
        "the network gives others with other values",
    ),
    "a generator": (
        "y = y + torch.rand(y.shape, generator=self.random)  # here",
        "self.random = torch.Generator().manual_seed(1)",
        "",
        "generator=",
    ),
    "Python's random numbers": ("y = y * random.random()", "", "", "the network gives others with other values"),
    "a state that nobody knows of": (
        "self.state = 0.9 * self.state + y.mean(0).detach()\ny = y + self.state",
        "self.state = torch.zeros(16)",
        "",
        "the network gives others with other values",
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
        "with torch.enable_grad():\n    y = y * torch.autograd.grad(self.a(x).sum(), self.a.bias)[0].sum()  # here",
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


HARMLESS = {  # what reads values and does not decide by them is trained as data
    "an assertion": "assert torch.isfinite(x).all() and y.shape[1] == 16",
    "a print": "self.seen = [float(y.mean()), f'{y.sum():.3f}', repr(x)]",
    "a shape": "y = y.reshape(len(x), -1) * (x.shape[1] / 8)",
    "a mask": "y = torch.where(x.sum(1, keepdim=True) > 0, y, -y)",
}


@pytest.mark.filterwarnings("ignore:Converting a tensor with requires_grad:UserWarning")  # told once in a process
@pytest.mark.parametrize("name", HARMLESS)
def test_what_only_looks_at_values_is_trained_as_data(student_of: Callable[[str], LocalStudent], name: str) -> None:
    network(student_of(written(HARMLESS[name])))


def test_a_network_of_another_type_gets_its_inputs_in_it(student_of: Callable[[str], LocalStudent]) -> None:
    lesson, exam = lesson_of()
    found = learn(
        student_of(written(init="self.double()")),
        student_of(written(init="self.double()")),
        Expect(),
        BUILT,
        lesson,
        exam,
    )
    assert found.logits[0].dtype is torch.float64 and accuracy(found.logits[0], exam[0][1]) > 0.8


def test_what_cannot_be_recorded_is_trained_from_outside_and_proposed(
    student_of: Callable[[str], LocalStudent],
) -> None:
    student = student_of(written("if x.sum() > 0:\n    y = y * 1.5"))
    lesson, exam = lesson_of()
    expect = Expect()
    found = learn(student, student, expect, BUILT, lesson, exam)
    assert accuracy(found.logits[0], exam[0][1]) > 0.6 and found.steps == 60
    assert "reads values: __bool__ (net.py, line 20)" in next(iter(expect.reasons))


def test_an_error_of_the_networks_own_is_the_students(student_of: Callable[[str], LocalStudent]) -> None:
    for source in (
        written("y = y @ x"),
        written("raise ValueError('mine')"),
        written(init="self.b = nn.Linear(0.5, 2)"),
    ):
        with pytest.raises(StudentError):
            network(student_of(source))
        for module in [name for name in sys.modules if name.startswith(PACKAGE)]:
            del sys.modules[module]


def test_a_large_literal_is_proposed_and_told(student_of: Callable[[str], LocalStudent]) -> None:
    source = written("y = y + self.table.mean()", "self.table = torch.from_numpy(numpy.ones((200, 200)))")
    with pytest.raises(NotRecorded, match=f"312 of them numbers that it brings along; at most {USUAL.record_kb} are"):
        network(student_of(source))


def test_weights_of_a_given_file_are_no_literals(
    student_of: Callable[[str], LocalStudent], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "exercises" / "given").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    numpy.save("exercises/given/table.npy", numpy.random.default_rng(1).random((16, 4000), dtype=numpy.float32))
    load = "torch.from_numpy(numpy.load('exercises/given/table.npy'))"
    source = written(
        "y = y + (y @ TABLE)[:, 1:17] + ROWS[:, 3]", above=f"TABLE = {load}\nROWS = TABLE[:16].T[5:20:2].T\n"
    )
    made = network(student_of(source))
    assert sum(one.nbytes for one in made._parts["literals"]) < 1000
    assert any("exercises/given/table.npy" in text for _, _, text in made._parts["passes"])


# -- what a process claims --------------------------------------------------------------------------------------------


WITHOUT = ("build", "passes", "parameters", "buffers", "literals")
CHANGED: dict[str, Callable[[dict[str, Any]], Any]] = {
    "nothing": lambda parts: None,
    "a text": lambda parts: "parts",
    "a list": lambda parts: list(parts.values()),
    **{f"no {key}": lambda parts, key=key: {k: v for k, v in parts.items() if k != key} for key in WITHOUT},
    **{f"{key} a number": lambda parts, key=key: {**parts, key: 7} for key in WITHOUT},
    "no text": lambda parts: {**parts, "build": b"bytes"},
    "no JSON": lambda parts: {**parts, "build": "{"},
    "a tensor for a text": lambda parts: {**parts, "build": torch.zeros(3)},
    "passes of two": lambda parts: {**parts, "passes": [one[:2] for one in parts["passes"]]},
    "shapes that are none": lambda parts: {**parts, "passes": [[1, 7, one[2]] for one in parts["passes"]]},
    "shapes in texts": lambda parts: {**parts, "passes": [[1, ["ab"], one[2]] for one in parts["passes"]]},
    "a mode that is none": lambda parts: {**parts, "passes": [["on", one[1], one[2]] for one in parts["passes"]]},
    "literals that are none": lambda parts: {**parts, "literals": [1, "two"]},
    "literals in a dict": lambda parts: {**parts, "literals": {"0": torch.zeros(1)}},
    "a parameter that is not built": lambda parts: {**parts, "parameters": [*parts["parameters"], ["no.such", 1]]},
    "a parameter of whole numbers": lambda parts: {**parts, "build": whole_numbers(parts)},
    "a parameter twice": lambda parts: {**parts, "parameters": [*parts["parameters"], parts["parameters"][0]]},
    "a parameter by a number": lambda parts: {**parts, "parameters": [[7, 1]]},
    "no parameters": lambda parts: {**parts, "parameters": []},
    "a buffer that is not built": lambda parts: {**parts, "buffers": ["no.such"]},
    "no passes": lambda parts: {**parts, "passes": []},
    "the passes of one mode": lambda parts: {**parts, "passes": [one for one in parts["passes"] if one[0]]},
    "another operation": lambda parts: {**parts, "passes": other(parts, "nn.linear", "torch.conv2d")},
    "an operation that is none": lambda parts: {**parts, "passes": other(parts, "nn.linear", "Tensor.numpy")},
    "a pass that gives a tuple": lambda parts: {**parts, "passes": gives(parts, {"u": [{"t": 0}]})},
    "a pass that gives nothing": lambda parts: {**parts, "passes": gives(parts, None)},
    "a pass that gives its input": lambda parts: {**parts, "passes": gives(parts, {"t": 0})},
    "a pass of two inputs": lambda parts: {**parts, "passes": inputs(parts, 2)},
}


def other(parts: dict[str, Any], old: str, new: str) -> list[Any]:
    return [[mode, shapes, text.replace(old, new)] for mode, shapes, text in parts["passes"]]


def gives(parts: dict[str, Any], outputs: Any) -> list[Any]:
    return [
        [mode, shapes, json.dumps({**json.loads(text), "outputs": outputs})] for mode, shapes, text in parts["passes"]
    ]


def inputs(parts: dict[str, Any], count: int) -> list[Any]:
    return [[mode, shapes, json.dumps({**json.loads(text), "inputs": count})] for mode, shapes, text in parts["passes"]]


def whole_numbers(parts: dict[str, Any]) -> str:
    content = json.loads(parts["build"])
    content["nodes"].append(["torch.arange", [4], {}, 90_000, 1])
    content["named"]["output.bias"] = 90_000
    return json.dumps(content)


@pytest.mark.parametrize("name", CHANGED)
def test_a_forged_claim_is_an_error_of_the_students_or_proposed(
    student_of: Callable[[str], LocalStudent], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    given = Recording.parts
    monkeypatch.setattr(Recording, "parts", lambda self: CHANGED[name](given(self)))
    with pytest.raises((StudentError, NotRecorded)):
        network(student_of(written()))


NOTES: dict[str, Any] = {
    "nothing": None,
    "a list": [],
    "no refusals": {"reads": [], "by_structure": False},
    "refusals that are none": {"refused": 7, "reads": "x", "by_structure": "yes"},
    "places that are none": {"refused": [7, [1, 2, 3], ["a"], ["a", "b", "c"]], "reads": [[]], "by_structure": []},
}


@pytest.mark.parametrize("name", NOTES)
def test_forged_notes_are_an_error_of_the_students_or_proposed_or_worth_nothing(
    student_of: Callable[[str], LocalStudent], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(Recording, "notes", lambda self: NOTES[name])
    try:
        network(student_of(written()))
    except (StudentError, NotRecorded):
        return
    assert name in ("refusals that are none", "places that are none", "no refusals")


BEHAVIOUR: dict[str, Any] = {
    "nothing": None,
    "a list": [1],
    "no outputs": {"buffers": {}, "gradients": {}},
    "outputs that are none": {"outputs": 7, "buffers": {}, "gradients": {}},
    "texts": {"outputs": ["a", "b"], "buffers": {"a": "b"}, "gradients": {}},
    "buffers in a list": {"outputs": [], "buffers": [1], "gradients": []},
}


@pytest.mark.parametrize("name", BEHAVIOUR)
def test_a_forged_behaviour_is_an_error_of_the_students_or_proposed(
    student_of: Callable[[str], LocalStudent], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    behave = Recording.behave

    def forged(self: Recording, asked: Any, seed: int) -> Any:
        return {**behave(self, asked, seed), "shown": [BEHAVIOUR[name]] * len(asked)}

    student = student_of(written())
    monkeypatch.setattr(Recording, "behave", forged)
    with pytest.raises((StudentError, NotRecorded)):
        network(student)


def test_a_claim_over_the_cap_says_how_large(student_of: Callable[[str], LocalStudent]) -> None:
    parts = network(student_of(written()))._parts
    with pytest.raises(NotRecorded, match=f"at most {USUAL.record_kb} are taken as data"):
        read_parts({**parts, "literals": [torch.zeros(USUAL.record_kb << 10)]}, USUAL.record_kb)
    assert read_parts(parts, USUAL.record_kb) == parts
