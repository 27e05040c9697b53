"""Given modules as a check gets them: trusted copies, with the time that a training takes."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from exercises.checking import StudentError
from grader.sandbox.inside import session
from grader.sandbox.outside.budget import Allowance, Budget

from .helpers import start

HOSTILE = """
import sys, time, types
import torch
from torch import nn

fake = types.ModuleType("exercises.learning")
fake.accuracy = lambda *_: 1.0
sys.modules["exercises.learning"] = fake


class Slow(nn.Module):
    def forward(self, x):
        end = time.process_time() + 1.5
        while time.process_time() < end:
            pass
        return x


class Wrong(nn.Module):
    def forward(self, x):
        return x[0]
"""


@pytest.fixture(scope="module")
def student() -> Iterator[Any]:
    container, remote = start(HOSTILE, budget=Budget(request=Allowance(cpu_s=0.5, wall_s=30.0)))
    with container:
        yield remote


def test_what_measures_is_not_the_students(student: Any) -> None:
    student.begin(seed=0)
    student.answer.Slow()
    assert student.learning.accuracy(torch.eye(2), torch.tensor([1, 1])) == 0.5


def test_given_modules_have_the_time_of_a_training_and_nothing_else_does(student: Any) -> None:
    student.begin(seed=0)
    net = student.answer.Slow()
    assert student.learning.predict(net, torch.eye(2)).equal(torch.eye(2))
    with pytest.raises(StudentError, match="processor time"):
        torch.as_tensor(net(torch.eye(2)))


def test_the_loops_words_are_told(student: Any) -> None:
    student.begin(seed=0)
    with pytest.raises(StudentError, match="not \\(2, num_classes\\)"):
        student.learning.predict(student.answer.Wrong(), torch.eye(2))


def test_a_given_module_that_cannot_be_imported_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    named = {
        "lost": SimpleNamespace(package="exercises.digits", given=("practise",)),
        "sound": SimpleNamespace(package="exercises.digits", given=("training",)),
    }
    monkeypatch.setattr(session, "assignment_names", lambda: tuple(named))
    monkeypatch.setattr(session, "load_assignment", lambda name: named[name])
    monkeypatch.setattr(session, "GIVEN", {})
    monkeypatch.setattr(session, "BROKEN", {})
    session.remember_given()
    assert {"exercises.digits.training", "exercises.learning"} <= session.GIVEN.keys()
    with pytest.raises(StudentError, match=r"exercises/digits/practise\.py cannot be imported: ModuleNotFoundError"):
        session._module("exercises.digits.practise")
