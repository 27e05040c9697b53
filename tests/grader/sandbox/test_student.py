"""What a check gets from code that lives in the sandbox, and what it is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import torch

from exercises.checking import StudentError, randomise
from grader.sandbox.errors import SessionEndedError
from grader.sandbox.outside import student as remote
from grader.sandbox.outside.container import Container

from .helpers import start

HONEST = """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, width=3):
        super().__init__()
        self.layer = nn.Linear(4, width)
    def forward(self, x):
        return self.layer(x)

def echo(*args, **kwargs):
    return args, kwargs

def numpy_array():
    return torch.ones(2).numpy()

def noise():
    return torch.rand(3)

def quirks():
    torch.set_default_dtype(torch.float64)
    torch.set_grad_enabled(False)

def settings():
    return str(torch.get_default_dtype()), torch.is_grad_enabled(), torch.get_num_threads()

def wrong():
    raise KeyError("no such key")

def leave():
    raise SystemExit(0)
"""


@pytest.fixture(scope="module")
def student() -> Iterator[Any]:
    container, remote = start(HONEST)
    with container:
        yield remote


def test_values_and_tensors_come_back_as_they_were_sent(student: Any) -> None:
    x = torch.randn(2, 3, dtype=torch.float64)
    args, kwargs = student.answer.echo(x, 3, 2.5, "text", None, True, (1, [2]), key={"inner": torch.tensor([1, 2])})
    assert torch.equal(args[0], x) and args[0].dtype == torch.float64
    assert args[1:] == (3, 2.5, "text", None, True, (1, [2]))
    assert torch.equal(kwargs["key"]["inner"], torch.tensor([1, 2]))


def test_object_is_built_called_and_read_through_its_handle(student: Any) -> None:
    net = student.answer.Net(width=2)
    assert net.type_name == "Net"
    assert tuple(net(torch.zeros(5, 4)).shape) == (5, 2)
    assert net.layer.out_features == 2
    randomise(net, seed=1)
    state = net.state_dict()
    x = torch.ones(1, 4)
    assert torch.allclose(net(x), x @ state["layer.weight"].T + state["layer.bias"])
    assert net.double()(torch.zeros(1, 4, dtype=torch.float64)).dtype == torch.float64


def test_handle_has_no_truth_value_and_no_equality(student: Any) -> None:
    net = student.answer.Net()
    with pytest.raises(TypeError, match="truth value"):
        bool(net)
    with pytest.raises(TypeError, match="compared"):
        _ = net == net


def test_numpy_array_comes_as_one(student: Any) -> None:
    assert student.answer.numpy_array().tolist() == [1, 1]


def test_exception_comes_with_its_kinds_and_the_students_line(student: Any) -> None:
    with pytest.raises(StudentError) as caught:
        student.answer.wrong()
    assert caught.value.summary == "KeyError: 'no such key'"
    assert "LookupError" in caught.value.kinds
    assert caught.value.where[-1][0] == "answer.py" and "raise KeyError" in caught.value.where[-1][2]


def test_system_exit_is_an_error_and_the_session_goes_on(student: Any) -> None:
    with pytest.raises(StudentError, match="SystemExit"):
        student.answer.leave()
    assert student.answer.echo(1)[0] == (1,)


def test_recursion_that_was_allowed_to_go_deep_is_an_error_and_no_act() -> None:
    source = "import sys\nsys.setrecursionlimit(40_000)\n\ndef down(n):\n    return down(n + 1)\n"
    container, student = start(source)
    with container, pytest.raises(StudentError, match="RecursionError: maximum recursion depth") as caught:
        student.answer.down(0)
    assert student.acts == [] and caught.value.where[-1][:2] == ("answer.py", 5)


def test_missing_name_is_said_by_file_and_name(student: Any) -> None:
    with pytest.raises(StudentError, match=r"answer\.py has no Nett"):
        student.answer.Nett()


def test_global_settings_of_student_code_are_undone(student: Any) -> None:
    student.answer.quirks()
    assert student.answer.settings() == ("torch.float32", True, 1)


def test_same_seed_gives_the_same_random_numbers(student: Any) -> None:
    drawn = []
    for seed in (7, 7, 8):
        student.seed(seed)
        drawn.append(student.answer.noise())
    assert torch.equal(drawn[0], drawn[1]) and not torch.equal(drawn[0], drawn[2])


def test_input_gradient_is_measured_beside_the_network(student: Any) -> None:
    net = student.answer.Net(width=1)
    gradient = student.probe.input_gradient(net, torch.zeros(2, 4), torch.ones(2, 1))
    assert torch.allclose(gradient, net.state_dict()["layer.weight"].expand(2, 4))


def test_tensor_that_stands_for_many_values_is_an_act() -> None:
    source = HONEST + (
        "\n"
        "def many():\n    import gc\n"
        "    for thing in gc.get_objects():\n"
        "        if type(thing).__name__ == 'Session' and hasattr(thing, 'answer'):\n"
        "            answer = thing.answer\n"
        "            def forged(request, blob):\n"
        "                from dataclasses import replace\n"
        "                found, encoder = answer(request, blob)\n"
        "                encoder = type(encoder)()\n"
        "                encoder.encode(torch.ones(3))\n"
        "                twice = {'l': [{'x': 0}, {'x': 0}]}\n"
        "                return replace(found, value=twice, tensors=encoder.shapes), encoder\n"
        "            thing.answer = forged\n"
    )
    container, student = start(source)
    with container:
        student.answer.many()
        with pytest.raises(StudentError, match="cannot be read"):
            student.answer.echo(1)
        assert len(student.acts) == 1


def test_cells_of_a_notebook_share_their_processor_time(monkeypatch: pytest.MonkeyPatch) -> None:
    container, student = start("")
    with container:
        cells = student.run_cells([["one", "a = 1; a"], ["two", "a + 1"], ["three", "a + 2"]])
        assert [next(cells)[0], next(cells)[0]] == ["one", "two"]
        monkeypatch.setattr(remote, "UNASKED_S", 0.0)
        monkeypatch.setattr(Container, "spent_until_now_s", lambda self: 1000.0)
        with pytest.raises(SessionEndedError, match="32 s of processor time together"):
            next(cells)
