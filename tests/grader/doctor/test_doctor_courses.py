"""What the doctor says of a course folder: a warning where others can read it, and never a failure."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from grader.cli import app
from grader.doctor import courses
from grader.model.private import others_may


@pytest.fixture
def course(tmp_path: Path) -> Path:
    root = tmp_path / "my course"
    (root / "submitted").mkdir(parents=True)
    (root / "nbgrader_config.py").write_text("")
    root.chmod(0o755)
    return root


def test_open_folder_is_a_warning_and_its_command_mends_it(course: Path) -> None:
    (found,) = courses.findings(course)
    assert found.ok and found.warns and "others on this machine" in found.what
    subprocess.run(found.mend, shell=True, check=True)
    assert not others_may(course) and not others_may(course / "submitted")
    (found,) = courses.findings(course)
    assert found.ok and not found.warns and not found.mend


def test_folder_of_something_else_is_not_spoken_of(tmp_path: Path) -> None:
    assert courses.findings(tmp_path) == courses.findings(tmp_path / "none") == []


def test_command_shows_the_warning_and_ends_well(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.doctor.examine", courses.findings)
    done = CliRunner().invoke(app, ["doctor", "--course", str(course)], env={"COLUMNS": "300"})
    assert done.exit_code == 0 and "warning" in done.output and "chmod -R go-rwx" in done.output
