"""A training as data through the sandbox: what the student's process sees, and what it may claim or break."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import torch

from exercises.checking import Expect, StudentError
from exercises.learning import accuracy, predict, train
from exercises.recording.lesson import Built
from exercises.recording.taught import Learned
from grader.checks.trained import learn
from grader.sandbox.outside.budget import Allowance, Budget

from ..sandbox.helpers import start
from .lessons import lesson_of

NET = """
import json, os, random, signal
import torch
from torch import nn

SEEN = []

def recorders():
    # the module that records, which no import finds: among all that there is
    for one in object.__subclasses__():
        if one.__name__ == "Recording" and one.__module__ == "exercises.recording.recording":
            return one, one.__init__.__globals__

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(8, 16)
        self.norm = nn.BatchNorm1d(16)
        self.output = nn.Linear(16, 4)

    def forward(self, x):
        SEEN.append(x.detach().clone())
        {forward}
        return self.output(self.norm(self.a(x)).relu())

def seen():
    return SEEN
"""
BUDGET = Budget(request=Allowance(cpu_s=5.0, wall_s=30.0), training=Allowance(cpu_s=5.0, wall_s=30.0))
BUILT = Built(lambda who: who.answer.Net)


@contextmanager
def student_of(forward: str = "pass", below: str = "") -> Iterator[Any]:
    container, student = start(NET.replace("{forward}", forward) + below, budget=BUDGET)
    with container:
        student.begin(seed=0)
        yield student


def learned(student: Any, expect: Expect | None = None) -> Learned:
    lesson, exam = lesson_of()
    return learn(student, student, expect or Expect(), BUILT, lesson, exam)


def told_by(student: Any) -> str:
    """What a person would read: why the training failed, or why its points are only proposed."""
    expect = Expect()
    try:
        learned(student, expect)
    except StudentError as raised:
        return raised.summary
    return next(iter(expect.reasons))


def test_it_is_the_training_of_the_network_itself_and_its_process_sees_no_example() -> None:
    lesson, exam = lesson_of()
    expect = Expect()
    with student_of() as student:
        found = learned(student, expect)
        seen = [torch.as_tensor(one) for one in student.answer.seen()]
    assert not expect.reasons and accuracy(found.logits[0], exam[0][1]) > 0.8
    shown = torch.cat([one for one in seen if len(one) > 2])
    examples = torch.cat([lesson.inputs, exam[0][0]])
    assert len(seen) > 3 and not bool((shown[:, None] == examples[None]).all(dim=2).any())

    scope: dict[str, Any] = {}
    exec(NET.replace("{forward}", "pass"), scope)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(lesson.seed)
        net = scope["Net"]()
    train(net, lesson.inputs, lesson.labels, lesson.recipe, 960, lesson.seed)
    assert torch.equal(predict(net, exam[0][0]), found.logits[0])


MEDDLED = """
Recording, recording = recorders()
"""
FORGED = """
Recording, recording = recorders()
given = Recording.parts

def parts(self):
    found = given(self)
    {change}
    return found

Recording.parts = parts
"""
OPERATION = 'node = ["torch.{name}", {args}, {kwargs}, 80000, 1]\n    '
INTO = """for one in found["passes"]:
        record = json.loads(one[2])
        record["nodes"].append(node)
        one[2] = json.dumps(record)"""


def operation(name: str, args: str, kwargs: str = "{}") -> str:
    node = OPERATION.replace("{name}", name).replace("{args}", args).replace("{kwargs}", kwargs)
    return FORGED.replace("{change}", node + INTO)


@pytest.mark.parametrize(
    ("below", "words"),
    [
        (operation("full", "[[4000000000], 1.0]"), "memory"),
        (operation("full", "[[20000, 20000], 1.0]") + "", ""),
        (operation("ones", "[[3]]", '{"device": "cuda"}'), ""),
        (operation("conv2d", "[1, 2]"), ""),
        (FORGED.replace("{change}", "found = None"), "is no record"),
        (FORGED.replace("{change}", 'found["build"] = Recording'), "is no record"),
        (FORGED.replace("{change}", 'found["literals"] = [1]'), "is no record"),
        (FORGED.replace("{change}", 'found["passes"] = [[1, [[16, 8]], "{}"]]'), "is no record"),
        (MEDDLED + "Recording.parts = lambda self: os.kill(os.getpid(), signal.SIGKILL)", ""),
        (MEDDLED + "Recording.notes = lambda self: 7", ""),
        (MEDDLED + "Recording.notes = lambda self: {'refused': [Recording]}", None),
        (MEDDLED + "Recording.anew = lambda *_: 7", "is no record"),
    ],
)
def test_what_is_claimed_or_broken_is_the_students_or_proposed(below: str, words: str | None) -> None:
    with student_of(below=below) as student:
        if words is None:
            learned(student)
            return
        assert words in told_by(student)
        assert student.clean.learning.accuracy(torch.eye(2), torch.tensor([1, 1])) == 0.5


def test_time_in_the_clean_room_is_bounded_and_told_as_the_networks() -> None:
    long = operation("matrix_power", '[{"t": 79999}, 1000000000]').replace(
        INTO,
        'make = ["torch.ones", [[600, 600]], {}, 79999, 1]\n    '
        + INTO.replace("append(node)", "extend([make, node])"),
    )
    with student_of(below=long) as student:  # the training is too long; on a slow machine, the comparison before it
        told = told_by(student).removeprefix("its record cannot be run: ")
    assert told.startswith("an operation of the network used more than 5 s")


@pytest.mark.parametrize(
    ("forward", "words"),
    [
        ("x = x * (1.0 if x.sum() > 0 else 2.0)", "reads values: __bool__ (answer.py, line 23)"),
        ("x = x + random.random()", "the network gives others with other values"),
        ("x = x + torch.rand(1, generator=torch.Generator().manual_seed(1))", "generator= (answer.py, line 23)"),
    ],
)
def test_what_cannot_be_recorded_is_proposed_with_its_line(forward: str, words: str) -> None:
    expect = Expect()
    with student_of(forward) as student:
        found = learned(student, expect)
    assert words in next(iter(expect.reasons)) and found.steps == 60
