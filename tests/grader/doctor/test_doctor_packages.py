"""The doctor's word on installed packages: made-up versions, and what mismatched wheels say."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from exercises.assignment import load_assignment
from grader.doctor import packages

PINS = {"torch": "2.11.0", "torchvision": "0.26.0", "torchaudio": "2.11.0", "nbgrader": "0.9.6"}


def test_pinned_versions_reads_names_and_versions(tmp_path: Path) -> None:
    file = tmp_path / "constraints.txt"
    file.write_text("# words\ntorch==2.11.0  # the trio\nJinja2==3.1.6\n")
    assert packages.pinned_versions(file) == {"torch": "2.11.0", "jinja2": "3.1.6"}


def test_pinned_versions_of_this_project_name_what_the_doctor_asks_for() -> None:
    assert {*packages.MATCHED_TRIO, "nbgrader", "alembic"} <= set(packages.pinned_versions())


def test_trio_versions_accepts_the_pinned_ones() -> None:
    assert packages.trio_versions(PINS, PINS.get).ok


@pytest.mark.parametrize("changed", [{"torch": "2.13.0"}, {"torchvision": "0.25.0"}, {"torchaudio": None}])
def test_trio_versions_names_the_ones_that_match(changed: dict[str, str | None]) -> None:
    finding = packages.trio_versions(PINS, {**PINS, **changed}.get)
    assert not finding.ok
    name, found = next(iter(changed.items()))
    assert f"{name} {found or 'missing'}" in finding.what
    assert "torch 2.11.0, torchvision 0.26.0, torchaudio 2.11.0" in finding.what
    assert finding.mend.startswith(f"{sys.executable} -m pip install -c ")
    assert finding.mend.endswith("constraints.txt torch torchvision torchaudio")


@pytest.mark.parametrize(
    ("stderr", "meaning"),
    [
        ("RuntimeError: operator torchvision::nms does not exist", "torchvision is built for another release of torch"),
        ("OSError: libc10_cuda.so: cannot open shared object file", "built for CUDA"),
        ("OSError: libtorchaudio.so: undefined symbol: _ZN3c10", "another release of torch"),
        ("ModuleNotFoundError: No module named 'torchaudio'", "not installed"),
        ("MemoryError", "the import failed"),
    ],
)
def test_trio_import_explains_what_a_mismatched_wheel_says(stderr: str, meaning: str) -> None:
    finding = packages.trio_import(lambda: f"Traceback (most recent call last):\n{stderr}")
    assert not finding.ok
    assert meaning in finding.what
    assert stderr in finding.what
    assert "--force-reinstall" in finding.mend


def test_trio_import_is_content_with_silence() -> None:
    assert packages.trio_import(lambda: "").ok


@pytest.mark.parametrize("found", ["0.9.5", None])
def test_nbgrader_version_asks_for_the_pinned_one(found: str | None) -> None:
    finding = packages.nbgrader_version(PINS, lambda _: found)
    assert not finding.ok
    assert finding.mend.endswith("nbgrader")


def program(folder: Path, script: str) -> str:
    folder.mkdir()
    path = folder / "alembic"
    path.write_text(script)
    path.chmod(0o755)
    return str(folder)


def test_alembic_on_path_is_found_and_run(tmp_path: Path) -> None:
    assert packages.alembic_on_path(program(tmp_path / "bin", "#!/bin/sh\nexit 0\n")).ok


def test_alembic_missing_from_the_path_is_mended_by_the_environments_folder(tmp_path: Path) -> None:
    finding = packages.alembic_on_path(str(tmp_path))
    assert not finding.ok
    assert str(Path(sys.executable).parent) in finding.mend


@pytest.mark.parametrize("script", ["#!/nowhere/bin/python\n", "#!/bin/sh\nexit 1\n"])
def test_alembic_of_a_moved_environment_is_not_enough(tmp_path: Path, script: str) -> None:
    finding = packages.alembic_on_path(program(tmp_path / "bin", script))
    assert not finding.ok
    assert "moved" in finding.what


def test_python_that_grades_is_compared_with_what_the_assignments_say() -> None:
    digits = load_assignment("digits")
    assert digits.python == "3.11"
    same = packages.python_version([digits], (3, 11))
    assert same.ok and same.what == "Python 3.11"
    newer = packages.python_version([digits], (3, 13))
    assert newer.ok and "write python = '3.13' there" in newer.what
    older = packages.python_version([digits, replace(digits, python="3.12")], (3, 11))
    assert not older.ok and "grade with Python 3.12, or write python = '3.11' there" in older.mend


def test_a_version_of_python_that_is_none_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exercises.assignment.EXERCISES", tmp_path)
    (tmp_path / "digits").mkdir()
    text = (packages.REPOSITORY / "exercises" / "digits" / "assignment.toml").read_text()
    for wrong in ("3.11", '"3"', '"3.11.7"'):
        (tmp_path / "digits" / "assignment.toml").write_text(text.replace('python = "3.11"', f"python = {wrong}"))
        with pytest.raises(ValueError, match=r'digits/assignment\.toml: .*write it as "3\.11"'):
            load_assignment("digits")
