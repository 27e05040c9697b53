"""The table of grades, and nbgrader's own export: blank where nobody has graded."""

from __future__ import annotations

import csv
from typing import Any

import pytest
from nbgrader.apps import ExportApp, NbGraderApp

from grader.gradebook.writer import GradebookWriter
from grader.grades.exports import Options
from grader.grades.exports import csv as csv_form
from grader.grades.table import read_table, rows


def test_table_is_blank_where_nobody_has_graded(bench: Any) -> None:
    writer = GradebookWriter(bench.course)
    for student in ("ada", "bob", "cy"):
        bench.submit(student, bench.answered())
    broken = bench.verdicts("bob")
    writer.write(bench.work("ada", {"pooling": 0.0, "blocks": 2.25}))
    writer.write(bench.work("bob", verdicts=tuple(v for v in broken.verdicts if v.task != "blocks")))
    for student in ("ada", "bob"):
        bench.mark("question-shift_curves", student, manual_score=0.5)
    path = bench.course.root / "grades.csv"
    assert csv_form.write(read_table(bench.course, "digits"), path, Options()).written == 3
    with path.open(newline="") as file:
        table = {row.pop("student"): row for row in csv.DictReader(file)}
    assert table["ada"] == {
        "receptive_field": "4",
        "pooling": "0",
        "blocks": "2.25",
        "classifier": "4",
        "accuracy": "2",
        "extra": "0",
        "shift_curves": "0.5",
        "failing_recipe": "",
        "before_penalty": "",
        "late_penalty": "0",
        "total": "",
    }
    assert (table["bob"]["blocks"], table["bob"]["extra"], table["bob"]["total"]) == ("", "", "")
    assert set(table["cy"].values()) == {"", "0"} and table["cy"]["pooling"] == "" and table["cy"]["total"] == ""

    bench.mark("question-failing_recipe", "ada", manual_score=1.0)
    bench.mark("task-pooling", "ada", manual_score=None, extra_credit=1.0)
    assert rows(bench.course, "digits")[0].total == 14.75


def test_table_of_an_assignment_that_was_never_released_is_refused(bench: Any) -> None:
    bench.course.gradebook.unlink()
    with pytest.raises(ValueError, match="release and grade digits there first"):
        rows(bench.course, "digits")


def test_nbgraders_own_export_is_blank_where_nobody_has_graded(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = GradebookWriter(bench.course)
    for student in ("ada", "bob"):
        bench.submit(student, bench.answered() if student == "bob" else bench.released())
        writer.write(bench.work(student, {"blocks": 2.5}))
    monkeypatch.chdir(bench.course.root)
    try:
        NbGraderApp.launch_instance(["export", "--to=all.csv"])
    finally:
        NbGraderApp.clear_instance()
        ExportApp.clear_instance()
    with (bench.course.root / "all.csv").open(newline="") as file:
        table = {row["student_id"]: (row["raw_score"], row["score"], row["max_score"]) for row in csv.DictReader(file)}
    assert table == {"ada": ("15.5", "15.5", "20.0"), "bob": ("", "", "20.0")}
