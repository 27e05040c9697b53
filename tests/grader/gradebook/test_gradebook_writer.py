"""The one writer, the table of grades, feedback, and formgrader's page."""

from __future__ import annotations

import csv
import shutil
from typing import Any

import pytest
from nbgrader.apps import ExportApp, NbGraderApp

from grader.feedback import exporter
from grader.gradebook.config import load_config, module_files
from grader.gradebook.safe_markdown import safe_markdown2html
from grader.gradebook.writer import GradebookWriter
from grader.grades.table import rows, write_csv


def test_writer_books_what_it_is_given_and_asks_nobody(bench: Any) -> None:
    bench.submit(notebook=bench.answered())
    writer = GradebookWriter(bench.course)
    assert writer.write(bench.work(points={"blocks": 1.5})).written
    assert bench.grades()["task-blocks"].auto_score == 1.5
    assert writer.write(bench.work(points={"blocks": 2.5})).written  # a regrade replaces
    assert bench.grades()["task-blocks"].auto_score == 2.5
    assert bench.engine.asked == []


def test_writer_goes_on_after_a_failure_and_says_what_happened(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.submit("ada", bench.released())
    bench.submit("[b]ob", None)  # not a pattern
    writer = GradebookWriter(bench.course)
    assert writer.write(bench.work("ada")).written
    monkeypatch.setattr("grader.gradebook.steps.show_verdicts.task_outputs", lambda *_: 1 / 0)
    failed = writer.write(bench.work("ada"))
    assert not failed.written and "ZeroDivisionError" in failed.error
    monkeypatch.undo()
    assert bench.grades("ada")["task-blocks"].auto_score is None
    bench.submit("gone", bench.released())
    gone = bench.work("gone")
    shutil.rmtree(bench.course.submitted("digits", "gone"))
    assert "submitted" in writer.write(gone).error
    assert writer.write(bench.work("[b]ob")).written
    assert bench.grades("[b]ob")["task-blocks"].auto_score == 5.0


def test_writer_uses_the_courses_own_database(bench: Any) -> None:
    other = bench.course.root / "elsewhere.db"
    bench.course.gradebook.rename(other)
    with bench.course.config.open("a") as file:
        file.write(f"\nget_config().CourseDirectory.db_url = 'sqlite:///{other}'\n")
    bench.submit(notebook=bench.released())
    assert GradebookWriter(bench.course).write(bench.work()).written
    assert not bench.course.gradebook.exists()
    assert rows(bench.course, "digits")[0].tasks["blocks"] == 5.0


def test_configuration_names_each_module_exactly() -> None:
    assert module_files()["digits"] == [
        f"exercises/digits/{name}.py" for name in ("receptive_field", "pooling", "blocks", "classifier", "recipe")
    ]


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
    assert write_csv(bench.course, "digits", path) == 3
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


def test_feedback_button_writes_our_page(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporter, "page", lambda course, assignment, student: f"<p>{assignment} of {student}, ü</p>")
    bench.submit(notebook=bench.released())
    bench.autograde()
    for _ in range(2):
        outcome = bench.api().generate_feedback("digits", "ada")
        assert outcome["success"], outcome
    page = bench.course.root / "feedback" / "ada" / "digits" / "digits.html"
    assert page.read_text(encoding="utf-8").strip() == "<p>digits of ada, ü</p>"


HOSTILE = (
    "<script>alert(1)</script> [a](javascript:alert(2)) <img src=x onerror=alert(3)>"
    " <a href='javascript:alert(4)'>b</a> [c](data:text/html,x) <iframe src='//x'></iframe> <svg onload=alert(5)>"
)


def test_formgrader_shows_markdown_without_scripts(bench: Any) -> None:
    """Through the exporter that formgrader builds from the configuration."""
    from nbconvert.exporters import HTMLExporter
    from nbgrader.server_extensions.formgrader import handlers

    bench.submit(notebook=bench.answered(f"**bold** $a<b$ {HOSTILE}"))
    bench.autograde()
    config = load_config(bench.course)
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    path = bench.course.root / "autograded" / "ada" / "digits" / "digits.ipynb"
    page, _ = HTMLExporter(config=config).from_filename(str(path), resources={"base_url": "/", "index": 0, "total": 1})
    answers = page.split("text_cell_render", 1)[1]
    assert "<strong>bold</strong> $a&lt;b$" in answers
    assert "<script>alert" not in answers
    for text in ('href="javascript', "<svg", "<iframe", 'href="data:', '" onerror', "x onerror=alert(3)>"):
        assert text not in answers, text


def test_safe_markdown_keeps_formatting() -> None:
    html = safe_markdown2html("# A\n\n- `x < y`\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[l](https://example.org)")
    for text in ("<h1", "<li><code>x &lt; y</code>", "<table>", '<a href="https://example.org">l</a>'):
        assert text in html, text
