"""The reduced tier: asked for by name alone, files and sockets as shut as in the full one."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from exercises.checking import StudentError
from grader.sandbox.errors import SandboxError
from grader.sandbox.inside import syscalls
from grader.sandbox.outside.budget import Allowance, Budget
from grader.sandbox.outside.container import Container
from grader.sandbox.outside.given import GivenFiles
from grader.sandbox.outside.handles import Module
from grader.sandbox.outside.student import RemoteStudent
from grader.sandbox.outside.warm import TIER, close_warm_process, tier, warm_process

SOURCE = """
import os, pathlib, socket, time

def read(path):
    return pathlib.Path(path).read_text()

def place(path):
    return os.path.realpath(path)

def write(path):
    pathlib.Path(path).write_text("x")

def internet():
    socket.socket(socket.AF_INET)

def daemon(marker):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            pathlib.Path(marker).write_text(str(os.getpid()))
            time.sleep(1000)
        os._exit(0)
    while not os.path.exists(marker):
        time.sleep(0.01)
    return os.getcwd()

def take_away(path):
    os.chmod(path, 0)
    os.chmod(os.path.dirname(os.path.realpath(path)), 0)

def loop():
    while True:
        pass

def fine():
    return 1

def here():
    return os.getcwd(), os.getpid()

def end(number):
    os.kill(number, 9)
"""


def everybody_can_enter(folder: Path) -> bool:
    return all(path.stat().st_mode & 0o001 for path in (folder, *folder.parents))


@pytest.fixture
def reduced(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if syscalls.landlock_abi() == 0:
        pytest.skip("this kernel has no Landlock, which the reduced tier rests on")
    if os.geteuid() == 0 and not everybody_can_enter(Path(sys.base_prefix)):
        pytest.skip("the interpreter lies where only the superuser can read it, and student code runs as somebody else")
    monkeypatch.setenv(TIER, "reduced")
    yield
    close_warm_process()


def start(given: GivenFiles | None = None) -> tuple[Container, RemoteStudent]:
    checking = Path(__file__).resolve().parents[3] / "exercises" / "checking"
    files = {f"exercises/checking/{path.name}": path.read_bytes() for path in checking.glob("*.py")}
    packages = {"exercises/__init__.py": b"", "exercises/tiny/__init__.py": b"", "exercises/assignment.py": b""}
    container = Container({**files, **packages, "exercises/tiny/answer.py": SOURCE.encode()}, given=given)
    budget = Budget(request=Allowance(cpu_s=1.0, wall_s=20.0))
    return container, RemoteStudent(container, "tiny", {}, budget)


def test_tier_is_full_unless_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(TIER, raising=False)
    assert tier() == "full"
    monkeypatch.setenv(TIER, "none")
    with pytest.raises(SandboxError, match="there is full .* and reduced"):
        tier()


def test_files_and_sockets_are_shut(reduced: None, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("sesame")
    os.chmod(tmp_path, 0o777)
    container, student = start()
    with container:
        assert student.answer.fine() == 1
        for path in (tmp_path / "secret", Path(__file__), Path("/etc/passwd"), Path("/proc/self/environ")):
            with pytest.raises(StudentError, match="PermissionError"):
                student.answer.read(str(path))
        for place in (tmp_path / "mine", Path("/tmp/mine")):
            with pytest.raises(StudentError, match="PermissionError"):
                student.answer.write(str(place))
        with pytest.raises(StudentError, match="PermissionError"):
            student.answer.internet()
        student.answer.write("mine")
    assert not (tmp_path / "mine").exists()


def test_given_files_are_read_and_no_others_and_what_one_submission_takes_away_the_next_finds(reduced: None) -> None:
    mine = GivenFiles.of(lambda: {"exercises/tiny/words.txt": b"sesame"})
    others = GivenFiles.of(lambda: {"exercises/tiny/secret.txt": b"of others"})
    container, student = start(others)
    with container:
        place = student.answer.place("exercises/tiny/secret.txt")
        assert student.answer.read(place) == "of others"
    for _ in range(2):
        container, student = start(mine)
        with container:
            assert student.answer.read("exercises/tiny/words.txt") == "sesame"
            for path in ("exercises/tiny/words.txt", f"{os.path.dirname(place)}/more.txt"):
                with pytest.raises(StudentError, match="PermissionError"):
                    student.answer.write(path)
            with pytest.raises(StudentError, match="PermissionError"):
                student.answer.read(place)
            if os.geteuid() != 0:  # the superuser's code runs as somebody else, who may not do so
                student.answer.take_away("exercises/tiny/words.txt")
    assert Path(place).read_text() == "of others"


def test_endless_loop_is_stopped_and_the_next_check_goes_on(reduced: None) -> None:
    container, student = start()
    with container:
        with pytest.raises(StudentError, match="processor time"):
            student.answer.loop()
        assert student.answer.fine() == 1


def test_daemon_and_files_go_with_the_container(reduced: None) -> None:
    container, student = start()
    with container:
        folder = Path(student.answer.daemon("marker"))
        pid = int((folder / "marker").read_text())
        assert Path(f"/proc/{pid}").exists()
    give_up = time.monotonic() + 5
    while Path(f"/proc/{pid}").exists() and time.monotonic() < give_up:
        time.sleep(0.01)
    assert not Path(f"/proc/{pid}").exists()
    assert not folder.exists()


def test_clean_room_holds_nothing_and_neither_reaches_the_other(reduced: None) -> None:
    container, student = start()
    with container:
        place, pid = student.answer.here()
        look = Module(student.clean, "os", "os")
        here, number = look.getcwd(), look.getpid()
        assert look.listdir(here) == [] and here != place
        student.answer.write("mine")
        for folder in (place, str(Path(place).parent), str(Path(place).parents[1])):
            with pytest.raises(StudentError, match="PermissionError"):
                look.listdir(folder)
        with pytest.raises(StudentError, match="PermissionError"):
            student.answer.write(f"{here}/mine")
        if syscalls.landlock_abi() >= 6:  # which brought a scope for signals
            with pytest.raises(StudentError, match="PermissionError"):
                look.kill(pid, 9)
            with pytest.raises(StudentError, match="PermissionError"):
                student.answer.end(number)
        assert student.answer.here() == (place, pid) and look.getpid() == number
        student.fresh_process()
        assert student.answer.fine() == 1 and look.getpid() == number
    assert not Path(here).exists() and not Path(place).exists()


def test_folder_goes_with_the_warm_process(reduced: None) -> None:
    container, _ = start()
    with container:
        folder = Path(warm_process()._scratch)
        assert folder.exists()
    close_warm_process()
    assert not folder.exists()
