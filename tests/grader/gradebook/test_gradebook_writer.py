"""The one writer, feedback, and formgrader's page."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from grader.feedback import exporter
from grader.gradebook.config import load_config, module_files
from grader.gradebook.safe_markdown import safe_markdown2html
from grader.gradebook.writer import GradebookWriter
from grader.grades.table import rows


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


def test_feedback_button_writes_our_page(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporter, "page", lambda course, graded: f"<p>{graded.assignment} of {graded.student}, ü</p>")
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


@pytest.mark.parametrize("shared", [False, True])
def test_what_is_booked_is_readable_by_others_only_where_the_folder_is(bench: Any, shared: bool) -> None:
    bench.course.root.chmod(0o755 if shared else 0o700)
    bench.submit(notebook=bench.answered())
    assert GradebookWriter(bench.course).write(bench.work()).written
    files = [path for path in (bench.course.root / "autograded").rglob("*") if path.is_file()]
    assert files and all(bool(path.stat().st_mode & 0o077) == shared for path in files)
