"""Reading a submission: allow-listed regular files, and nothing that a link or a trick leads to."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from exercises.assignment import MODULE_BYTES
from exercises.own import MOST_OWN
from grader.grading.checked.reading import read_submission

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


@pytest.fixture
def inner(folder: Path) -> Path:
    """The folder of the modules; blocks.py imports the student's own `helpers`."""
    inner = folder / "exercises" / "digits"
    (inner / "blocks.py").write_text("from .helpers import relu\n")
    return inner


def test_modules_of_the_students_own_are_read_with_those_that_they_import(folder: Path, inner: Path) -> None:
    (inner / "helpers.py").write_text("from . import deeper, check\n")
    (inner / "deeper.py").write_text("from .helpers import relu\nfrom .training import fit\n")
    for name in ("training", "notes", "__init__"):
        (inner / f"{name}.py").write_text("# is given, or is imported by nobody\n")
    submission = read_submission(folder, "digits", "a")
    assert set(submission.modules) == {*MODULES, "helpers", "deeper"} and submission.problems == ()
    assert set(submission.beside) == {f"exercises/digits/{name}.py" for name in submission.modules}


def test_a_change_in_a_module_of_the_students_own_is_another_submission(folder: Path, inner: Path) -> None:
    (inner / "helpers.py").write_text("x = 1\n")
    first = read_submission(folder, "digits", "a")
    (inner / "helpers.py").write_text("x = 2\n")
    second = read_submission(folder, "digits", "a")
    assert first.own_modules_hash != second.own_modules_hash and first.hash != second.hash


def test_whose_modules_they_are_counts_for_their_own_hash_alone(folder: Path) -> None:
    mine, other = (read_submission(folder, "digits", student) for student in ("a", "b"))
    assert mine.hash == other.hash and mine.own_modules_hash != other.own_modules_hash
    assert mine.own_modules_hash == replace(mine, notebook=b"another").own_modules_hash
    assert replace(mine, student="a\udcff").own_modules_hash != mine.own_modules_hash  # a name that is not UTF-8


def test_a_module_of_the_students_own_that_is_missing_is_a_problem_where_it_is_needed(
    folder: Path, inner: Path
) -> None:
    (inner / "pooling.py").write_text(
        "from . import check, perhaps\ntry:\n    from .fast import f\nexcept ImportError: 1\n"
    )
    submission = read_submission(folder, "digits", "a")
    assert [str(problem) for problem in submission.problems] == ["exercises/digits/helpers.py is missing"]


def test_hostile_modules_of_ones_own_are_refused(folder: Path, inner: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.py").write_text("secret")
    names = ("linked", "fifo", "large", "directory")
    (inner / "blocks.py").write_text("".join(f"from .{name} import x\n" for name in names))
    (inner / "linked.py").symlink_to(tmp_path / "secret.py")
    os.mkfifo(inner / "fifo.py")
    (inner / "large.py").write_bytes(b"#" * (MODULE_BYTES + 1))
    (inner / "directory.py").mkdir()
    submission = read_submission(folder, "digits", "a")
    assert set(submission.modules) == set(MODULES)
    assert sum("was refused" in str(problem) for problem in submission.problems) == len(names)


@pytest.mark.parametrize(
    "line",
    [
        "from .training import fit",
        "from .Training import fit",
        "from .checks import blocks",
        "from .__init__ import check",
        "from ..pack import pack",
        "from exercises.checking.probe import x",
        "import torch",
        "__import__('exercises.digits...pack')",
        "__import__('exercises.digits./../pack')",
        "__import__('exercises.digits.helpers/../training')",
    ],
)
def test_nothing_given_and_nothing_elsewhere_is_read(folder: Path, inner: Path, line: str) -> None:
    for name in ("training", "Training", "checks", "__init__", "torch"):
        (inner / f"{name}.py").write_text("stray\n")
    (folder / "exercises" / "pack.py").write_text("stray\n")
    (inner / "blocks.py").write_text(f"{line}\n")
    submission = read_submission(folder, "digits", "a")
    assert set(submission.modules) == set(MODULES) and submission.problems == ()


def test_the_number_of_modules_of_ones_own_is_bounded(folder: Path, inner: Path) -> None:
    for number in range(MOST_OWN + 5):
        (inner / f"m{number}.py").write_text("x = 1\n")
    (inner / "blocks.py").write_text("".join(f"from .m{number} import x\n" for number in range(MOST_OWN + 5)))
    assert len(read_submission(folder, "digits", "a").modules) == len(MODULES) + MOST_OWN
    (inner / "blocks.py").write_text("".join(f"from .n{number} import x\n" for number in range(3000)))
    assert len(read_submission(folder, "digits", "a").problems) <= 100
