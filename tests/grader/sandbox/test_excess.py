"""What holds more than travels: a finding about the answer, alike at home and in the sandbox, and no act."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from exercises import assignment
from exercises.checking import Cause, LocalStudent, Status, StudentError, check
from exercises.checking.expect import describe
from exercises.checking.run import run_check
from exercises.limits import AssignmentLimits
from grader.sandbox.inside.confine import Limits

from .helpers import start

ANSWERS = """
import numpy
import torch
from torch import nn

class Large(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(1024, 2048)
    def forward(self, x):
        return torch.zeros(x.shape[0], 1 << 20)

def floats(count):
    return torch.zeros(count)

def in_parts(count):
    return {"first": torch.zeros(count), "rest": [numpy.zeros(count, numpy.float32)] * 2}

def tensors(count):
    return [torch.zeros(1)] * count

def numbers(count):
    return list(range(count))

def axes(count):
    return torch.zeros([1] * count)

def deep(count):
    value = 1
    for _ in range(count):
        value = [value]
    return value

def fine():
    return 1
"""
MB = (1 << 20) // 4  # numbers


@pytest.fixture(scope="module", params=["home", "sandbox"])
def student(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """With room for 4 MB in an answer."""
    if request.param == "sandbox":
        container, remote = start(ANSWERS, Limits(answer_mb=4))
        with container:
            yield remote
        assert remote.acts == []
        return
    folder: Path = tmp_path_factory.mktemp("home") / "at_home"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "answer.py").write_text(ANSWERS, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder.parent)
        patch.setattr(assignment, "limits_of", lambda name: AssignmentLimits(answer_mb=4))
        yield LocalStudent("at_home")
    sys.modules.pop("at_home", None)


@pytest.mark.parametrize(
    ("call", "argument", "size"),
    [("floats", 31 * MB, "31"), ("floats", 4 * MB + 9000, "4.03"), ("in_parts", 3 * MB, "9")],
)
def test_answer_of_too_many_bytes_says_how_large_it_is(student: Any, call: str, argument: int, size: str) -> None:
    with pytest.raises(StudentError) as caught:
        getattr(student.answer, call)(argument)
    words = f"the answer has {size} MB, and at most 4 MB travel: what makes it so large?"
    assert (caught.value.summary, caught.value.cause) == (words, Cause.TOO_LARGE)
    assert student.answer.fine() == 1


def test_answer_as_large_as_travels_comes_whole(student: Any) -> None:
    assert student.answer.floats(4 * MB).shape == (4 * MB,)


def test_state_of_a_large_network_is_too_large_as_any_other_answer(student: Any) -> None:
    net = student.answer.Large()
    for ask in (net.state_dict, lambda: student.probe.weights(net)):
        with pytest.raises(StudentError, match="the answer has 8 MB, and at most 4 MB travel"):
            ask()
    assert student.answer.fine() == 1


@pytest.mark.parametrize(
    ("call", "argument", "words"),
    [
        ("tensors", 5000, "a list of 5000"),
        ("numbers", 100_000, "a list of 100000"),
        ("axes", 9, "a tensor of 9 dimensions, of which 8 travel"),
    ],
)
def test_answer_of_too_many_parts_stays_and_says_how_many(student: Any, call: str, argument: int, words: str) -> None:
    assert describe(getattr(student.answer, call)(argument)) == words


def test_answer_that_is_nested_too_deeply_stays_from_there_on(student: Any) -> None:
    value = student.answer.deep(30)
    for _ in range(16):
        value = value[0]
    assert not isinstance(value, list) and describe(value) == "a list of 1"


def test_verdict_says_what_came_and_what_was_expected(student: Any) -> None:
    @check("large.answer", points=1, idea="Answers are small")
    def asks(student: Any, solution: Any, expect: Any) -> None:
        student.answer.floats(31 * MB)

    verdict = run_check(asks, student, None, reveal=True, earlier={})  # type: ignore[arg-type]
    assert (verdict.status, verdict.cause, verdict.points) == (Status.FAILED, Cause.TOO_LARGE, 0)
    assert verdict.expected == "less in one answer"
    assert verdict.got == "the answer has 31 MB, and at most 4 MB travel: what makes it so large?"
