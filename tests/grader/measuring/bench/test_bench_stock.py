from __future__ import annotations

import os
from pathlib import Path

import nbformat
import pytest
from nbgrader.nbgraderformat import reads
from nbgrader.utils import is_grade

from exercises.assignment import load_assignment
from grader import repository
from grader.authoring.galleries import solution_files
from grader.checks.private import data
from grader.checks.private.data import HiddenData, word_for
from grader.grading.checked.groups import graded_checks
from grader.grading.checked.notebook import cells_to_run
from grader.grading.checked.plan import CheckedPlan
from grader.measuring.bench.checker import differences
from grader.measuring.bench.hidden_files import read_hidden_files, write_hidden_files
from grader.measuring.bench.run import environment
from grader.measuring.bench.spending import Command, spent_on
from grader.measuring.bench.stock import (
    autograde_command,
    cell_name,
    kernel_path,
    release_stock,
    stock_finished,
    stock_notebook,
    stock_points,
)
from grader.model.submission import Submission
from grader.release.bundle import student_bundle, write_folder


def test_stock_notebook_is_valid_and_has_a_grade_cell_for_each_check(tmp_path: Path) -> None:
    notebook = reads(nbformat.writes(stock_notebook("digits", tmp_path)), as_version=4)  # nbgrader validates it
    grades = {
        cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader.points for cell in notebook.cells if is_grade(cell)
    }
    assert grades == {cell_name(check.id): check.points for check in graded_checks("digits")}


def test_stock_notebook_runs_the_cells_that_our_grading_runs(tmp_path: Path) -> None:
    given = Submission("", "digits", {}, repository.notebook("digits").read_bytes())
    ours = [source for _, source in cells_to_run(given)]
    assert [cell.source for cell in stock_notebook("digits", tmp_path).cells][: len(ours)] == ours


def test_hidden_files_give_what_a_student_meets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "course_data", data.course_data)  # put back what reading replaces
    write_hidden_files(CheckedPlan("digits", seed=1), tmp_path / "hidden")
    mine = HiddenData("digits", 1, "generated", word_for("ada", 1)).drawn("accuracy", 1)
    theirs = read_hidden_files("digits", "ada", tmp_path / "hidden").drawn("accuracy", 1)
    assert mine.train_images.equal(theirs.train_images) and mine.test_labels.equal(theirs.test_labels)


def test_differences_name_checks_with_other_points_and_missing_ones() -> None:
    assert differences({"a": 1.0, "b": 0.3}, {"a": 1.0, "b": 0.1 + 0.2}) == []
    assert differences({"a": 1.0, "b": 0.25}, {"a": 1.0, "b": 0.5}) == ["b 0.5 instead of 0.25"]
    assert differences({"a": 1.0, "b": 0.0}, {"a": 1.0}) == ["b none instead of 0.0"]


@pytest.mark.slow
def test_stock_gives_the_model_solution_full_points(tmp_path: Path) -> None:
    write_hidden_files(CheckedPlan("digits", seed=1), tmp_path / "hidden")
    course = tmp_path / "course"
    notebook = release_stock(course, "digits", tmp_path / "hidden")
    own = {f"exercises/digits/{name}.py": text.encode() for name, text in solution_files("digits").items()}
    files = {**student_bundle("digits"), **own, "digits.ipynb": notebook}
    write_folder(files, course / "submitted" / "ada" / "digits")
    command = Command(autograde_command("digits", "ada"), str(course), str(tmp_path / "log"))
    spent = spent_on([command], {**environment(tmp_path), "PYTHONPATH": str(kernel_path(tmp_path / "path"))})
    assert stock_finished(course, "digits") == 1
    assert stock_points(course, "digits") == {"ada": {check.id: check.points for check in graded_checks("digits")}}
    assert spent.cpu_s > 1.0  # the kernel's time is in it
    untouched = course / "autograded" / "ada" / "digits" / "exercises" / "digits"
    for module in load_assignment("digits").modules:
        assert (untouched / f"{module}.py").read_text() == solution_files("digits")[module]
    assert not os.path.exists(course / "nbgrader_config.py")
