"""A new assignment grades at once; a bad name is refused, and a failure leaves nothing behind."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader import repository as layout
from grader.authoring import new
from grader.authoring.new import NameRefusedError, new_assignment
from grader.release.errors import ReleaseError

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = ("exercises", "solutions", "grader", "datasets", "docs")
COURSE = """zone = "Europe/Helsinki"
[deadlines]
series = "2030-01-15 23:59"
[rubric.series]
reach = "one half for the sum"
"""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty repository, in which the assignment `digits` and the module grader/checks/weights.py are there."""
    for folder in ("solutions", "exercises/digits", "grader/checks"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "grader/checks/weights.py").touch()
    monkeypatch.setattr(layout, "REPOSITORY", tmp_path)
    return tmp_path


def _files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Series", "lower-case"),
        ("time-series", "lower-case"),
        ("2series", "lower-case"),
        ("../series", "lower-case"),
        ("", "lower-case"),
        ("lambda", "no word of the language"),
        ("json", "module of Python's own"),
        ("torch", r"installed package \(torch\)"),
        ("yaml", r"installed package \(PyYAML\)"),
        ("solutions", "taken: solutions is there"),
        ("digits", "exercises/digits is there"),
        ("weights", "taken"),
        ("layers", "a module in the new assignment"),
    ],
)
def test_new_refuses_a_name_that_is_none_or_taken(repository: Path, name: str, words: str) -> None:
    before = _files(repository)
    with pytest.raises(NameRefusedError, match=words):
        new_assignment(name)
    assert _files(repository) == before


def test_new_leaves_nothing_behind_where_it_fails_half_way(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _files(repository)

    def fails(name: str) -> None:
        assert (repository / f"solutions/{name}/{name}.py").is_file()
        raise ReleaseError("nbgrader refuses")

    monkeypatch.setattr(new, "regenerate", fails)
    with pytest.raises(ReleaseError):
        new_assignment("series")
    assert _files(repository) == before


@pytest.mark.slow
def test_new_assignment_is_taken_by_every_command(tmp_path: Path) -> None:
    """Under a name that no code knows, building on another, with settings of its course."""
    for name in PACKAGES:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}

    def grader(*arguments: str, code: int = 0) -> str:
        command = [sys.executable, "-m", "grader", *arguments]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert done.returncode == code, (arguments, done.stdout, done.stderr)
        return done.stdout

    grader("new", "series")
    facts = tmp_path / "exercises/series/assignment.toml"
    facts.write_text(facts.read_text().replace("version = 1\n", 'version = 1\nbuilds_on = ["digits"]\n'))
    answer = tmp_path / "solutions/series/layers.py"
    imports = "from ..digits.pooling import MaxPool1d as MaxPool1d\nfrom torch import"
    answer.write_text(answer.read_text().replace("from torch import", imports))
    assert "layers.py: differs" in grader("check-release", "series", code=1)
    (tmp_path / "course").mkdir()
    (tmp_path / "course/course.toml").write_text(COURSE)
    grader("release", "series", "--course", "course")
    assert "in step" in grader("check-release", "series")
    handed_out = tmp_path / "course/release/series"
    assert "Tuesday 15 January 2030, 23:59 (UTC+0200, Europe/Helsinki)" in (handed_out / "README.md").read_text()
    assert "return self" not in (handed_out / "exercises/series/layers.py").read_text()
    assert "class MaxPool1d" in (handed_out / "exercises/digits/pooling.py").read_text()

    grader("simulate", "series", "--course", "course", "--size", "4")
    assert "      | one half for the sum\n" in grader("autograde", "series", "--course", "course")
    grader("export", "series", "--course", "course", "--out", "grades.csv")
    due = json.loads((tmp_path / "course/series-due.json").read_text())
    points = {student: sum(low for low, _ in one["due"].values()) for student, one in due.items()}
    with (tmp_path / "grades.csv").open(newline="") as file:
        booked = {row["student"]: float(row["layers"]) for row in csv.DictReader(file)}
    assert booked == points
    assert sorted(points.values()) == [0.5, 2.0, 4.0, 4.0]
    grader("feedback", "series", "--course", "course")
    assert list((tmp_path / "course/feedback").glob("*/series/series.html"))
    grader("report", "series", "--course", "course", "--slides")
    assert "padding" in (tmp_path / "course/report/series/report.html").read_text()

    grader("demo", "--assignment", "series", "--size", "4", "--out", "demo")
    summary = json.loads((tmp_path / "demo/summary.json").read_text())
    assert summary.keys() == {"series"} and summary["series"]["as_due"] == summary["series"]["graded"] == 4
    assert "layers.past_only" in grader("costs", "series", "--repetitions", "1")
