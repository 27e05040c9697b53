"""Code that ends Python, or crashes it, in the middle of a check: the student still hears where."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from exercises.checking import fresh
from grader.release.bundle import student_bundle, write_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_folder(student_bundle("digits"), tmp_path / "digits")
    return tmp_path / "digits"


def _write(folder: Path, text: str) -> None:
    (folder / "exercises" / "digits" / "recipe.py").write_text(text, encoding="utf-8")


def test_code_that_ends_python_is_an_error_like_others(folder: Path) -> None:
    _write(folder, "import os\nos._exit(3)\n")
    command = [sys.executable, "-m", "exercises", "check", "digits", "recipe"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert "SystemExit: 3  (recipe.py, line 2: os._exit(3))" in done.stdout


def test_crash_names_the_students_line_in_a_notebook(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(folder, "import ctypes\n\n\ndef crash():\n    ctypes.string_at(0)\n\n\ncrash()\n")
    monkeypatch.setattr(fresh, "ROOT", folder)
    assert fresh._run("digits", "recipe").fault == "Python crashed in recipe.py, line 5: Segmentation fault"


def test_crash_outside_the_students_modules_is_told_as_it_is() -> None:
    words = 'something before\nFatal Python error: Aborted\n\nCurrent thread:\n  File "/lib/x.py", line 3 in f'
    said = fresh._early_end("digits", -6, words)
    assert said.startswith("Python crashed: Fatal Python error: Aborted") and said.endswith("line 3 in f")
