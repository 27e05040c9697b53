"""Reading a submission: allow-listed regular files, and nothing that a link or a trick leads to."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from grader.submission import MODULE_BYTES, read_submission

MODULES = ("receptive_field", "pooling", "blocks", "classifier", "recipe")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inner = tmp_path / "digits" / "exercises" / "digits"
    inner.mkdir(parents=True)
    for name in MODULES:
        (inner / f"{name}.py").write_text(f"# {name}\n")
    (tmp_path / "digits" / "digits.ipynb").write_bytes(b"{}")
    return tmp_path / "digits"


def test_submission_holds_the_allowed_files_and_no_others(folder: Path) -> None:
    (folder / "exercises" / "digits" / "torch.py").write_text("stray")
    (folder / "sitecustomize.py").write_text("stray")
    submission = read_submission(folder, "digits", "a")
    assert set(submission.modules) == set(MODULES)
    assert submission.modules["blocks"] == b"# blocks\n" and submission.notebook == b"{}"
    assert submission.problems == ()


def test_missing_folder_is_an_error_that_names_the_student(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="student-7 submitted nothing"):
        read_submission(tmp_path / "none", "digits", "student-7")


def test_missing_files_are_reported_and_the_rest_is_read(folder: Path) -> None:
    (folder / "digits.ipynb").unlink()
    (folder / "exercises" / "digits" / "recipe.py").unlink()
    submission = read_submission(folder, "digits", "a")
    assert submission.notebook is None and "recipe" not in submission.modules
    assert len(submission.modules) == 4
    assert set(map(str, submission.problems)) == {"digits.ipynb is missing", "exercises/digits/recipe.py is missing"}


def test_link_to_a_file_is_refused(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.py"
    secret.write_text("secret")
    place = folder / "exercises" / "digits" / "blocks.py"
    place.unlink()
    place.symlink_to(secret)
    submission = read_submission(folder, "digits", "a")
    assert "blocks" not in submission.modules
    assert any("blocks.py was refused" in problem.text for problem in submission.problems)


def test_link_in_the_middle_of_the_path_is_refused(folder: Path, tmp_path: Path) -> None:
    (folder / "exercises").rename(tmp_path / "elsewhere")
    (folder / "exercises").symlink_to(tmp_path / "elsewhere")
    submission = read_submission(folder, "digits", "a")
    assert submission.modules == {} and len(submission.problems) == 5


def test_directory_fifo_and_oversized_file_are_refused_without_waiting(folder: Path) -> None:
    inner = folder / "exercises" / "digits"
    for name in ("pooling", "blocks", "classifier"):
        (inner / f"{name}.py").unlink()
    (inner / "pooling.py").mkdir()
    os.mkfifo(inner / "blocks.py")
    (inner / "classifier.py").write_bytes(b"#" * (MODULE_BYTES + 1))
    submission = read_submission(folder, "digits", "a")
    assert set(submission.modules) == {"receptive_field", "recipe"}
    assert sum("was refused" in problem.text for problem in submission.problems) == 3
    assert any("larger than 64 KiB" in problem.text for problem in submission.problems)


def test_hash_depends_on_every_byte_and_on_nothing_else(folder: Path) -> None:
    first = read_submission(folder, "digits", "a").hash
    assert read_submission(folder, "digits", "b").hash == first
    (folder / "extra.txt").write_text("x")
    assert read_submission(folder, "digits", "a").hash == first
    (folder / "exercises" / "digits" / "recipe.py").write_text("# recipe \n")
    changed = read_submission(folder, "digits", "a").hash
    assert changed != first
    (folder / "digits.ipynb").write_bytes(b"{ }")
    assert read_submission(folder, "digits", "a").hash not in (first, changed)
