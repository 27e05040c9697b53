"""How much a submission may use, and that its process is replaced when it dies: nothing is left behind."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from exercises.checking import Cause, StudentError
from grader.sandbox.inside.confine import Limits
from grader.sandbox.outside.budget import Allowance, Budget
from grader.sandbox.outside.student import RemoteStudent
from grader.sandbox.outside.warm import warm_process

from .helpers import QUICK, start

BREAKING = """
import os, signal, time

def loop():
    while True:
        pass

def die():
    os._exit(3)

def crash():
    os.kill(os.getpid(), signal.SIGSEGV)

def sleep():
    time.sleep(1000)

def freeze():
    os.kill(os.getpid(), signal.SIGSTOP)

def kill_everybody():
    for pid in (1, -1):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    return "still here"

def hoard():
    kept = []
    while True:
        kept.append(bytearray(1 << 22))

def hoard_tensors():
    import torch
    return [torch.ones(1 << 20) for _ in range(1000)]

KEPT = []

def hoard_and_keep():
    try:
        while True:
            KEPT.append(bytearray(1 << 16))
    except MemoryError:
        kept = []
        try:
            while True:
                kept.append(bytearray(64))
        finally:
            KEPT.append(kept)

def hoard_and_abort():
    kept = [bytes(1) * (1 << 20) for _ in range(450)]
    os.abort()

def fork_bomb():
    started = 0
    try:
        while True:
            if os.fork() == 0:
                time.sleep(1000)
                os._exit(0)
            started += 1
    except OSError:
        return started

def daemon():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(1000)
        os._exit(0)
    os._exit(0)

def processes():
    return len([name for name in os.listdir("/proc") if name.isdigit()])

def fill_disk():
    with open("/box/work/big", "wb") as file:
        for _ in range(1000):
            file.write(bytes(1 << 20))

def forge():
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, b"GRF1" + bytes(2000))
        except OSError:
            pass

def forge_ahead():
    import json, struct, sys
    frame = sys._getframe()
    while not (type(frame.f_locals.get("head")) is dict and "n" in frame.f_locals["head"]):
        frame = frame.f_back
    text = json.dumps({"value": 0, "n": frame.f_locals["head"]["n"], "tensors": []}).encode()
    os.write(3, struct.pack(">4sII", b"GRF1", len(text), 0) + text)

def close_all():
    os.closerange(0, 1000)

def raise_limit_and_burn():
    import resource
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (hard, hard))
    while True:
        pass

def let_children_burn():
    for _ in range(4):
        if os.fork() == 0:
            while True:
                pass
    time.sleep(1000)

def burn_in_background():
    for _ in range(4):
        if os.fork() == 0:
            while True:
                pass

def wait(seconds):
    time.sleep(seconds)

def hoard_together():
    for _ in range(8):
        if os.fork() == 0:
            kept = os.urandom(1 << 20) * 60
            time.sleep(1000)
    time.sleep(1000)

def importance():
    with open("/proc/self/oom_score_adj") as file:
        return int(file.read())

def fine():
    return 1
"""


def ask_and_recover(call: str, limits: Limits | None = None, budget: Budget = QUICK) -> tuple[str, RemoteStudent]:
    """What the student is told when `call` breaks; afterwards the next check must find a working session."""
    container, student = start(BREAKING, limits, budget)
    with container:
        with pytest.raises(StudentError) as caught:
            getattr(student.answer, call)()
        assert student.answer.fine() == 1
        assert student.answer.processes() == 2  # process 1 and the new session: nothing was left behind
    return caught.value.summary, student


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ("loop", "more than 1 s of processor time"),
        ("die", "exit code 3"),
        ("crash", "SIGSEGV"),
        ("daemon", "exit code 0"),
        ("close_all", "exit code 0"),
    ],
)
def test_death_of_a_session_is_told_and_costs_one_request(call: str, told: str) -> None:
    summary, _ = ask_and_recover(call)
    assert told in summary


@pytest.mark.parametrize("call", ["sleep", "freeze"])
def test_waiting_for_ever_ends_by_the_wall_clock(call: str) -> None:
    begin = time.monotonic()
    summary, _ = ask_and_recover(call, budget=Budget(request=Allowance(cpu_s=1.0, wall_s=1.5)))
    assert "did not answer within" in summary
    assert time.monotonic() - begin < 15


@pytest.mark.parametrize("call", ["raise_limit_and_burn", "let_children_burn"])
def test_processor_time_counts_whatever_a_request_starts(call: str) -> None:
    begin = time.monotonic()
    summary, _ = ask_and_recover(call)
    assert "more than 1 s of processor time" in summary
    assert time.monotonic() - begin < 12  # far below the wall clock that a request may take


def test_processor_time_of_all_processes_together_is_limited() -> None:
    container, student = start(BREAKING, Limits(cpu_s=3))
    with container:
        student.answer.burn_in_background()
        with pytest.raises(StudentError, match="3 s of processor time together"):
            for _ in range(400):  # a busy machine gives them little
                student.answer.wait(0.1)
        assert student.answer.processes() == 2


def test_memory_of_all_processes_together_is_limited() -> None:
    summary, _ = ask_and_recover("hoard_together", Limits(all_memory_mb=256))
    assert "256 MB of memory together" in summary


def test_machine_short_of_memory_takes_it_from_the_sandbox_first() -> None:
    container, student = start(BREAKING)
    with container:
        assert student.answer.importance() == 1000


def test_memory_is_limited() -> None:
    container, student = start(BREAKING, Limits(memory_mb=128))
    with container:
        for call in ("hoard", "hoard_tensors", "hoard_and_keep"):
            with pytest.raises(StudentError) as caught:
                getattr(student.answer, call)()
            assert caught.value.summary == "the code used more than 128 MB of memory"
            assert caught.value.cause is Cause.STOPPED and caught.value.where[-1][0] == "answer.py"
        assert student.answer.fine() == 1


def test_process_that_ends_for_want_of_memory_is_told_so() -> None:
    container, student = start(BREAKING, Limits(memory_mb=512))
    with container, pytest.raises(StudentError, match="the code used more than 512 MB of memory") as caught:
        student.answer.hoard_and_abort()
    assert caught.value.cause is Cause.STOPPED and student.acts == []


def test_disk_is_limited() -> None:
    container, student = start(BREAKING, Limits(disk_mb=16))
    with container, pytest.raises(StudentError, match="No space left|File too large"):
        student.answer.fill_disk()


def test_processes_are_limited_and_end_with_their_session() -> None:
    container, student = start(BREAKING, Limits(processes=20))
    with container:
        assert student.answer.fork_bomb() < 20
        student.fresh_process()
        assert student.answer.processes() == 2


def test_process_1_survives_everything_from_inside() -> None:
    container, student = start(BREAKING)
    with container:
        assert student.answer.kill_everybody() == "still here"


def test_forged_answer_is_noticed_and_reported() -> None:
    container, student = start(BREAKING)
    with container:
        with pytest.raises(StudentError):
            student.answer.forge()
        assert student.acts and "channel" in student.acts[0]
        assert student.answer.fine() == 1


def test_whoever_meets_a_forged_answer_is_asked_again() -> None:
    container, student = start(BREAKING)
    with container:
        for _ in range(3):
            with pytest.raises(StudentError, match="channel"):
                student.answer.forge()
            with pytest.raises(StudentError, match="wrote an answer of its own"):
                student.answer.forge_ahead() or student.answer.fine()
        assert student.answer.fine() == 1


def test_class_that_never_finishes_is_not_asked_for_ever() -> None:
    container, student = start(BREAKING)
    with container:
        for _ in range(2):
            with pytest.raises(StudentError, match="processor time"):
                student.answer.loop()
        begin = time.monotonic()
        with pytest.raises(StudentError, match="not asked again"):
            student.answer.loop()
        assert time.monotonic() - begin < 0.5


def test_import_that_hangs_is_tried_once() -> None:
    container, student = start("while True:\n    pass\n")
    with container:
        with pytest.raises(StudentError, match="on import"):
            student.answer.anything()
        begin = time.monotonic()
        with pytest.raises(StudentError, match="ImportError.*on import"):
            student.answer.anything()
        assert time.monotonic() - begin < 2


def containers() -> list[str]:
    def children(pid: str) -> list[str]:
        return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()

    (process_1,) = children(str(warm_process()._process.pid))
    return children(process_1)


def test_nothing_is_left_after_the_container() -> None:
    before = containers()
    container, student = start(BREAKING)
    with container:
        student.answer.fork_bomb()
        assert len(containers()) == len(before) + 1
    assert containers() == before
    assert container.usage.cpu_s > 0
