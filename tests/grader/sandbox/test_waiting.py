"""Requests whose answer nobody needs wait for the next one: done in order, before it, and never forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import torch

from exercises.checking import Check, Status, StudentError, random_state
from exercises.checking.run import run_check
from grader.sandbox.outside import student as remote
from grader.sandbox.outside.session import Session
from grader.sandbox.protocol import Request

from .helpers import start

MODULES = """
import os, threading, time, torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(2, 2)
        self.log = []
    def train(self, mode=True):
        self.log.append(f"train {mode}")
        return super().train(mode)
    def load_state_dict(self, state):
        self.log.append("load")
        return super().load_state_dict(state)
    def forward(self, x):
        return self.layer(x)

class Grumpy(Net):
    def double(self):
        raise RuntimeError("no double here")

class Deadly(Net):
    def float(self):
        os._exit(3)

def log(net):
    return net.log

def scribble():
    os.write(3, b"never asked for")
"""


@pytest.fixture(scope="module")
def student() -> Iterator[Any]:
    container, remote = start(MODULES)
    with container:
        remote.answer.log  # noqa: B018  the module is imported
        yield remote


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> list[Request]:
    """The frames that are sent."""
    seen: list[Request] = []
    send = Session.request

    def request(self: Session, request: Request, blob: bytes = b"", **limits: Any) -> Any:
        seen.append(request)
        return send(self, request, blob, **limits)

    monkeypatch.setattr(Session, "request", request)
    return seen


def verdict_of(run: Any, student: Any) -> Any:
    check = Check(id="t.one", points=1.0, idea="", needs=(), extra=False, run=run)
    return run_check(check, student, None, reveal=True, earlier={})


def test_silent_calls_travel_together_and_are_done_in_order(student: Any, requests: list[Request]) -> None:
    net = student.answer.Net()
    net.eval().train()
    net.load_state_dict({name: torch.ones_like(value) for name, value in net.state_dict().items()})
    net.eval()
    assert student.answer.log(net) == ["train False", "train True", "load", "train False"]
    assert len(requests) == 3  # building it, its state, the log
    assert torch.equal(net(torch.ones(1, 2)), torch.full((1, 2), 3.0))


def test_other_type_holds_for_what_comes_after(student: Any) -> None:
    net = student.answer.Net().double()
    assert net(torch.zeros(1, 2, dtype=torch.float64)).dtype == torch.float64


def test_next_request_tells_what_went_wrong(student: Any) -> None:
    net = student.answer.Grumpy()
    twin = net.double()
    with pytest.raises(StudentError, match="no double here"):
        student.answer.log(net)
    with pytest.raises(StudentError, match="a step that failed"):
        twin(torch.zeros(1, 2))
    assert student.answer.log(net) == []


def test_check_fails_for_what_waits_at_its_end(student: Any) -> None:
    def careless(student: Any, solution: Any, expect: Any) -> None:
        student.answer.Grumpy().double()

    student.begin(seed=0)
    verdict = verdict_of(careless, student)
    assert verdict.status is Status.FAILED and "no double here" in verdict.got


def test_what_waited_in_a_failed_check_does_not_meet_the_next_one(student: Any) -> None:
    def failing(student: Any, solution: Any, expect: Any) -> None:
        student.answer.Grumpy().double()
        expect.that(False, expected="this", got="that")

    def fine(student: Any, solution: Any, expect: Any) -> None:
        expect.equal(student.answer.log(student.answer.Net()), [])

    student.begin(seed=0)
    assert verdict_of(failing, student).got == "that"
    student.begin(seed=0)
    assert verdict_of(fine, student).status is Status.PASSED


def test_death_while_it_is_done_is_told_and_the_next_process_serves(student: Any) -> None:
    net = student.answer.Deadly()
    net.float()
    with pytest.raises(StudentError, match="exit code 3"):
        net(torch.zeros(1, 2))
    with pytest.raises(StudentError, match="the process that held this object has ended"):
        net.eval()
    assert student.answer.Net()(torch.zeros(1, 2)).shape == (1, 2)


def test_check_that_meets_anothers_scribbling_begins_again_with_all_that_waits(student: Any) -> None:
    def honest(student: Any, solution: Any, expect: Any) -> None:
        net = student.answer.Net()
        expect.equal(student.answer.log(net.eval()), ["train False"])

    student.begin(seed=0)
    with pytest.raises(StudentError):
        student.answer.scribble()
    student.answer.log  # noqa: B018
    student.begin(seed=0)
    assert verdict_of(honest, student).status is Status.PASSED


def test_many_states_go_in_frames_within_the_cap(
    student: Any, requests: list[Request], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "MAX_WAITING", 20)
    net = student.answer.Net()
    state = net.state_dict()
    for seed in range(50):
        net.load_state_dict(random_state(state, seed))
    last = net.state_dict()
    assert torch.equal(last["layer.bias"], random_state(state, 49)["layer.bias"])
    assert max(len(request.tensors) for request in requests) <= 24
    assert student.answer.log(net).count("load") == 50


def test_value_in_capitals_comes_at_once() -> None:
    container, remote = start("NUMBER = 5\n")
    with container:
        assert remote.answer.NUMBER == 5
        assert remote.answer.NUMBER == 5
