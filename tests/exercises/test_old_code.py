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
    module.write_text(FIRST.replace("    @property", "    # a line more\n    @property"), encoding="utf-8")
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


TWO_SAVES = """
import sys
from pathlib import Path
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
def cell(text):
    print(f"<<{text}>>", file=sys.stderr)
    shell.run_cell(text)
def save(old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
path = Path("exercises/digits/recipe.py")
path.write_text('''from __future__ import annotations

import functools

import torch
import torch.nn.functional as F

try:
    import math
except ImportError:
    math = None


def longer(x: int) -> int:
    return x


def summed(x: int) -> float:
    return float(torch.full((2,), float(x)).sum()) + math.floor(0.5)


def below(x: int, y: int) -> int:
    def inner(z: int) -> int:
        return z
    if (x and y):
        return inner(x)
    return 1


class Layer:
    def __init__(self):
        self._size = 1

    def forward(self, x: int) -> int:
        \\"\\"\\"Give it back.

        As it is.
        \\"\\"\\"
        return x

    def relu(self, x: float) -> float:
        return float(F.relu(torch.tensor(x)))

    @property
    def size(self) -> int:
        return self._size
''')
cell("%load_ext autoreload")
cell("%autoreload 2")
cell("from exercises.showing.progress import Progress\\nfrom exercises.digits import recipe")
save("    return x\\n", "    x = x + 1\\n    x = x + 1\\n    return x\\n")
cell("recipe.longer(1)")
save("        return z", "        return z + 1")
cell("recipe.below(1, 1)")
save("(x and y)", "(\\n        x\\n        and y\\n    )")
cell("recipe.below(2, 2)")
save("        return x", "        x = -x\\n        return x")
cell("recipe.Layer().forward(1)")
save("math.floor(0.5)", "math.floor(1.5)")
cell("recipe.summed(1)")
save("torch.full((2,), float(x))", "torch.cat([torch.full((2,), float(x))])")
cell("recipe.summed(2)")
save("float(F.relu(torch.tensor(x)))", "float(F.relu(torch.tensor(x))) + 1")
cell("recipe.Layer().relu(2.0)")
save("return self._size", "return self._size + 1")
cell("recipe.Layer().size")
save("self._size = 1", "self._size = 7")
cell("recipe.Layer().size + 0")
save("z + 1", "z + 2")
save("import functools", "import functools, no_such_module")
cell("recipe.below(3, 3)")
save("class Layer:", "class Layer")
cell("recipe.below(4, 4)")
save("class Layer", "class Layer:")
save(", no_such_module", "")
cell("recipe.below(5, 5)")
save("return self._size + 1", "return self.__missing")  # IPython names it after a class of its own
cell("recipe.Layer().size + 1")
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


def test_saves_that_are_loaded_are_not_mentioned_and_the_one_that_is_not_is(folder: Path) -> None:
    said = python(folder, "-u", "-c", TWO_SAVES)
    cells = {part.partition(">>")[0]: part for part in said.split("<<")}
    for name, value in {
        "recipe.longer(1)": 3,
        "recipe.below(1, 1)": 2,
        "recipe.below(2, 2)": 3,
        "recipe.Layer().forward(1)": -1,
        "recipe.summed(1)": 3.0,
        "recipe.summed(2)": 5.0,
        "recipe.Layer().relu(2.0)": 3.0,
        "recipe.Layer().size": 2,
        "recipe.Layer().size + 0": 8,
        "recipe.below(5, 5)": 6,  # old indeed: IPython compares with the file that it could not load
    }.items():
        assert f": {value}" in cells[name], cells[name]
    assert [name for name, part in cells.items() if "still runs recipe.py" in part] == [
        "recipe.below(3, 3)",
        "recipe.below(4, 4)",
        "recipe.below(5, 5)",
        "recipe.Layer().size + 1",
    ], said


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
