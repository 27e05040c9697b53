"""What is made in a course folder is its owner's alone; what others made, or share, keeps its mode."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.collect.sources import entries
from grader.course.folder import Course
from grader.course.ledger import Ledger
from grader.gradebook.config import load_config, write_config
from grader.model.private import make_folder, others_may, owner_only
from tests.grader.collect.download_kit import collected, complete, packed


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_new_folder_is_its_owners_alone_and_an_existing_one_keeps_its_mode(tmp_path: Path) -> None:
    make_folder(tmp_path / "above" / "course")
    assert mode(tmp_path / "above" / "course") == 0o700 and mode(tmp_path / "above") == 0o755
    (tmp_path / "shared").mkdir(mode=0o755)
    make_folder(tmp_path / "shared")
    assert mode(tmp_path / "shared") == 0o755
    assert others_may(tmp_path / "shared") and not others_may(tmp_path / "none")


def test_umask_is_put_back_and_a_shared_folder_keeps_it(tmp_path: Path) -> None:
    for name, expected in (("shared", 0o644), ("own", 0o600)):
        root = tmp_path / name
        root.mkdir(mode=0o755 if name == "shared" else 0o700)
        with owner_only(root):
            (root / "inside").write_text("")
        (root / "after").write_text("")
        assert mode(root / "inside") == expected and mode(root / "after") == 0o644
    with pytest.raises(KeyError), owner_only(tmp_path / "own"):
        raise KeyError
    assert os.umask(0o022) == 0o022


def below(root: Path) -> dict[str, int]:
    return {path.relative_to(root).as_posix(): mode(path) for path in root.rglob("*")}


@pytest.mark.parametrize("shared", [False, True])
def test_what_is_collected_configured_and_remembered_is_the_owners_alone(tmp_path: Path, shared: bool) -> None:
    course = Course(tmp_path / "course")
    if shared:
        course.root.mkdir(mode=0o755)
    write_config(course)
    assert collected(course, {"Ada_11_assignsubmission_file_/digits.zip": packed()})["Ada-11"].files == len(complete())
    with Ledger(course.ledger)._open():
        pass
    modes = below(course.root)
    assert {"verdicts.db", "nbgrader_config.py", "submitted/Ada-11/digits/digits.ipynb"} <= set(modes)
    open_to_others = {name for name, bits in modes.items() if bits & 0o077}
    assert bool(open_to_others) == shared, open_to_others
    assert "permissions" in load_config(course).Autograde or shared
    assert mode(course.root) == (0o755 if shared else 0o700)


def test_collecting_first_makes_the_folder_the_owners_alone(tmp_path: Path) -> None:
    course = Course(tmp_path / "course")
    collected(course, {"Ada_11_assignsubmission_file_/digits.zip": packed()})
    assert mode(course.root) == 0o700 and list(entries(course.root / "submitted"))
