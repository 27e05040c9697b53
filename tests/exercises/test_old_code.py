"""Old code in a notebook, and files that may not be saved: both are noticed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from exercises.checking import old_code as noticing
from exercises.checking.old_code import old_code
from grader.release.bundle import student_bundle, write_folder

FIRST = """import functools

FACTOR = 2


def logged(function):
    @functools.wraps(function)
    def inner(*values):
        return function(*values)
    return inner


@logged
def double(x):
    return FACTOR * x


class Layer:
    def __init__(self, size):
        self.size = size

    @property
    def half(self):
        return self.size / 2

    @staticmethod
    def name():
        return "layer"

    class Inner:
        def value(self):
            return 1


Layer.own = Layer
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A module of the student's in this process, as it was first saved."""
    path = tmp_path / "recipe.py"
    path.write_text(FIRST, encoding="utf-8")
    code = type(sys)("exercises.digits.recipe")
    code.__file__ = str(path)
    exec(compile(FIRST, str(path), "exec", dont_inherit=True), vars(code))
    monkeypatch.setitem(sys.modules, "exercises.digits.recipe", code)
    for name in [name for name in sys.modules if name.startswith("exercises.digits.") and name != code.__name__]:
        monkeypatch.delitem(sys.modules, name)
    return path


def test_what_is_loaded_as_it_is_saved_is_not_mentioned(module: Path) -> None:
    assert old_code("digits") == ()
    module.write_text(FIRST + "\n\n# a word at the end\nX = '\\d'\n", encoding="utf-8")
    assert old_code("digits") == ()
    module.unlink()
    assert old_code("digits") == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("FACTOR * x", "x * FACTOR"),
        ("self.size / 2", "self.size / 3"),
        ('return "layer"', 'return "another"'),
        ("return 1", "return 2"),
        ("def half", "# a line more\n    def half"),
    ],
)
def test_code_that_was_saved_later_and_never_loaded_is_noticed(module: Path, old: str, new: str) -> None:
    module.write_text(FIRST.replace(old, new), encoding="utf-8")
    (note,) = old_code("digits")
    assert (
        note == f"this notebook still runs recipe.py as it was before, and the saved one is another: {noticing.AGAIN}"
    )


def test_file_that_python_cannot_read_any_more_is_noticed_with_its_line(module: Path) -> None:
    module.write_text(FIRST.replace("def double(x):", "def double(x)"), encoding="utf-8")
    (note,) = old_code("digits")
    assert "still runs recipe.py as it was before: Python cannot read the saved one (line 1" in note
    assert "expected ':'" in note
    module.write_bytes(b"\x00")
    assert "Python cannot read the saved one" in old_code("digits")[0]


SESSION = """
import sys
from pathlib import Path
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
def cell(text):
    print(f"<<{text}>>", file=sys.stderr)
    shell.run_cell(text)
cell("%load_ext autoreload")
cell("%autoreload 2")
cell("from exercises.showing.progress import Progress\\nfrom exercises.digits import pooling")
path = Path("exercises/digits/pooling.py")
good = path.read_text()
path.write_text(good.replace("-> None:", "-> None", 1))
cell("1 + 1")
cell("1 + 2")
path.write_text(good + "\\n\\nX = 1\\n")
cell("1 + 3")
cell("pooling.X")
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_folder(student_bundle("digits"), tmp_path / "digits")
    return tmp_path / "digits"


def python(folder: Path, *words: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment["IPYTHONDIR"] = str(folder.parent / "ipython")
    done = subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return done.stdout


def test_each_cell_of_a_notebook_says_that_it_runs_old_code_until_it_does_not(folder: Path) -> None:
    said = python(folder, "-u", "-c", SESSION)
    cells = {part.partition(">>")[0]: part for part in said.split("<<")}
    note = "note: this notebook still runs pooling.py as it was before: Python cannot read the saved one (line "
    assert [name for name, part in cells.items() if note in part] == ["1 + 1", "1 + 2"], said
    assert "1" in cells["pooling.X"]


def test_check_that_fails_again_on_the_same_files_asks_whether_they_are_saved(folder: Path) -> None:
    check = ("-m", "exercises", "check", "digits")
    question = "; if you have changed that since, is it saved?"
    assert question not in python(folder, *check, "recipe")
    assert "note: as at the last check (2" in (said := python(folder, *check, "recipe")) and question in said
    assert question not in python(folder, *check, "receptive_field")  # another task, for the first time
    path = folder / "exercises" / "digits" / "recipe.py"
    path.write_text(path.read_text() + "\n", encoding="utf-8")
    assert question not in python(folder, *check, "recipe")
    assert "recipe.py; if" in python(folder, *check, "recipe")


def test_check_in_the_courses_own_folder_keeps_no_notes() -> None:
    from exercises.assignment import EXERCISES
    from exercises.checking.latest import read_latest

    assert read_latest(EXERCISES / "digits") == {}
