"""A public check that trains shows the same number each time, and the notebook's cell beside it the same one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

from grader import repository
from grader.authoring.galleries import solution_files
from grader.release.bundle import write_folder
from grader.release.packages import sandbox_bundle

# What of the notebook is needed, in its order: cells by words in them, or a line of code.
CELLS = {
    "convolution": ("filterbank import FrontEnd", "training.practice()"),
    "digits": ("data = load_digits()", "classifier import CNNClassifier2d", "recipe import RECIPE", "practice()"),
    "spoken_digits": (
        "data = load_speech()",
        "def say(",
        "def spectra(",
        "classifier import CNNClassifier1d",
        "practice()",
    ),
}
LINES = {
    "filterbank import FrontEnd": "from exercises.convolution import pictures, training\n"
    "from exercises.convolution.filterbank import FrontEnd\nimport torch",
    "classifier import CNNClassifier2d": "from exercises.digits.classifier import CNNClassifier2d",
    "classifier import CNNClassifier1d": "from exercises.spoken_digits.classifier import CNNClassifier1d",
}
SHOWN = {
    "convolution": '{"words": scores["designed"]}',
    "digits": '{"digits": reached}',
    "spoken_digits": '{"words_known": recipe_results["words, known speakers"], '
    '"words_unknown": recipe_results["words, never heard"]}',
}
CHECKS = {"convolution": "filterbank.practice"}  # elsewhere it is accuracy.validation


@pytest.fixture(params=sorted(CELLS))
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Path]:
    """What a student has, with the model solution in the place of the stubs."""
    name = request.param
    own = {f"exercises/{name}/{module}.py": text.encode() for module, text in solution_files(name).items()}
    write_folder({**sandbox_bundle(name), **own}, tmp_path / name)
    return name, tmp_path / name


def ran(where: Path, threads: int, *words: str) -> str:
    own = {"OMP_NUM_THREADS": str(threads), "COURSE_STATIC": "1", "MPLBACKEND": "agg"}
    environment = {**os.environ, **own, "COURSE_DATA": str(where / "data")}  # generated data, which everybody has
    environment.pop("PYTHONPATH", None)
    done = subprocess.run([sys.executable, *words], cwd=where, env=environment, capture_output=True, text=True)
    assert done.returncode in (0, 1) and done.stdout and "Traceback" not in done.stderr, done.stderr[-3000:]
    return done.stdout


def checked(name: str, where: Path, threads: int) -> dict[str, float]:
    """What the public check measures."""
    check = CHECKS.get(name, "accuracy.validation")
    report = json.loads(ran(where, threads, "-m", "exercises", "check", name, check.partition(".")[0], "--json"))
    (verdict,) = [one for one in report["verdicts"] if one["check"] == check]
    return dict(verdict["measured"])


def shown(name: str, where: Path) -> dict[str, float]:
    """What the notebook's cell computes."""
    cells = [cell.source for cell in nbformat.read(repository.notebook(name), as_version=4).cells]
    chosen: list[str] = []
    for words in CELLS[name]:
        found = [LINES[words]] if words in LINES else [source for source in cells if words in source]
        assert found, words
        chosen.append(found[0])
    lines = [line for source in chosen for line in source.splitlines() if not line.startswith("%")]
    code = "\n".join([*lines, f"import json\nprint(json.dumps({SHOWN[name]}))"])
    return dict(json.loads(ran(where, 2, "-c", code).splitlines()[-1]))


@pytest.mark.slow
def test_check_and_notebook_show_the_same_numbers_each_time(folder: tuple[str, Path]) -> None:
    found: list[dict[str, Any]] = [checked(*folder, threads=1), checked(*folder, threads=2), shown(*folder)]
    assert found[0] and found[0] == found[1] == found[2]
