"""What a submission can and cannot do in its container, seen from outside."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from exercises.checking import StudentError, randomise
from grader.sandbox.errors import SessionEndedError
from grader.sandbox.inside.confine import Limits
from grader.sandbox.outside import student as remote
from grader.sandbox.outside.budget import Allowance, Budget
from grader.sandbox.outside.container import Container
from grader.sandbox.outside.student import RemoteStudent
from grader.sandbox.outside.surroundings import visible_folders
from grader.sandbox.outside.warm import warm_process

CHECKING = Path(__file__).resolve().parents[3] / "exercises" / "checking"
QUICK = Budget(request=Allowance(cpu_s=1.0, wall_s=20.0))


def submission(source: str) -> dict[str, bytes]:
    """A tiny assignment whose only module is `answer`."""
    files = {f"exercises/checking/{path.name}": path.read_bytes() for path in CHECKING.glob("*.py")}
    packages = {"exercises/__init__.py": b"", "exercises/tiny/__init__.py": b""}
    return {**files, **packages, "exercises/tiny/answer.py": source.encode()}


def start(source: str, limits: Limits | None = None, budget: Budget = QUICK) -> tuple[Container, RemoteStudent]:
    container = Container(submission(source), limits)
    return container, RemoteStudent(container, "tiny", {"answer": source.encode()}, budget)


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


def test_numpy_array_stays_behind_a_handle_that_names_it(student: Any) -> None:
    assert student.answer.numpy_array().type_name == "ndarray"


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
            for _ in range(80):
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
    with container, pytest.raises(StudentError, match="MemoryError"):
        student.answer.hoard()


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
