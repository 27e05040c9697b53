"""What a submission can and cannot reach in its container, seen from outside, and that later sessions find it whole."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from exercises.checking import StudentError
from grader.sandbox.outside.budget import Budget
from grader.sandbox.outside.surroundings import visible_folders

from .helpers import start, submission

SURROUNDINGS = """
import os, socket, pathlib

def identity():
    return os.getuid(), os.getpid(), sorted(p for p in os.listdir("/proc") if p.isdigit())

def environment():
    return dict(os.environ)

def read(path):
    return pathlib.Path(path).read_text()

def write(path):
    pathlib.Path(path).write_text("x")

def connect(port):
    socket.create_connection(("127.0.0.1", port), timeout=2)

def temporary():
    import tempfile
    with tempfile.NamedTemporaryFile("w+") as file:
        file.write("x")
    return file.name

def unix_pair():
    a, b = socket.socketpair()
    a.send(b"x")
    return b.recv(1).decode()

def system(name):
    import ctypes
    libc = ctypes.CDLL(None, use_errno=True)
    numbers = {"unshare": (272, 0x10000000), "memfd": (319, 0), "ptrace": (101, 0), "mount": (165, 0)}
    number, argument = numbers[name]
    return libc.syscall(number, argument, 0, 0, 0, 0), ctypes.get_errno()

def capabilities():
    lines = pathlib.Path("/proc/self/status").read_text().splitlines()
    return [line.split()[1] for line in lines if line.startswith(("CapEff", "CapBnd", "CapPrm", "NoNewPrivs"))]

def tree():
    return [str(p) for p in pathlib.Path("/box/work").rglob("*") if p.is_file()]

def keeper_memory():
    with open("/proc/1/mem", "rb") as file:
        return len(file.read(1))
"""


@pytest.fixture(scope="module")
def prisoner() -> Iterator[Any]:
    container, remote = start(SURROUNDINGS)
    with container:
        yield remote


def test_student_is_nobody_in_a_pid_namespace_of_its_own(prisoner: Any) -> None:
    uid, pid, seen = prisoner.answer.identity()
    assert uid == 1000
    assert pid > 1 and set(seen) <= {"1", str(pid)}


def test_no_capability_is_left(prisoner: Any) -> None:
    *capabilities, no_new_privileges = prisoner.answer.capabilities()
    assert {int(value, 16) for value in capabilities} == {0}
    assert no_new_privileges == "1"


def test_parent_environment_is_not_inherited(prisoner: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_CANARY", "sesame")
    assert "COURSE_CANARY" not in prisoner.answer.environment()


def test_repository_and_home_are_not_there(prisoner: Any) -> None:
    repository = Path(__file__).resolve().parents[3]
    for path in (repository / "Makefile", repository / "grader" / "course.py", "/etc/passwd", "/etc/shadow"):
        with pytest.raises(StudentError, match="FileNotFoundError|PermissionError"):
            prisoner.answer.read(str(path))


def test_only_the_box_can_be_written(prisoner: Any) -> None:
    prisoner.answer.write("/box/work/mine.txt")
    assert prisoner.answer.temporary().startswith("/box/tmp/")
    for path in ("/usr/x", "/x", "/proc/sys/kernel/hostname", f"{visible_folders()[0]}/x"):
        with pytest.raises(StudentError, match="OSError|PermissionError|Read-only"):
            prisoner.answer.write(path)


def test_no_network_not_even_loopback(prisoner: Any) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        with pytest.raises(StudentError, match="PermissionError|OSError"):
            prisoner.answer.connect(server.getsockname()[1])
        server.settimeout(0.1)
        with pytest.raises(TimeoutError):
            server.accept()
    assert prisoner.answer.unix_pair() == "x"


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the test names x86_64's system call numbers")
@pytest.mark.parametrize("name", ["unshare", "memfd", "ptrace", "mount"])
def test_system_calls_of_no_use_are_refused(prisoner: Any, name: str) -> None:
    assert prisoner.answer.system(name) == (-1, 1)  # EPERM


def test_process_1_cannot_be_read(prisoner: Any) -> None:
    with pytest.raises(StudentError, match="PermissionError"):
        prisoner.answer.keeper_memory()


def test_container_holds_the_given_files_and_nothing_else() -> None:
    container, student = start(SURROUNDINGS)
    with container:
        assert sorted(student.answer.tree()) == sorted(f"/box/work/{path}" for path in submission(""))


MEDDLING = """
import os, pathlib, resource, shutil, signal

def poison():
    pathlib.Path("/box/work/exercises/tiny/answer.py").write_text("def fine():\\n    return 'poisoned'\\n")
    pathlib.Path("/box/work/torch.py").write_text("raise SystemExit")
    pathlib.Path("/box/work/left").write_text("a message to later sessions")

def look():
    return os.listdir("/box/work"), os.listdir("/box/tmp")

def bury():
    deep = pathlib.Path("/box/tmp")
    os.chdir(deep)
    for _ in range(3000):
        os.mkdir("d")
        os.chdir("d")
    os.chmod("/box/tmp", 0)
    os.chmod("/box/work", 0)

def disturb():
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        os.kill(1, number)
    try:
        resource.prlimit(1, resource.RLIMIT_NPROC, (0, 0))
    except OSError as error:
        return type(error).__name__
    return "changed"

def nap():
    import time
    time.sleep(0.4)

def fine():
    return 1
"""


@pytest.mark.parametrize("call", ["poison", "bury", "disturb"])
def test_later_sessions_find_the_box_as_it_was_given(call: str) -> None:
    container, student = start(MEDDLING)
    with container:
        before = student.answer.look()
        assert getattr(student.answer, call)() in (None, "PermissionError")
        student.fresh_process()
        assert student.answer.look() == before
        assert student.answer.fine() == 1
    assert student.acts == []


INHERITED = """
import os, resource, signal

def hand_down(process):
    tried = {
        "nice": lambda: os.setpriority(os.PRIO_PROCESS, process, 19),
        "nice of the user": lambda: os.setpriority(os.PRIO_USER, 0, 19),
        "nice of the group": lambda: os.setpriority(os.PRIO_PGRP, 0, 19),
        "cores": lambda: os.sched_setaffinity(process, {min(os.sched_getaffinity(0))}),
        "policy": lambda: os.sched_setscheduler(process, os.SCHED_IDLE, os.sched_param(0)),
        "disk": lambda: disk(process),
        "limit": lambda: resource.prlimit(process, resource.RLIMIT_NOFILE, (20, 20)),
        "importance": lambda: importance(process),
    }
    done = []
    for name, act in tried.items():
        try:
            act()
        except OSError:
            continue
        done.append(name)
    return done

def change_itself():
    os.setpriority(os.PRIO_PROCESS, 0, 19)
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20))
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGCHLD})
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.umask(0o777)

def disk(process):
    import ctypes
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall({"x86_64": 251, "aarch64": 30}[os.uname().machine], 1, process, 3 << 13):
        raise OSError(ctypes.get_errno(), "ioprio_set")

def importance(process):
    with open(f"/proc/{process}/oom_score_adj", "w") as file:
        file.write("1000")

def found():
    mask = os.umask(0o022)
    os.umask(mask)
    status = open("/proc/self/status").read().splitlines()
    return {
        "nice": os.getpriority(os.PRIO_PROCESS, 0),
        "cores": sorted(os.sched_getaffinity(0)),
        "policy": os.sched_getscheduler(0),
        "mask": mask,
        "files": resource.getrlimit(resource.RLIMIT_NOFILE)[0],
        "importance": open("/proc/self/oom_score_adj").read(),
        "signals": [line for line in status if line.startswith(("SigBlk", "SigIgn", "SigCgt"))],
    }
"""


def test_next_session_inherits_nothing_that_one_has_changed_or_tried_to() -> None:
    container, student = start(INHERITED)
    with container:
        before = student.answer.found()
        assert student.answer.hand_down(1) == []
        student.answer.change_itself()
        assert student.answer.found() != before
        student.fresh_process()
        assert student.answer.found() == before
    assert student.acts == []


def test_container_that_its_submission_has_ended_costs_the_submission() -> None:
    container, student = start(MEDDLING)
    with container:
        assert student.answer.fine() == 1
        container._socket.close()  # as if process 1 had gone
        with pytest.raises(StudentError, match="ended the container"):
            student.fresh_process()
            student.answer.fine()
        with pytest.raises(StudentError, match="ended the container"):
            student.answer.fine()
    assert len(student.acts) == 1 and "ended its own container" in student.acts[0]


def test_submission_cannot_dawdle_for_ever() -> None:
    container, student = start(MEDDLING, budget=Budget(total_wall_s=1.0))
    with container:
        begin = time.monotonic()
        with pytest.raises(StudentError, match="used up its 1 s"):
            for _ in range(10):
                student.answer.nap()
        assert time.monotonic() - begin < 5
