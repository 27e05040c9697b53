"""`grader lab`: JupyterLab with formgrader on a course folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from typer.testing import CliRunner

from grader.cli import app
from grader.course.folder import Course
from grader.gradebook.config import write_config


def test_lab_refuses_a_folder_that_is_no_course(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["lab", "--course", str(tmp_path)])
    assert result.exit_code == 2
    assert "has no nbgrader_config.py" in result.stderr


@pytest.mark.slow
def test_lab_shows_the_courses_formgrader_and_ends_when_it_is_told_to(tmp_path: Path) -> None:
    write_config(Course(tmp_path / "course"))
    command = [sys.executable, "-m", "grader", "lab", "--course", str(tmp_path / "course")]
    alone = {name: str(tmp_path / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR")}
    displays = ("DISPLAY", "WAYLAND_DISPLAY")  # no window is to open
    environment = {name: value for name, value in os.environ.items() if name not in displays} | alone
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as program:
        try:
            assert program.stdout is not None
            address = urlsplit(program.stdout.readline().split()[-1])
            server = f"{address.scheme}://{address.netloc}"
            with urlopen(f"{server}/formgrader/manage_assignments?{address.query}", timeout=60) as answer:
                assert "Manage Assignments" in answer.read().decode()
        finally:
            program.send_signal(signal.SIGTERM)
    assert program.returncode == 130
    with pytest.raises(URLError):
        urlopen(f"{server}/api/status", timeout=5)
