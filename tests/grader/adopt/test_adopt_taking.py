"""Adopting a course, what it refuses, and undoing it to the byte."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook
from typer.testing import CliRunner

from grader.adopt.taking import BEGIN_LINE, END_LINE, AdoptionRefusedError, adopt, undo
from grader.cli import app
from grader.course import lookup
from grader.course.adoption import NOTE_FILE
from grader.gradebook.config import load_config
from grader.gradebook.writer import GradebookWriter
from tests.grader.adopt.adopt_kit import CONFIG, RIGHT, Kit, notebook, rows, stock

CONFIGS = {
    "no line break at the end": CONFIG.encode(),
    "line break": CONFIG.encode() + b"\n",
    "nothing": b"",
    "Windows": "# café\r\nc = get_config()\r\n".encode(),
}
OPTIONS = """\
from nbgrader.plugins import LateSubmissionPlugin

class Half(LateSubmissionPlugin):
    pass

c = get_config()
c.ExportApp.plugin_class = "theirs.Export"
c.AssignLatePenalties.plugin_class = Half
c.Autograde.exclude_overwriting = {"week1": ["a.txt"]}
c.Autograde.autograde_preprocessors = []
c.CourseDirectory.ignore = ["secret*"]
"""


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS.keys())
def test_undo_gives_every_byte_back_and_keeps_the_grades(kit: Kit, config: bytes) -> None:
    path = kit.root / "nbgrader_config.py"
    path.write_bytes(config)
    path.chmod(0o640)
    kit.submit("ada", kit.answered(**RIGHT))
    before = kit.files()
    adopt(kit.course)
    assert path.read_bytes().startswith(config + BEGIN_LINE)
    assert GradebookWriter(kit.course).write(lookup.work_on(kit.course, "week1", "ada")).written
    assert set(kit.files()) > set(before)
    grades = rows(kit.root)
    assert undo(kit.course)
    assert kit.files() == before and path.stat().st_mode & 0o777 == 0o640
    assert rows(kit.root) == grades and any(score for *_, score, _ in grades)


def test_undo_keeps_what_was_there_before_and_lines_that_were_changed_since(kit: Kit) -> None:
    (kit.root / "course.secret").write_bytes(b"x" * 32)
    adopt(kit.course)
    path = kit.root / "nbgrader_config.py"
    path.write_bytes(b"# a line of today\n" + path.read_bytes() + b"# and one below\n")
    assert not undo(kit.course)
    assert path.read_text() == f"# a line of today\n{CONFIG}# and one below\n"
    assert (kit.root / "course.secret").exists() and not (kit.root / NOTE_FILE).exists()


def test_undo_refuses_lines_that_it_does_not_know(adopted: Kit) -> None:
    path = adopted.root / "nbgrader_config.py"
    path.write_bytes(path.read_bytes().replace(END_LINE, b""))
    changed = adopted.files()
    with pytest.raises(AdoptionRefusedError, match="by hand"):
        undo(adopted.course)
    assert adopted.files() == changed


def test_undo_with_a_damaged_note_takes_our_lines_out_and_removes_nothing_else(adopted: Kit) -> None:
    (adopted.root / NOTE_FILE).write_text("{")
    (adopted.root / "verdicts.db").write_bytes(b"")
    undo(adopted.course)
    assert (adopted.root / "nbgrader_config.py").read_text() == CONFIG
    assert (adopted.root / "verdicts.db").exists() and not (adopted.root / NOTE_FILE).exists()


def test_adopt_refuses_in_words_and_changes_nothing(kit: Kit, tmp_path: Path) -> None:
    with pytest.raises(AdoptionRefusedError, match="nothing to undo"):
        undo(kit.course)
    path = kit.root / "nbgrader_config.py"
    before = kit.files()
    for text, words in (
        (f"c = get_config()\nc.CourseDirectory.root = {str(tmp_path)!r}", "adopt that folder"),
        ("c = get_config(\n", "SyntaxError"),
        ("c = get_config()\nc.CourseDirectory.db_url = 'sqlite:////nowhere/x.db'", "release an assignment first"),
    ):
        path.write_text(text)
        with pytest.raises(AdoptionRefusedError, match=words):
            adopt(kit.course)
        assert kit.files() == {**before, "nbgrader_config.py": text.encode()}
    path.unlink()
    result = CliRunner().invoke(app, ["adopt", str(kit.root)])
    assert result.exit_code == 2 and "nbgrader_config.py is missing" in result.output


def test_command_lists_what_it_takes_and_what_not_and_why(kit: Kit) -> None:
    kit.release("week2", sums=notebook(kernel={"name": "ir", "display_name": "R", "language": "R"}))
    tomorrow = new_notebook(cells=[new_code_cell("import pandas_of_tomorrow")])
    kit.release("week3", sums=tomorrow)
    kit.release("digits", sums=notebook())
    result = CliRunner().invoke(app, ["adopt", str(kit.root)])
    assert result.exit_code == 1, result.output
    said = result.output.splitlines()
    assert "taken: week1: sums.ipynb" in said
    assert "not taken: week2: sums.ipynb runs on the kernel 'ir' (R); only Python's is graded here" in said
    assert any(line.startswith("not taken: week3: it imports pandas_of_tomorrow, not installed") for line in said)
    assert any(line.startswith("not taken: digits: this grader has an assignment of its own") for line in said)
    assert "adopted already" in CliRunner().invoke(app, ["adopt", str(kit.root)]).output
    refused = CliRunner().invoke(app, ["autograde", "week2", "--course", str(kit.root)])
    assert refused.exit_code == 2 and "kernel 'ir'" in refused.output
    assert CliRunner().invoke(app, ["adopt", str(kit.root), "--undo"]).exit_code == 0


def test_a_week_that_is_released_later_is_taken_by_itself(adopted: Kit) -> None:
    adopted.release("week2", sums=notebook())
    assert [group.name for group in adopted.course.plan("week2").groups] == ["sums"]
    # A test that changes is another version, and all is graded again; another week keeps its own.
    before = [adopted.course.plan(week).version("sums") for week in ("week1", "week2")]
    (adopted.root / "source" / "week2" / "a.txt").write_text("1\n2\n3\n")
    after = [adopted.course.plan(week).version("sums") for week in ("week1", "week2")]
    assert after[0] == before[0] and after[1] != before[1]


def test_options_of_the_course_count(kit: Kit) -> None:
    (kit.root / "nbgrader_config.py").write_text(OPTIONS)
    assert adopt(kit.course).replaced == ("Autograde.autograde_preprocessors",)
    config = load_config(kit.course)
    assert config.AssignLatePenalties.plugin_class.__name__ == "Half"
    assert config.ExportApp.plugin_class == "theirs.Export"
    folder = kit.submit("ada", kit.answered(**RIGHT), a="2\n", secret_plans="x")
    assert set(kit.course.plan("week1").read(folder, "ada").files) == {"sums.ipynb", "a.txt"}
    # The student may change a.txt, and has: it holds other numbers than the test asks for.
    assert lookup.graded(kit.course, "week1", "ada").task_points("sums/partly") == 1.5


def test_folders_of_other_names_stop_everything_until_the_course_is_adopted_anew(adopted: Kit) -> None:
    path = adopted.root / "nbgrader_config.py"
    path.write_text("c = get_config()\nc.CourseDirectory.submitted_directory = 'inbox'\n" + path.read_text())
    with pytest.raises(SystemExit, match="other names since it was adopted"):
        load_config(adopted.course)


@pytest.mark.slow
def test_after_undo_nbgrader_grades_by_itself_again(adopted: Kit) -> None:
    adopted.submit("ada", adopted.answered(**RIGHT))
    assert GradebookWriter(adopted.course).write(lookup.work_on(adopted.course, "week1", "ada")).written
    grades = rows(adopted.root)
    undo(adopted.course)
    shutil.rmtree(adopted.root / "autograded")
    stock(adopted.root, "autograde", "week1", "--force")
    assert rows(adopted.root) == grades
