"""The clean room: given modules in a container beside the submission's, with nothing of the submission in it."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import torch

from exercises.assignment import load_assignment
from exercises.checking import StudentError
from exercises.checking.named import CannotTravelError
from grader.grading.checked.reference import Reference
from grader.sandbox.errors import ContainerBrokenError
from grader.sandbox.outside.budget import Allowance
from grader.sandbox.outside.handles import Module

from .helpers import QUICK, start

MEDDLING = """
import os, pathlib, signal, sys, types
import torch
from torch import nn

fake = types.ModuleType("exercises.learning")
fake.accuracy = lambda *_: 1.0
sys.modules["exercises.learning"] = fake
torch.eye = None

def box():
    pathlib.Path("/box/work/left").write_text("a message")
    return os.listdir("/box/work")

def identity():
    return os.getpid(), sorted(int(name) for name in os.listdir("/proc") if name.isdigit())

def kill_all():
    for number in range(2, 3000):
        if number != os.getpid():
            try:
                os.kill(number, signal.SIGKILL)
            except OSError:
                pass
    try:
        os.kill(-1, signal.SIGKILL)
    except OSError:
        pass
    return os.getpid()

class Stuck(nn.Module):
    def forward(self, x):
        while True:
            pass

class Double(nn.Module):
    def forward(self, x):
        return 2 * x
"""


def inside(clean: Any, module: str) -> Any:
    """A module of Python's in the clean room, to look around with; checks have none."""
    return Module(clean, module, module)


@pytest.fixture
def student() -> Iterator[Any]:
    container, remote = start(MEDDLING)
    with container:
        yield remote
    assert remote.acts == []


def test_nothing_of_the_submission_is_there(student: Any) -> None:
    assert "left" in student.answer.box()
    look = inside(student.clean, "os")
    assert {name: look.listdir(f"/box/{name}") for name in look.listdir("/box")} == {
        "work": [],
        "home": [],
        "tmp": [],
        "shm": [],
    }
    assert look.listdir("/given") == []
    for module in ("exercises.tiny.answer", "exercises.tiny"):
        with pytest.raises(StudentError, match="ModuleNotFoundError"):
            _ = Module(student.clean, "answer", module).fine
    assert student.clean.learning.accuracy(torch.eye(2), torch.tensor([1, 1])) == 0.5


def test_neither_sees_nor_signals_the_processes_of_the_other(student: Any) -> None:
    pid, seen = student.answer.identity()
    look = inside(student.clean, "os")
    here = look.getpid()
    assert {int(name) for name in look.listdir("/proc") if name.isdigit()} == {1, here} and set(seen) == {1, pid}
    assert student.answer.kill_all() == pid
    assert look.getpid() == here
    with pytest.raises(StudentError, match="ProcessLookupError"):
        look.kill(-1, int(signal.SIGKILL))  # there is nobody that it may kill
    assert look.getpid() == here and student.answer.identity()[0] == pid


def test_it_is_opened_when_asked_for_and_ends_with_the_submissions_container() -> None:
    container, student = start(MEDDLING)
    with container:
        student.answer.identity()
        student.begin(seed=0)
        assert container._empty is None
        pid = inside(student.clean, "os").getpid()
        beside = container.empty
        assert student.clean is student.clean.clean
        assert inside(student.clean, "os").getpid() == pid
    assert beside.usage.cpu_s > 0
    with pytest.raises(ContainerBrokenError):
        beside.spent_until_now_s()


def test_nothing_of_one_process_is_there_in_the_next(student: Any) -> None:
    clean = student.clean
    pid = inside(clean, "os").getpid()
    inside(clean, "pathlib").Path("/box/work/left").write_text("a message")
    assert inside(clean, "os").listdir("/box/work") == ["left"]
    student.begin(seed=0)  # the next check of the task
    assert inside(clean, "os").getpid() == pid
    clean.fresh_process()
    assert inside(clean, "os").listdir("/box/work") == []
    assert inside(clean, "os").getpid() != pid


@pytest.mark.parametrize(
    ("module", "call", "words"),
    [
        ("ctypes", lambda ctypes: ctypes.string_at(0), r"crashed its process \(SIGSEGV\)"),
        ("time", lambda time: time.sleep(99), "did not answer within 2 s"),
        ("numpy", lambda numpy: numpy.ones((1 << 30,)), "used more than 1,024 MB of memory"),
    ],
)
def test_what_crashes_there_is_told_and_is_no_act(module: str, call: Any, words: str) -> None:
    container, student = start(MEDDLING, budget=replace(QUICK, request=Allowance(cpu_s=1.0, wall_s=2.0)))
    with container:
        pid, _ = student.answer.identity()
        with pytest.raises(StudentError, match=f"^(an operation of the network|the code) {words}"):
            call(inside(student.clean, module))
        assert student.clean.learning.accuracy(torch.eye(2), torch.tensor([1, 1])) == 0.5
        assert student.answer.identity()[0] == pid
    assert student.acts == []


def test_its_processor_time_is_the_submissions() -> None:
    container, student = start(MEDDLING, budget=replace(QUICK, total_cpu_s=0.6, request=Allowance(3.0, 60.0)))
    with container:
        student.answer.identity()
        burn = "sum(i * i for i in range(30_000_000))"
        inside(student.clean, "timeit").timeit(burn, number=1)
        student.end()
        assert student.cpu_s > 0.6 > container.spent_cpu_s
        for side in (student.answer, inside(student.clean, "os")):
            with pytest.raises(StudentError, match="used up its 1 s of processor time"):
                _ = side.anything()


def test_what_trains_there_has_the_time_of_a_training() -> None:
    container, student = start(MEDDLING, budget=replace(QUICK, training=Allowance(9.0, 90.0)))
    with container:
        clean = student.clean
        assert all(clean._is_given(f"{name}.anything") for name in ("learning", "recording"))
        assert student._is_given("learning.train") and not student._is_given("recording.Recording")


def test_modules_of_the_framework_find_each_other_there(student: Any) -> None:
    find = inside(student.clean, "importlib").import_module
    assert find("exercises.checking.named").by_name("torch.relu") is not None
    with pytest.raises(StudentError, match="No module named 'exercises.tiny'"):
        find("exercises.tiny")


def test_what_is_recorded_is_to_blame_and_not_what_records(student: Any) -> None:
    records = Module(student, student.recording._name, "operator")  # calls what it is given, and no more
    for _ in range(3):
        with pytest.raises(StudentError, match=r"answer\.Stuck"):
            records.call(student.answer.Stuck(), torch.ones(1))
    assert records.call(student.answer.Double(), torch.ones(1)).tolist() == [2.0]


def test_things_of_the_student_do_not_go_there_and_modules_of_the_student_are_not_there(student: Any) -> None:
    net = student.answer.Double()
    assert student.learning.predict(net, torch.ones(2, 2)).equal(2 * torch.ones(2, 2))
    with pytest.raises(CannotTravelError):
        student.clean.learning.predict(net, torch.ones(2, 2))
    with pytest.raises(AttributeError, match="given modules alone, and answer is none"):
        _ = student.clean.answer


def test_the_solution_has_one_with_the_given_modules_of_its_assignment() -> None:
    reference = Reference("digits", seed=1)
    for name in ("learning", "recording", *load_assignment("digits").given):
        assert getattr(reference.clean, name) is getattr(reference, name)
    with pytest.raises(AttributeError, match="given modules alone, and pooling is none"):
        _ = reference.clean.pooling


def test_at_home_it_is_this_process(students: dict[str, Any]) -> None:
    clean = students["home"].clean
    assert clean.learning.accuracy(torch.eye(2), torch.tensor([1, 1])) == 0.5
    clean.fresh_process()
    clean.settle()
    clean.seed(3)
    with pytest.raises(AttributeError, match="given modules alone, and answer is none"):
        _ = clean.answer
