"""What the kernel holds for a submission's processes outside of their memory: counted, or refused."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from exercises.checking import StudentError
from grader.sandbox.inside.confine import TIMERS_AND_SIGNALS, Limits

from .helpers import start

HOARDING = """
import ctypes, fcntl, mmap, os, resource, socket, time

KEPT = []
libc = ctypes.CDLL(None, use_errno=True)

def fill(sock):
    sock.setblocking(False)
    sent = 0
    try:
        while True:
            sent += sock.send(bytes(1 << 16))
    except BlockingIOError:
        return sent

def pairs(count):
    for _ in range(count):
        KEPT.append(socket.socketpair())
    sent = sum(fill(one) for pair in KEPT for one in pair)
    time.sleep(1)
    return sent

def never_accepted(count):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind("\\0listener")
    listener.listen(count)
    KEPT.append(listener)
    for _ in range(count):
        with socket.socket(socket.AF_UNIX) as one:
            one.connect("\\0listener")
            fill(one)
    time.sleep(1)

def enlarge(option):
    with socket.socket(socket.AF_UNIX) as one:
        one.setsockopt(socket.SOL_SOCKET, option, 1 << 24)

def pair_of(family, kind):
    for one in socket.socketpair(family, kind):
        one.close()

def pipe_of(size):
    return fcntl.fcntl(os.pipe()[0], 1031, size)

def share():
    mmap.mmap(-1, 1 << 20)

def share_zeros():
    return os.open("/dev/zero", os.O_RDONLY)

def share_a_file():
    with open("/box/tmp/shared", "wb+") as file:
        file.write(bytes(4096))
        file.flush()
        return len(mmap.mmap(file.fileno(), 4096))

def call(number):
    return libc.syscall(number, 0, 0, 0, 0, 0), ctypes.get_errno()

def limits(*names):
    return [resource.getrlimit(getattr(resource, name)) for name in names]

def workers():
    import multiprocessing
    from multiprocessing import connection
    with multiprocessing.Pool(2) as pool:
        doubled = pool.map(abs, [-1, 2])
    ours, theirs = multiprocessing.Pipe()
    ours.send("x")
    with connection.Listener(family="AF_UNIX") as listener:
        with connection.Client(listener.address) as client, listener.accept() as accepted:
            client.send("y")
            return doubled, theirs.recv(), accepted.recv()

def loop():
    import asyncio
    return asyncio.run(asyncio.sleep(0, "slept"))

def copy():
    import shutil
    with open("/box/tmp/one", "w") as file:
        file.write("words")
    shutil.copyfile("/box/tmp/one", "/box/tmp/two")
    return open("/box/tmp/two").read()

def loaded():
    import torch
    data = torch.utils.data.TensorDataset(torch.arange(6.0))
    return [batch[0].tolist() for batch in torch.utils.data.DataLoader(data, batch_size=3, num_workers=2)]
"""

X86_64 = {
    "mq_open": 240, "io_setup": 206, "inotify_add_watch": 254, "fanotify_init": 300, "landlock_create_ruleset": 444,
    "vmsplice": 278, "splice": 275, "tee": 276, "sendfile": 40, "userfaultfd": 323, "perf_event_open": 298,
    "shmget": 29, "msgget": 68, "semget": 64, "memfd_create": 319, "io_uring_setup": 425, "add_key": 248, "bpf": 321,
}  # fmt: skip


@pytest.fixture(scope="module")
def hoarder() -> Iterator[Any]:
    container, remote = start(HOARDING)
    with container:
        yield remote


@pytest.mark.parametrize(("call", "count"), [("pairs", 100), ("never_accepted", 800)])
def test_sockets_count_as_memory(call: str, count: int) -> None:
    """Of 100 pairs, and of 800 connections in a queue, where one descriptor is open."""
    buffer_mb = int(Path("/proc/sys/net/core/wmem_default").read_text()) / (1 << 20)
    most = int(buffer_mb * count / 2)
    container, student = start(HOARDING, Limits(all_memory_mb=most))
    with container, pytest.raises(StudentError, match=f"{most:,} MB of memory together"):
        getattr(student.answer, call)(count)
    assert student.acts == []


def test_sockets_keep_the_buffers_that_they_have(hoarder: Any) -> None:
    for option in (7, 8, 32, 33, 26):  # sizes, of the superuser's too, and a filter
        with pytest.raises(StudentError, match="PermissionError"):
            hoarder.answer.enlarge(option)
    for family, kind in ((1, 2), (1, 5), (30, 1)):  # datagrams, which a queue keeps when the sender has gone; TIPC
        with pytest.raises(StudentError, match="PermissionError"):
            hoarder.answer.pair_of(family, kind)


def test_pipes_keep_the_size_that_they_have(hoarder: Any) -> None:
    with pytest.raises(StudentError, match="PermissionError"):
        hoarder.answer.pipe_of(1 << 20)


def test_memory_is_shared_through_files_of_the_box_alone(hoarder: Any) -> None:
    with pytest.raises(StudentError, match="PermissionError"):
        hoarder.answer.share()
    with pytest.raises(StudentError, match="FileNotFoundError|PermissionError"):
        hoarder.answer.share_zeros()
    assert hoarder.answer.share_a_file() == 4096


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the test names x86_64's system call numbers")
@pytest.mark.parametrize("name", sorted(X86_64))
def test_kernel_object_that_no_limit_counts_is_refused(hoarder: Any, name: str) -> None:
    assert hoarder.answer.call(X86_64[name]) == (-1, 1)  # EPERM


def test_limits_of_what_the_kernel_queues(hoarder: Any) -> None:
    names = ("RLIMIT_MSGQUEUE", "RLIMIT_SIGPENDING", "RLIMIT_NICE", "RLIMIT_RTPRIO")
    assert hoarder.answer.limits(*names) == [(most, most) for most in (0, TIMERS_AND_SIGNALS, 0, 0)]


def test_honest_uses_go_on(hoarder: Any) -> None:
    assert hoarder.answer.workers() == ([1, 2], "x", "y")
    assert hoarder.answer.loop() == "slept"
    assert hoarder.answer.copy() == "words"
    assert hoarder.answer.loaded() == [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]
