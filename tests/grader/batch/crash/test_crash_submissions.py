"""Submissions in every state a file system knows: each a clear message, nothing lost, and the others are graded."""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.batch import run as batch
from grader.batch.run import grade_batch
from grader.course.folder import Course
from grader.course.handed_in import collected_at, note_collected
from grader.grading.checked.reading import read_submission
from grader.model.problems import refused
from tests.grader.batch.crash.kit import DIGITS, FULL, Inline, autograded, hand_in, run, scores

MODULE = "exercises/digits/blocks.py"
DAC_OVERRIDE, DAC_READ_SEARCH = 1, 2  # what lets the superuser read a file of mode 000


@pytest.fixture
def plain_rights() -> Iterator[None]:
    """Give up, for a while, the superuser's right to read everything."""

    class Header(ctypes.Structure):
        _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))

    libc, header = ctypes.CDLL(None, use_errno=True), Header(0x20080522, 0)
    sets = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable; twice 32 bits
    assert libc.capget(ctypes.byref(header), ctypes.byref(sets)) == 0
    before = sets[0]
    sets[0] &= ~(1 << DAC_OVERRIDE | 1 << DAC_READ_SEARCH)
    assert libc.capset(ctypes.byref(header), ctypes.byref(sets)) == 0
    yield
    sets[0] = before
    assert libc.capset(ctypes.byref(header), ctypes.byref(sets)) == 0


def directory(path: Path) -> None:
    path.mkdir()
    (path / "inner").write_text("x")


def fifo(path: Path) -> None:
    os.mkfifo(path)


def unix_socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # names of sockets are short
    with closing(socket.socket(socket.AF_UNIX)) as sock:
        sock.bind(path.name)
    os.chdir(here)


def dangling(path: Path) -> None:
    path.symlink_to("/nowhere/at/all")


def link(path: Path) -> None:
    path.symlink_to("/etc/passwd")


ODD: dict[str, tuple[Callable[[Path], None], str]] = {
    "directory": (directory, "not a regular file"),
    "fifo": (fifo, "not a regular file"),
    "socket": (unix_socket, "not a regular file"),
    "dangling link": (dangling, "a link"),
    "link": (link, "a link"),
}


@pytest.mark.parametrize("relative", [MODULE, "digits.ipynb"], ids=["module", "notebook"])
@pytest.mark.parametrize(("put", "reason"), ODD.values(), ids=ODD.keys())
def test_something_else_where_a_file_should_be(
    course: Course, asked: list[str], put: Callable[[Path], None], reason: str, relative: str
) -> None:
    hand_in(course, "ada", "bob")
    place = course.submitted("digits", "ada") / relative
    place.unlink()
    put(place)
    done = run(course, ["ada", "bob"])
    assert done["ada"].problem == "" and done["ada"].graded
    assert done["ada"].graded.problems == (refused(relative, reason),) and done["ada"].needs_human
    assert not done["bob"].needs_human
    assert scores(course) == {"ada": FULL, "bob": FULL} and autograded(course, "ada").is_file()
    assert os.path.lexists(place)  # as it was handed in


def test_file_where_the_folder_of_modules_should_be(course: Course, asked: list[str]) -> None:
    hand_in(course, "ada", "bob")
    folder = course.submitted("digits", "ada") / "exercises"
    shutil.rmtree(folder)
    folder.write_text("all my answers")
    done = run(course, ["ada", "bob"])
    assert done["ada"].graded and set(map(str, done["ada"].graded.problems)) == {
        f"exercises/digits/{name}.py was refused: a link or a file lies where its folder should be"
        for name in DIGITS.modules
    }
    assert scores(course)["bob"] == FULL


def test_refused_files_leave_no_descriptor_open(course: Course) -> None:
    hand_in(course, "ada")
    place = course.submitted("digits", "ada") / MODULE
    place.unlink()
    place.mkdir()
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    open_now = len(os.listdir("/proc/self/fd"))
    resource.setrlimit(resource.RLIMIT_NOFILE, (open_now + 20, limits[1]))
    try:
        for _ in range(100):
            read_submission(course.submitted("digits", "ada"), "digits", "ada")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


@pytest.mark.parametrize(
    "relative", [MODULE, "digits.ipynb", "exercises", ""], ids=["module", "notebook", "folder", "all"]
)
def test_unreadable_submission_is_told_and_is_no_zero(
    course: Course, asked: list[str], plain_rights: None, relative: str
) -> None:
    hand_in(course, "ada", "bob")
    place = course.submitted("digits", "ada") / relative
    mode = place.stat().st_mode
    place.chmod(0)
    done = run(course, ["ada", "bob"])
    place.chmod(mode)
    assert "cannot be read: " in done["ada"].problem and str(place) in done["ada"].problem
    assert done["ada"].problem.endswith(": Permission denied")
    assert asked == ["bob"] and scores(course) == {"bob": FULL}
    assert run(course, ["ada", "bob"])["ada"].problem == ""
    assert scores(course) == {"ada": FULL, "bob": FULL} and asked == ["bob", "ada"]


def test_folder_that_vanishes_before_it_is_booked(
    course: Course, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(course, "ada", "bob")
    original = batch.grade_groups

    def vanish(submission: object, *rest: object) -> object:
        shutil.rmtree(course.submitted("digits", "ada"), ignore_errors=True)
        return original(submission, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(batch, "grade_groups", vanish)
    done = run(course, ["ada", "bob"])
    assert done["ada"].problem.startswith("not written to the gradebook: ")
    assert "submitted" in done["ada"].problem and "Traceback" not in done["ada"].problem
    assert scores(course) == {"bob": FULL}
    hand_in(course, "ada")  # it comes back
    assert run(course, ["ada"])["ada"].known and scores(course)["ada"] == FULL
    assert asked.count("ada") == 1


def garbage(stamp: Path) -> None:
    stamp.write_bytes(b"\xff\x00 the day before yesterday")


def future(stamp: Path) -> None:
    stamp.write_text("2999-01-01 00:00:00 UTC")


STAMPS = {"future": future, "garbage": garbage, "link": dangling, "directory": directory, "fifo": fifo}


@pytest.mark.parametrize("forge", STAMPS.values(), ids=STAMPS.keys())
def test_forged_timestamp_changes_nothing(course: Course, asked: list[str], forge: Callable[[Path], None]) -> None:
    hand_in(course, "ada", "bob")
    when = datetime(2027, 2, 2, 12, tzinfo=UTC)
    note_collected(course, "digits", "ada", when)
    stamp = course.submitted("digits", "ada") / "timestamp.txt"
    stamp.unlink()
    forge(stamp)
    forge(course.submitted("digits", "bob") / "timestamp.txt")
    done = run(course, ["ada", "bob"])
    assert not any(one.needs_human for one in done.values())
    with closing(sqlite3.connect(course.gradebook)) as database:
        times = dict(database.execute("SELECT student_id, timestamp FROM submitted_assignment"))
    assert times == {"ada": "2027-02-02 12:00:00.000000", "bob": None}
    assert scores(course) == {"ada": FULL, "bob": FULL}
    note_collected(course, "digits", "ada", when)  # whatever lies there
    assert stamp.read_text() == "2027-02-02 12:00:00.000000 UTC" and not stamp.is_symlink()


@pytest.mark.parametrize("text", ["", "tomorrow"], ids=["empty", "words"])
def test_damaged_note_of_the_time_is_told(course: Course, asked: list[str], text: str) -> None:
    hand_in(course, "ada", "bob")
    note_collected(course, "digits", "ada", datetime(2027, 2, 2, 12, tzinfo=UTC))
    note = course.root / "collected" / "digits" / "ada.txt"
    note.write_text(text)
    done = run(course, ["ada", "bob"])
    assert done["ada"].problem == (
        f"not written to the gradebook: {note} holds {text!r} and no note: "
        'python -m grader times digits ada "2030-01-15 22:59" writes one'
    )
    assert scores(course)["bob"] == FULL
    note_collected(course, "digits", "ada", datetime(2027, 2, 2, 12, tzinfo=UTC))
    assert run(course, ["ada", "bob"])["ada"].problem == "" and scores(course)["ada"] == FULL
    assert sorted(asked) == ["ada", "bob"]


def test_note_that_cannot_be_written_keeps_the_old_one(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    hand_in(course, "ada")
    note_collected(course, "digits", "ada", datetime(2027, 2, 2, 12, tzinfo=UTC))

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="No space"):
        note_collected(course, "digits", "ada", datetime(2027, 3, 3, tzinfo=UTC))
    assert collected_at(course, "digits", "ada") == datetime(2027, 2, 2, 12)


def test_name_that_is_no_text_is_told(course: Course, asked: list[str]) -> None:
    """An old archive's umlaut: no database takes it, and printing it would end the batch."""
    hand_in(course, "ada", "bob")
    submitted = course.root / "submitted"
    os.rename(os.fsencode(submitted / "bob"), os.fsencode(submitted) + b"/b\xf6b")
    done = list(grade_batch(course, "digits", course.students("digits"), Inline, workers=lambda: 1))
    assert [one.student for one in done if one.problem] == ["b\\xf6b"]
    assert "is not UTF-8; rename it" in next(one.problem for one in done if one.problem)
    assert scores(course) == {"ada": FULL}


def put_nothing(folder: Path) -> None:
    folder.mkdir()


def put_file(folder: Path) -> None:
    folder.write_text("my answers")


FOLDERS = {"file": put_file, "dangling link": dangling, "empty": put_nothing}


@pytest.mark.parametrize("put", FOLDERS.values(), ids=FOLDERS.keys())
def test_whoever_handed_in_something_is_listed_and_told(
    course: Course, asked: list[str], put: Callable[[Path], None]
) -> None:
    hand_in(course, "ada", "bob")
    folder = course.submitted("digits", "bob")
    shutil.rmtree(folder)
    put(folder)
    (course.root / "submitted" / ".DS_Store").write_text("not a student")
    (course.root / "submitted" / "cy").mkdir()  # nothing for this assignment
    assert course.students("digits") == ["ada", "bob"]
    done = run(course, course.students("digits"))
    assert done["bob"].needs_human and done["ada"].problem == ""
    if put is not put_nothing:
        assert done["bob"].problem == f"cannot be read: bob submitted nothing for digits: {folder} is no folder"


def test_folder_that_may_not_be_entered_is_listed(course: Course, asked: list[str], plain_rights: None) -> None:
    hand_in(course, "ada", "bob")
    (course.root / "submitted" / "bob").chmod(0)
    students = course.students("digits")
    done = run(course, students)
    (course.root / "submitted" / "bob").chmod(0o755)
    assert students == ["ada", "bob"] and done["bob"].problem.endswith(": Permission denied")


def test_row_of_another_version_of_the_grader_is_graded_again(course: Course, asked: list[str]) -> None:
    hand_in(course, "ada")
    run(course, ["ada"])
    with closing(sqlite3.connect(course.ledger)) as database, database:
        database.execute('UPDATE parts SET part = \'{"group": "blocks", "mark": 1}\' WHERE checks = \'blocks\'')
        database.execute("UPDATE parts SET part = 'half a ro' WHERE checks = 'pooling'")
    assert run(course, ["ada"])["ada"].problem == ""
    assert asked == ["ada", "ada"] and scores(course) == {"ada": FULL}
