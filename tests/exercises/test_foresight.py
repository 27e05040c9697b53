"""What grading will not take is said when it is packed and when it is checked, and it is packed all the same."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from exercises import foresight
from exercises.assignment import load_assignment
from exercises.foresight import import_ahead, read_ahead
from exercises.given import digest, manifest, read_given
from exercises.limits import AssignmentLimits
from exercises.pack import PackError, pack
from grader.authoring.galleries import solution_files
from grader.release.bundle import student_bundle, write_folder

DIGITS = load_assignment("digits")
Write = Callable[[str, str], None]


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("released") / "digits"
    bundle = student_bundle("digits")
    bundle |= {f"exercises/digits/{name}.py": text.encode() for name, text in solution_files("digits").items()}
    write_folder(bundle, folder)
    return folder


@pytest.fixture
def root(released: Path, tmp_path: Path) -> Path:
    """A student's folder with the solution in it."""
    return Path(shutil.copytree(released, tmp_path / "digits"))


@pytest.fixture
def write(root: Path) -> Write:
    """Adds lines to a module, or makes it."""

    def add(name: str, text: str) -> None:
        with open(root / name, "a", encoding="utf-8") as file:
            file.write(text)

    return add


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is imported: that takes seconds."""
    monkeypatch.setattr("exercises.pack.import_ahead", lambda *_, **__: [])


def doubts(root: Path) -> str:
    return "\n".join(pack("digits", root).doubts)


def run(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-B", "-m", "exercises", *words], cwd=root, capture_output=True, text=True, timeout=300
    )


def test_a_module_of_ones_own_is_packed_with_those_that_it_imports(root: Path, write: Write, quick: None) -> None:
    write("exercises/digits/blocks.py", "from .helpers import relu\n")
    write("exercises/digits/helpers.py", "from . import deeper\nrelu = deeper.relu\n")
    write("exercises/digits/deeper.py", "def relu(x): return x.clamp(min=0)\n")
    write("exercises/digits/old_notes.py", "x = 1\n")
    receipt = pack("digits", root)
    with zipfile.ZipFile(receipt.archive) as archive:
        own = set(archive.namelist()) - {f"exercises/digits/{name}.py" for name in DIGITS.modules} - {"digits.ipynb"}
        assert own == {"exercises/digits/helpers.py", "exercises/digits/deeper.py"}
    assert receipt.doubts == () and receipt.left_out == ("exercises/digits/old_notes.py",)
    assert "exercises/digits/deeper.py" in (root / "digits-receipt.txt").read_text()


@pytest.mark.parametrize(("content", "words"), [("", "is empty"), ("#" * 70_000, "grading reads 0.0625 MB")])
def test_a_module_of_ones_own_that_is_useless_is_refused(
    root: Path, write: Write, quick: None, content: str, words: str
) -> None:
    write("exercises/digits/blocks.py", "from .helpers import relu\n")
    write("exercises/digits/helpers.py", content)
    with pytest.raises(PackError, match=rf"helpers\.py .*{words}"):
        pack("digits", root)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("import scipy.signal", "scipy.signal is not installed there: it has ipywidgets, jupyterlab, "),
        ("from beside import x", "move beside.py into exercises/digits/ and write `from .beside import"),
        ("import inside", "is not found there: write `from .inside import …`"),
        ("from .gone import x", "exercises.digits.gone is not there: is the name spelt so"),
        ("from .folder.a import x", "exercises.digits.folder.a is a folder, and only modules in exercises/"),
        ("from .umläut import x", "exercises.digits.umläut is not handed in, because of its name"),
        ("from exercises.spoken_digits.features import log_mel", "features is not there where it is graded"),
        ("from datasets.mine import x", "datasets.mine is not there where it is graded"),
        ("from typing import override", "typing.override came with Python 3.12; grading uses Python 3.11"),
        ("def f():\n    import pandas", "line {line}: pandas is not installed there"),
    ],
)  # fmt: skip
def test_an_import_that_grading_has_not_is_named(root: Path, write: Write, quick: None, line: str, words: str) -> None:
    for name in ("beside.py", "exercises/digits/inside.py", "exercises/digits/umläut.py", "datasets/mine.py"):
        write(name, "x = 1\n")
    (root / "exercises" / "digits" / "folder").mkdir()
    write("exercises/digits/folder/a.py", "x = 1\n")
    write("exercises/digits/pooling.py", f"{line}\n")
    length = len((root / "exercises/digits/pooling.py").read_text().splitlines())
    [doubt] = pack("digits", root).doubts
    assert words.format(line=length) in doubt
    assert doubt.startswith(f"exercises/digits/pooling.py, line {length}: ")


@pytest.mark.parametrize(
    "lines",
    [
        "import torch.nn.functional as F, math, numpy as np\nfrom matplotlib import pyplot",
        "from PIL import Image\nfrom IPython.display import display",  # which come with torchvision and ipywidgets
        "try:\n    import scipy\nexcept ImportError:\n    scipy = None",
        "if __name__ == '__main__':\n    import pandas",
        "from exercises.digits.training import fit\nfrom datasets import load_digits\nfrom . import check",
    ],
)
def test_an_import_that_grading_has_is_none(root: Path, write: Write, quick: None, lines: str) -> None:
    write("exercises/digits/pooling.py", f"{lines}\n")
    assert doubts(root) == ""


def test_a_given_file_that_was_edited_or_is_gone_is_named(root: Path, write: Write, quick: None) -> None:
    write("exercises/digits/training.py", "\ndef my_loop(): pass\n")
    (root / "exercises" / "checking" / "probe.py").unlink()
    found = doubts(root)
    assert "exercises/digits/training.py is not as it was given, and grading uses the original: take it" in found
    assert "what you added belongs into a module of your own beside it" in found
    assert "exercises/checking/probe.py is missing" in found and found.count("\n") == 1


def test_line_ends_of_windows_are_no_change(root: Path, quick: None) -> None:
    path = root / "exercises" / "digits" / "training.py"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert doubts(root) == ""


def test_syntax_of_a_newer_python_is_named_with_its_line(root: Path, write: Write, quick: None) -> None:
    length = len((root / "exercises/digits/recipe.py").read_text().splitlines())
    write("exercises/digits/recipe.py", 'NAMES = {"a": 1}\nTEXT = f"{NAMES["a"]}"\n')
    assert f"recipe.py, line {length + 2}: an f-string with its own kind of quotes" in doubts(root)
    assert "which Python 3.12 brought; grading uses Python 3.11" in doubts(root)


def test_an_annotation_that_only_a_newer_python_reads_late_is_named(root: Path, write: Write, quick: None) -> None:
    write("exercises/digits/blocks.py", "from .helpers import Pair\n")
    write("exercises/digits/helpers.py", "class Pair:\n    def swapped(self) -> Pair:\n        return self\n")
    assert "helpers.py, line 2: an annotation uses Pair before it is there" in doubts(root)


def test_the_list_of_given_files_is_missed_in_a_students_folder_alone(
    root: Path, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "exercises/digits/given.json").write_text("{}")
    assert doubts(root) == ""  # the program that runs lies in the course's own folder
    monkeypatch.setattr(foresight, "EXERCISES", (root / "exercises").resolve())
    assert "exercises/digits/given.json is missing" in doubts(root)
    (root / "solutions").mkdir()  # as a student has it after the deadline
    assert "exercises/digits/given.json is missing" in doubts(root)
    (root / "grader").mkdir()
    assert doubts(root) == ""


def test_manifest_is_the_same_whatever_the_order(tmp_path: Path) -> None:
    one = manifest({"b": b"1", "a": b"2\r\n"}, ["torch", "numpy"])
    assert one == manifest({"a": b"2\n", "b": b"1"}, ["numpy", "torch"])
    files = {"a": digest(b"2\n"), "b": digest(b"1")}
    assert json.loads(one) == {"contact": "", "packages": ["numpy", "torch"], "hidden": [], "files": files}


def test_the_released_folder_lists_every_given_file_and_no_stub(root: Path) -> None:
    given = read_given(root, "digits")
    assert given is not None and list(given.changed(root)) == []
    own = {f"exercises/digits/{name}.py" for name in DIGITS.modules}
    files = {
        path.relative_to(root).as_posix() for part in ("exercises", "datasets") for path in (root / part).rglob("*")
    }
    assert set(given.files) == {name for name in files - own if "." in name} - {"exercises/digits/given.json"}
    assert "torch" in given.packages and "typer" in given.packages


@pytest.mark.parametrize(
    ("module", "text", "words"),
    [
        ("recipe", "open('table.csv')\n", "recipe.py fails when it is imported where nothing else lies: FileNot"),
        ("recipe", "import os\nos._exit(0)\n", "recipe.py ends Python when it is imported"),
        ("recipe", "raise SystemExit\n", "recipe.py fails when it is imported where nothing else lies: SystemExit"),
        ("recipe", "import time\ntime.sleep(2.5)\n", "recipe.py takes 2."),
        ("recipe", "while True: pass\n", "recipe.py takes more than 3 s to import, and is stopped there: what runs"),
    ],
)  # fmt: skip
@pytest.mark.slow
def test_an_import_that_fails_or_takes_long_is_named(
    root: Path, write: Write, module: str, text: str, words: str
) -> None:
    facts = replace(DIGITS, limits=AssignmentLimits(import_s=3))
    write(f"exercises/digits/{module}.py", text)
    write("exercises/digits/table.csv", "beside it here, and not there\n")
    files = {name: (root / f"exercises/digits/{name}.py").read_bytes() for name in ("recipe",)}
    [found] = import_ahead(facts, root, files)
    assert words in found


def test_reports_of_the_imports_are_put_into_words() -> None:
    gone = ["failed", "pooling", "ModuleNotFoundError: No module named 'torch'", ["ModuleNotFoundError"], "torch"]
    [words] = foresight._judged(DIGITS, [["begin", "pooling"], gone, ["end", ""]], ["torch"], told=False)
    assert words.startswith("perhaps more, for nothing could be tried: ") and "exercises doctor" in words
    twice = [["failed", name, "KeyError: 1  (blocks.py, line 2: x[1])", ["KeyError"], ""] for name in ("a", "b")]
    assert len(list(foresight._judged(DIGITS, [*twice, ["end", ""]], ["torch"], told=False))) == 1
    for kinds in (["ModuleNotFoundError", "ImportError"], ["IndentationError", "SyntaxError"]):  # told by reading
        told = [["failed", "a", "No module named 'scipy'", kinds, "scipy"], ["end", ""]]
        assert list(foresight._judged(DIGITS, told, ["torch"], told=True)) == []


@pytest.mark.parametrize(
    ("error", "words"), [(OSError(28, "No space left on device"), "nothing could be tried (No space left on device)")]
)
def test_a_disk_that_is_full_costs_no_zip(
    root: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, words: str
) -> None:
    def full(*_: object, **__: object) -> str:
        raise error

    monkeypatch.setattr(foresight.tempfile, "mkdtemp", full)
    assert words in doubts(root) and (root / "digits-submission.zip").is_file()


@pytest.mark.slow
def test_commands_say_it_with_an_exit_code_and_make_the_zip(root: Path, write: Write) -> None:
    fine = run(root, "pack", "digits")
    assert fine.returncode == 0 and "will not take" not in fine.stdout, fine.stdout + fine.stderr
    (root / "digits-submission.zip").unlink()
    write("exercises/digits/recipe.py", "import helpers\n")
    write("helpers.py", "x = 1\n")
    done = run(root, "pack", "digits")
    assert done.returncode == 1 and (root / "digits-submission.zip").is_file()
    assert "grading will not take: exercises/digits/recipe.py, line" in done.stdout
    assert "move helpers.py into exercises/digits/" in done.stdout and done.stdout.count("grading will not take: ") == 1
    checked = run(root, "check", "digits", "receptive_field")
    assert checked.returncode == 0, checked.stdout
    write("exercises/digits/receptive_field.py", "import helpers\n")
    checked = run(root, "check", "digits", "receptive_field")
    assert (
        checked.returncode == 1 and "grading will not take: exercises/digits/receptive_field.py, line" in checked.stdout
    )


def test_reading_ahead_takes_modules_of_any_bytes(root: Path) -> None:
    assert read_ahead(DIGITS, root, {"blocks": b"\xff\0import scipy", "pooling": b"from .x import ("}) == []
