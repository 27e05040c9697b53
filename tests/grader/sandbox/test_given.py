"""Given files come to the warm process once, lie where sessions look for them, and cannot be changed from there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from exercises.checking import StudentError
from grader.sandbox.errors import SandboxError
from grader.sandbox.inside.confine import Limits
from grader.sandbox.outside.container import Container
from grader.sandbox.outside.given import GivenFiles
from grader.sandbox.outside.student import RemoteStudent
from grader.sandbox.outside.warm import WarmProcess, warm_process

from .helpers import QUICK, submission

READING = """
import os, pathlib

HERE = pathlib.Path(__file__).parent
START = (HERE / "weights.bin").read_bytes()[:4] if (HERE / "weights.bin").exists() else b""

def at_the_top():
    return START.hex()

def there(name):
    return (HERE / name).is_file() and (pathlib.Path("exercises/tiny") / name).is_file()

def size(name):
    return len((HERE / name).read_bytes())

def names():
    return sorted(path.name for path in HERE.rglob("*.txt"))

def listed(folder):
    return sorted(os.listdir(folder))

def write(name):
    with open(HERE / name, "r+b") as file:
        file.write(b"changed")

def remove(name):
    os.remove((HERE / name).resolve())

def forbid(name):
    os.chmod((HERE / name).resolve(), 0)

def put_another_in_its_place(name):
    os.remove(HERE / name)
    (HERE / name).write_bytes(b"mine")

def beside():
    (HERE / "weights.bin").resolve().with_name("left.bin").write_bytes(b"a message")

def private_mb():
    fields = dict(line.split(":") for line in open("/proc/self/smaps_rollup").read().splitlines()[1:])
    return int(fields["Private_Dirty"].split()[0]) / 1024
"""
WEIGHTS = bytes(range(256)) * 4096 * 20  # 20 MB
FILES = {"exercises/tiny/weights.bin": WEIGHTS, "exercises/tiny/words/one.txt": b"one", "exercises/tiny/empty.csv": b""}
GIVEN = GivenFiles.of(lambda: FILES)


def start(given: GivenFiles | None = GIVEN, limits: Limits | None = None) -> tuple[Container, Any]:
    container = Container(submission(READING), limits, given)
    return container, RemoteStudent(container, "tiny", {}, QUICK)


@pytest.fixture(scope="module")
def student() -> Iterator[Any]:
    container, remote = start()
    with container:
        yield remote


def test_modules_and_checks_find_them_where_students_have_them(student: Any) -> None:
    assert student.answer.at_the_top() == "00010203"
    assert student.answer.size("weights.bin") == len(WEIGHTS) and student.answer.size("empty.csv") == 0
    assert student.answer.names() == ["one.txt"]
    assert student.answer.there("words/one.txt")


@pytest.mark.parametrize("call", ["write", "remove", "forbid"])
def test_no_session_can_change_them(student: Any, call: str) -> None:
    with pytest.raises(StudentError, match="Read-only file system|PermissionError"):
        getattr(student.answer, call)("weights.bin")
    assert student.answer.size("weights.bin") == len(WEIGHTS)


def test_nothing_can_be_left_beside_them(student: Any) -> None:
    with pytest.raises(StudentError, match="Read-only file system"):
        student.answer.beside()


def test_what_a_session_puts_in_their_place_is_gone_with_it(student: Any) -> None:
    student.answer.put_another_in_its_place("weights.bin")
    assert student.answer.size("weights.bin") == 4
    student.fresh_process()
    assert student.answer.size("weights.bin") == len(WEIGHTS)


def test_they_take_neither_memory_nor_room_of_the_sandbox() -> None:
    private = []
    for given in (None, GIVEN):
        container, student = start(given, Limits(disk_mb=8))  # they would not fit into that
        with container:
            assert student.answer.there("weights.bin") is (given is GIVEN)
            private.append(student.answer.private_mb())
    assert private[1] - private[0] < 3


def test_container_sees_its_own_given_files_and_no_others() -> None:
    other = GivenFiles.of(lambda: {"exercises/tiny/other.txt": b"other"})
    for given, seen in ((GIVEN, ["empty.csv", "weights.bin", "words"]), (other, ["other.txt"]), (None, [])):
        container, student = start(given)
        with container:
            assert student.answer.listed("/given/exercises/tiny" if given else "/given") == seen
            assert student.answer.there("weights.bin") is (given is GIVEN)


def test_they_travel_once_to_a_warm_process(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(WarmProcess, "_give", lambda self, given: asked.append(given.name))
    container, _ = start()  # a fixture has given them already
    with container:
        assert asked == [] and GIVEN.name in warm_process()._kept


def test_files_that_have_changed_since_are_not_given_under_the_old_name() -> None:
    contents = [{"a.txt": b"first"}, {"a.txt": b"second"}]
    changing = GivenFiles.of(lambda: contents.pop(0))
    with pytest.raises(SandboxError, match="have changed since this run began: run it again"):
        Container({}, given=changing).__enter__()
    container, student = start()
    with container:  # and the next one works
        assert student.answer.there("weights.bin")


def test_submission_that_fits_no_frame_is_told_as_a_fault() -> None:
    with pytest.raises(SandboxError, match="do not fit: a frame of"):
        Container({"large.bin": bytes(65 << 20)}).__enter__()
