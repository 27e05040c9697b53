"""The bundle: an allow-list, and the folder and the zip that are written from it."""

from __future__ import annotations

import json
import os
import sys
import zipfile
from pathlib import Path

import pytest

from grader.release.build import release
from grader.release.bundle import student_bundle, write_folder, write_zip
from grader.release.errors import ReleaseError
from grader.release.leaks import leaks
from grader.release.packages import sandbox_bundle

PACKAGES = {
    "datasets/__init__.py",
    "exercises/__init__.py",
    "exercises/__main__.py",
    "exercises/annotations.py",
    "exercises/assignment.py",
    "exercises/doctor.py",
    "exercises/foresight.py",
    "exercises/given.py",
    "exercises/limits.py",
    "exercises/own.py",
    "exercises/pack.py",
    "exercises/shadows.py",
    "exercises/syntax.py",
    "exercises/tables.py",
    "exercises/cells.py",
    "exercises/checking/__init__.py",
    "exercises/tiny/__init__.py",
    "exercises/tiny/adding.py",
    "exercises/tiny/assignment.toml",
    "exercises/tiny/checks/__init__.py",
    "exercises/tiny/checks/adding.py",
}


WEIGHTS = "exercises/tiny/weights.npy"


@pytest.fixture
def built(tiny: Path, tmp_path: Path) -> Path:
    release("tiny", out=tmp_path / "out")
    return tiny


def test_student_bundle_is_exactly_the_allowed_files(built: Path) -> None:
    assert set(student_bundle("tiny")) == PACKAGES | {
        "README.md",
        "requirements.txt",
        "tiny.ipynb",
        "exercises/tiny/given.json",
    }


def test_bundle_says_what_hidden_checks_are_about_and_neither_their_ids_nor_their_ideas(built: Path) -> None:
    hidden = built / "grader/checks/tiny/adding.py"
    hidden.write_text(hidden.read_text().replace("points=1", 'points=1, topic="large numbers"'))
    del sys.modules["grader.checks.tiny.adding"]
    given = student_bundle("tiny")["exercises/tiny/given.json"]
    assert json.loads(given)["hidden"] == [{"task": "adding", "topic": "large numbers", "points": 1, "extra": False}]
    assert b"adding.large" not in given and b"Sums" not in given
    assert leaks(student_bundle("tiny"), "tiny") == []


def test_sandbox_bundle_is_the_packages_alone(built: Path) -> None:
    assert set(sandbox_bundle("tiny")) == PACKAGES


def test_bundle_has_the_licence_where_there_is_one(built: Path) -> None:
    (built / "LICENSE").write_text("Do as you like.\n")
    assert student_bundle("tiny")["LICENSE"] == b"Do as you like.\n"
    assert "LICENSE" not in sandbox_bundle("tiny")


def test_bundle_takes_pictures_and_leaves_caches_and_editor_files(built: Path) -> None:
    folder = built / "exercises" / "tiny"
    for name in ("pictures/sum.png", "__pycache__/adding.pyc", ".ipynb_checkpoints/a.py", "adding.py~", ".hidden.py"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"\x89PNG")
    assert set(sandbox_bundle("tiny")) == PACKAGES | {"exercises/tiny/pictures/sum.png"}


def test_bundle_refuses_a_kind_of_file_that_it_does_not_know(built: Path) -> None:
    (built / "exercises" / "tiny" / "model.pt").write_bytes(b"weights")
    with pytest.raises(ReleaseError, match=r"exercises/tiny/model\.pt.*GIVEN_SUFFIXES"):
        sandbox_bundle("tiny")


@pytest.mark.parametrize("suffix", ["safetensors", "npy", "npz", "json", "wav", "txt", "csv", "png"])
def test_bundle_takes_given_files_of_each_kind(built: Path, suffix: str) -> None:
    path = f"exercises/tiny/parts/one.{suffix}"
    (built / path).parent.mkdir()
    (built / path).write_bytes(b"\x93NUMPY\r\n\xff")
    given = json.loads(student_bundle("tiny")["exercises/tiny/given.json"])["files"]
    assert sandbox_bundle("tiny")[path] == b"\x93NUMPY\r\n\xff" and path in given


def limit_given_files(root: Path, line: str) -> None:
    facts = root / "exercises" / "tiny" / "assignment.toml"
    facts.write_text(f"{facts.read_text()}\n[limits]\n{line}\n")


def test_given_files_may_be_as_large_as_the_limit_lets_them_be(built: Path) -> None:
    limit_given_files(built, "given_mb = 3")
    (built / WEIGHTS).write_bytes(bytes(2 << 20))
    (built / "exercises/tiny/more.wav").write_bytes(bytes((1 << 20) - 10_000))
    assert len(sandbox_bundle("tiny")[WEIGHTS]) == 2 << 20
    (built / "exercises/tiny/more.wav").write_bytes(bytes(3 << 19))
    words = r"tiny has 3\.5 MB of given files, and 3 MB .*largest is exercises/tiny/weights\.npy.* set given_mb"
    with pytest.raises(ReleaseError, match=words):
        student_bundle("tiny")


def test_zip_holds_the_given_files(built: Path, tmp_path: Path) -> None:
    (built / WEIGHTS).write_bytes(bytes(range(256)) * 100)
    done = release("tiny", out=tmp_path / "out")
    with zipfile.ZipFile(done.zip) as archive:
        assert archive.read(f"{done.zip.stem}/{WEIGHTS}") == bytes(range(256)) * 100


def test_bundle_refuses_a_link(built: Path) -> None:
    os.symlink(built / "solutions" / "tiny" / "adding.py", built / "exercises" / "tiny" / "linked.py")
    with pytest.raises(ReleaseError, match=r"linked\.py is missing, or not a regular file"):
        sandbox_bundle("tiny")


@pytest.mark.parametrize("name", ["exercises/__main__.py", "exercises/tiny/adding.py", "exercises/tiny/tiny.ipynb"])
def test_bundle_names_a_missing_file(built: Path, name: str) -> None:
    (built / name).unlink()
    with pytest.raises(ReleaseError, match=name):
        student_bundle("tiny")


def test_readme_names_what_to_do_and_which_files_come_back(built: Path) -> None:
    text = student_bundle("tiny")["README.md"].decode()
    for words in (
        "Adding",
        "requirements.txt",
        "jupyter lab tiny.ipynb",
        "`adding.py`",
        "exercises check tiny",
        "| Task 1: adding | `adding.py` | 2 |",
        "2030",
    ):
        assert words in text
    assert "$" not in text


def test_readme_and_given_files_say_whom_to_ask(built: Path) -> None:
    bundle = student_bundle("tiny", contact="help@course.example")
    assert bundle["README.md"].decode().endswith("\n**Whom to ask:** help@course.example\n")
    assert json.loads(bundle["exercises/tiny/given.json"])["contact"] == "help@course.example"
    assert b"Whom to ask:" not in student_bundle("tiny")["README.md"]


def test_guide_travels_with_the_pictures_that_it_shows_and_no_others(built: Path) -> None:
    (built / "docs" / "pictures").mkdir(parents=True)
    (built / "docs" / "students.md").write_text("See\n![one](pictures/one.png)\n[more](https://example.org)\n")
    for name in ("one", "other"):
        (built / "docs" / "pictures" / f"{name}.png").write_bytes(b"\x89PNG")
    bundle = student_bundle("tiny")
    assert [path for path in bundle if path.startswith("docs/")] == ["docs/pictures/one.png", "docs/students.md"]
    assert not any(path.startswith("docs/") for path in json.loads(bundle["exercises/tiny/given.json"])["files"])


@pytest.mark.parametrize("link", ["pictures/missing.png", "lecturers.md", "../README.md"])
def test_guide_links_to_nothing_that_students_do_not_get(built: Path, link: str) -> None:
    (built / "docs").mkdir()
    (built / "docs" / "lecturers.md").write_text("For others.\n")
    (built / "docs" / "students.md").write_text(f"See [this]({link}).\n")
    with pytest.raises(ReleaseError, match=f"docs/students.md links to {link}"):
        student_bundle("tiny")


def test_write_folder_writes_the_bundle_and_nothing_else(tmp_path: Path) -> None:
    bundle = {"a/b.py": b"1\n", "c.txt": b"2\n"}
    write_folder(bundle, tmp_path / "out")
    write_folder(bundle, tmp_path / "out")
    found = {p.relative_to(tmp_path / "out").as_posix(): p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    assert found == bundle


def test_write_folder_replaces_what_changed(tmp_path: Path) -> None:
    write_folder({"a.py": b"old"}, tmp_path / "out")
    write_folder({"a.py": b"new"}, tmp_path / "out")
    assert (tmp_path / "out" / "a.py").read_bytes() == b"new"


def test_write_folder_refuses_files_of_somebody_else_and_keeps_them(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("mine")
    with pytest.raises(ReleaseError, match=r"notes\.md"):
        write_folder({"a.py": b"1"}, tmp_path)
    assert (tmp_path / "notes.md").read_text() == "mine"
    assert not (tmp_path / "a.py").exists()


def test_a_given_file_that_is_gone_leaves_the_folder_with_the_next_release(built: Path, tmp_path: Path) -> None:
    out, table = tmp_path / "out", built / "exercises/tiny/Table.CSV"
    table.write_text("1,2\n")
    release("tiny", out=out)
    copy = out / "tiny/exercises/tiny/Table.CSV"
    assert copy.is_file()
    table.rename(table.with_name("sums.csv"))
    copy.write_text("somebody's\n")
    with pytest.raises(ReleaseError, match=r"not part of the release: exercises/tiny/Table\.CSV\. Move"):
        release("tiny", out=out)
    assert copy.read_text() == "somebody's\n"
    copy.write_text("1,2\n")
    (out / "tiny/notes.md").write_text("mine")
    with pytest.raises(ReleaseError, match=r"not part of the release: notes\.md\. Move"):
        release("tiny", out=out)
    assert copy.exists()
    (out / "tiny/notes.md").unlink()
    release("tiny", out=out)
    assert not copy.exists() and copy.with_name("sums.csv").read_text() == "1,2\n"


def test_write_folder_bears_the_caches_of_a_folder_that_was_tried(tmp_path: Path) -> None:
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.cpython-311.pyc").write_bytes(b"cache")
    write_folder({"a.py": b"1"}, tmp_path)
    assert (tmp_path / "a.py").read_bytes() == b"1"


def test_write_zip_is_the_same_bytes_whatever_the_order(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    write_zip({"b.py": b"2", "a/a.py": b"1"}, tmp_path / "one" / "digits.zip")
    write_zip({"a/a.py": b"1", "b.py": b"2"}, tmp_path / "two" / "digits.zip")
    assert (tmp_path / "one" / "digits.zip").read_bytes() == (tmp_path / "two" / "digits.zip").read_bytes()


def test_write_zip_holds_one_folder_with_readable_files(tmp_path: Path) -> None:
    write_zip({"b.py": b"2", "a/a.py": b"1"}, tmp_path / "digits.zip")
    with zipfile.ZipFile(tmp_path / "digits.zip") as archive:
        assert archive.namelist() == ["digits/a/a.py", "digits/b.py"]
        assert archive.read("digits/b.py") == b"2"
        assert {entry.external_attr >> 16 for entry in archive.infolist()} == {0o100644}
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
