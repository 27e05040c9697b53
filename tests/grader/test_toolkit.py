"""An assignment that needs all that an author can say goes through every command, in a copy of the repository.

`tests/fixtures/toolkit`: complex spectra and a NamedTuple, networks of 138 million parameters that are never filled,
two tasks that train under names of their own, texts with a disguise of their own, 51 MB of given weights, and two
assignments that it builds on.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import numpy
import pytest

from grader import repository
from grader.grading.checked.seed import SECRET_BYTES, SECRET_FILE

pytestmark = pytest.mark.slow

FIXTURE = Path(__file__).parents[1] / "fixtures" / "toolkit"
FACTS = "exercises/toolkit/assignment.toml"
MISTAKES = 12
TASKS = ("spectra", "networks", "languages", "drawings")


def ran(root: Path, *words: str, code: int = 0) -> str:
    """What a command of Python's prints, run in the copy."""
    environment = {**os.environ, "PYTHONPATH": "", "OMP_NUM_THREADS": "1", "COURSE_DATA": str(root / "data")}
    done = subprocess.run([sys.executable, *words], cwd=root, env=environment, capture_output=True, text=True)
    assert done.returncode == code, (words, done.stdout[-4000:], done.stderr[-4000:])
    return done.stdout


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with the assignment, calibrated, in a course."""
    root = tmp_path_factory.mktemp("repository")
    for folder in ("datasets", "docs", "exercises", "grader", "solutions"):
        left_out = shutil.ignore_patterns("__pycache__", "samples")
        shutil.copytree(repository.REPOSITORY / folder, root / folder, ignore=left_out)
    shutil.copytree(FIXTURE, root, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    drawn = numpy.random.default_rng(20).standard_normal((784, 16_384), dtype=numpy.float32) / 28
    numpy.save(root / "exercises/toolkit/weights.npy", drawn)
    ran(root, "-m", "grader", "release", "toolkit")
    ran(root, "-m", "grader", "calibrate", "toolkit", "--seeds", "60", "--processes", "2")
    (root / "course").mkdir(mode=0o700)
    (root / "course" / SECRET_FILE).write_bytes(bytes(range(SECRET_BYTES)))  # each run draws the same
    ran(root, "-m", "grader", "release", "toolkit", "--course", "course")
    return root


@pytest.fixture(scope="module")
def graded(copy: Path) -> Path:
    """The same, with a graded course."""
    ran(copy, "-m", "grader", "simulate", "toolkit", "--course", "course", "--size", "16")
    said = ran(copy, "-m", "grader", "autograde", "toolkit", "--course", "course", code=1)
    assert "1 need a person" in said and "toolkit.ipynb is missing" in said, "whom the cohort has without a notebook"
    return copy


def test_calibration_writes_the_thresholds_of_both_tasks(copy: Path) -> None:
    training = tomllib.loads((copy / FACTS).read_text(encoding="utf-8"))["training"]
    assert set(training["languages"]["threshold"]["generated"]) == {"short", "long"}
    assert set(training["drawings"]["threshold"]["generated"]) == {"digits"}
    assert "toolkit/languages/generated" in json.loads((copy / "docs/calibration.json").read_text(encoding="utf-8"))


def test_model_solution_is_proved_in_the_sandbox(copy: Path) -> None:
    said = ran(copy, "-m", "grader", "check-release", "toolkit")
    assert "toolkit: in step" in said and "the model solution passes its 17 checks in the sandbox" in said


def test_student_finds_everything_in_the_folder(copy: Path, tmp_path: Path) -> None:
    folder = copy / "build/release/toolkit"
    assert (folder / "exercises/toolkit/weights.npy").stat().st_size > 50_000_000
    assert (folder / "exercises/spoken_digits/masking.py").is_file() and (
        folder / "exercises/digits/pooling.py"
    ).is_file()
    assert not (folder / "exercises/digits/assignment.toml").exists()
    own = tmp_path / "toolkit"
    shutil.copytree(folder, own)
    assert "not written yet" in ran(own, "-m", "exercises", "check", "toolkit", code=1)
    for name in ("spectra", "networks", "reader", "drawing"):
        shutil.copy(copy / f"solutions/toolkit/{name}.py", own / f"exercises/toolkit/{name}.py")
    text = (
        (own / "exercises/toolkit/reader.py")
        .read_text(encoding="utf-8")
        .replace("from ..spoken", "from exercises.spoken")
    )
    (own / "exercises/toolkit/reader.py").write_text(text, encoding="utf-8")
    ran(own, "-m", "exercises", "check", "toolkit")
    ran(own, "-m", "exercises", "pack", "toolkit")
    (packed,) = own.glob("*.zip")
    assert not [name for name in zipfile.ZipFile(packed).namelist() if name.endswith(".npy")]


def test_each_is_graded_as_due(graded: Path) -> None:
    ran(graded, "-m", "grader", "export", "toolkit", "--course", "course", "--out", "grades.csv")
    due = json.loads((graded / "course/toolkit-due.json").read_text(encoding="utf-8"))
    with (graded / "grades.csv").open(newline="") as file:
        booked = {row["student"]: sum(float(row[task]) for task in TASKS) for row in csv.DictReader(file)}
    wrong = []
    for student, one in due.items():
        low, high = (sum(band[end] for band in one["due"].values()) for end in (0, 1))
        if not low <= booked[student] <= high:
            said = ran(graded, "-m", "grader", "show", "toolkit", student, "--course", "course")
            wrong.append(f"{student}: {one}, booked {booked[student]}\n{said}")
    assert not wrong, "\n".join(wrong)
    assert max(booked.values()) == 12.0


def test_pages_name_its_tasks(graded: Path) -> None:
    ran(graded, "-m", "grader", "report", "toolkit", "--course", "course")
    ran(graded, "-m", "grader", "feedback", "toolkit", "--course", "course")
    pages = list((graded / "course").rglob("*.html"))
    report = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    for words in ("Task 3: languages", "Task 4: given weights", "of the short texts", "seen rightly"):
        assert words in report, words


def test_gallery_is_judged_in_the_sandbox(copy: Path) -> None:
    """The exit code speaks of mutants too, for which this gallery is too small."""
    command = [
        "validity",
        "toolkit",
        "--seeds",
        "2",
        "--training-seeds",
        "1",
        "--out",
        "v.json",
        "--docs",
        "docs/validity.md",
    ]
    environment = {**os.environ, "PYTHONPATH": "", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "grader", *command], cwd=copy, env=environment, capture_output=True, text=True
    )
    assert (copy / "v.json").is_file(), done.stderr[-3000:]
    found: dict[str, Any] = json.loads((copy / "v.json").read_text(encoding="utf-8"))["toolkit"]
    assert f"mistakes caught: {MISTAKES} of {MISTAKES}, {MISTAKES} as they say" in done.stdout
    assert "right answers with full marks: 2 of 2" in done.stdout
    assert found


def test_costs_and_stale_know_it(copy: Path) -> None:
    assert "languages.read" in ran(copy, "-m", "grader", "costs", "toolkit", "--repetitions", "1")
    assert "calibration of toolkit, drawings, on generated data" in ran(copy, "-m", "grader", "stale")
