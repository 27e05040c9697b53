"""Files that hide a module of Python's own are named before anything else is imported."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from exercises.checking import fresh
from exercises.doctor import findings
from exercises.shadows import PACKAGES, advice, shadows
from grader.release.packages import PROGRAMS
from grader.repository import REPOSITORY


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "exercises").mkdir()
    for name in PROGRAMS:
        shutil.copy(REPOSITORY / "exercises" / name, tmp_path / "exercises")
    shutil.copytree(REPOSITORY / "exercises" / "checking", tmp_path / "exercises" / "checking")
    return tmp_path


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-B", *words], cwd=folder, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize(
    "name", ["random", "copy", "inspect", "typing", "string", "tempfile", "torch", "typer", "click"]
)
@pytest.mark.parametrize("command", [("doctor",), ("check", "digits"), ("pack", "digits")], ids=" ".join)
def test_a_file_that_hides_a_module_is_named_first(folder: Path, name: str, command: tuple[str, ...]) -> None:
    (folder / f"{name}.py").write_text("x = 1\n")
    done = run(folder, "-m", "exercises", *command)
    assert done.returncode == (1 if command == ("doctor",) else 2), done.stderr
    assert f"{name}.py in {folder}" in done.stdout and f"Rename it (my_{name}.py)" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize("name", ["types", "functools", "contextlib", "collections", "warnings", "operator", "random"])
def test_the_folder_as_a_program_names_also_those_that_python_needs_to_begin(folder: Path, name: str) -> None:
    (folder / f"{name}.py").write_text("x = 1\n")
    done = run(folder, "exercises", "doctor")
    assert done.returncode == 1 and f"{name}.py in {folder}" in done.stdout and done.stderr == ""


def test_the_folder_as_a_program_does_the_same(folder: Path) -> None:
    assert "there is no assignment 'nothing'" in run(folder, "exercises", "check", "nothing").stderr


def test_packages_hide_and_plain_folders_and_other_names_do_not(tmp_path: Path) -> None:
    for name in ("numpy", "random", "PIL"):
        (tmp_path / name).mkdir()
    (tmp_path / "numpy" / "__init__.py").touch()
    for name in ("helpers.py", "torch.txt", "copy.pyc", "mymath.py"):
        (tmp_path / name).touch()
    assert shadows(str(tmp_path)) == ["numpy"]
    words = advice("there", ["numpy", "random.py"])
    assert words.startswith("numpy, random.py in there hide") and "that the course needs" in words


def test_a_notebooks_check_names_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fresh, "ROOT", tmp_path)
    (tmp_path / "types.py").touch()
    assert "types.py" in fresh._run("digits", "blocks").fault


def test_doctor_names_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exercises.doctor._imported", lambda name: next(findings(tmp_path)))
    (tmp_path / "queue.py").touch()
    [fault] = [one.fault for one in findings(tmp_path) if one.what == "names of files"]
    assert fault.startswith("queue.py in")


@pytest.mark.slow
def test_every_package_that_the_needed_ones_import_is_known() -> None:
    code = (
        "import sys, torch, torchvision, torchaudio, soundfile, safetensors.torch\n"
        "import matplotlib.pyplot, ipywidgets, typer, rich.console\n"
        "places = {n: getattr(m, '__file__', '') or '' for n, m in list(sys.modules.items()) if '.' not in n}\n"
        "print(*sorted(n for n, p in places.items() if 'site-packages' in p))"
    )
    done = run(REPOSITORY, "-c", code)
    found = {name for name in done.stdout.split() if not name.startswith(("_distutils", "__editable__"))}
    assert found - set(PACKAGES) - set(sys.stdlib_module_names) == set()
