"""The released folder, used as a student uses it: somewhere else, in Jupyter."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from grader.authoring.galleries import solution_files
from grader.release.bundle import student_bundle, write_folder

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The student's folder outside the repository, with nothing of the repository on the path."""
    write_folder(student_bundle("digits"), tmp_path / "digits")
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "none"))
    monkeypatch.delenv("PYTHONPATH", raising=False)
    return tmp_path / "digits"


def run(folder: Path) -> nbformat.NotebookNode:
    notebook = nbformat.read(folder / "digits.ipynb", as_version=4)
    client = NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
    client.execute()
    return notebook


def test_notebook_runs_to_its_first_stub_and_says_what_to_do(folder: Path) -> None:
    with pytest.raises(CellExecutionError) as caught:
        run(folder)
    assert caught.value.ename == "NotImplementedError"
    assert caught.value.evalue.startswith("Task 1")


def test_notebook_runs_to_its_end_with_the_answers(folder: Path) -> None:
    for name, text in solution_files("digits").items():
        (folder / "exercises" / "digits" / f"{name}.py").write_text(text)
    notebook = run(folder)
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error"]
    texts = [output.data.get("text/plain", "") for output in outputs if "data" in output]
    passed = [text for text in texts if "public checks passed" in text]
    assert len(passed) == 5
    assert not [text for text in passed if "FAIL" in text]


def test_check_command_says_what_is_wrong_in_the_stub(folder: Path) -> None:
    environment = {**os.environ, "COLUMNS": "120"}
    command = [sys.executable, "-m", "exercises", "check", "digits", "blocks"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "not written yet: Task 3" in done.stdout and "0 of " in done.stdout
    assert "blocks.py (saved " in done.stdout
