"""What Moodle and Canvas import: read back by the rules of their importers."""

from __future__ import annotations

import csv
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from grader.commands.common import app
from grader.course import Course
from grader.gradebook import export, platforms
from grader.gradebook.export import Row, write_csv
from grader.gradebook.platforms import write_canvas, write_moodle

NOW = datetime(2030, 1, 15, 13, 5, tzinfo=UTC)


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    def row(student: str, total: float | None) -> Row:
        return Row(student, {}, 0.0, {}, 0.0, total)

    table = [row("Ada-Lovelace-11", 17.125), row("Åsa-Öberg-12", None), row("Alan-Turing-13", 20.0), row("guest", 3.0)]
    monkeypatch.setattr(platforms, "rows", lambda course, assignment: table)
    return Course(tmp_path)


def read(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def imported_by_moodle(path: Path) -> dict[int, str]:
    """{participant: grade}, as mod/assign/feedback/offline/importgradeslib.php finds them."""
    header, *table = read(path)
    number, grade = header.index("Identifier"), header.index("Grade")
    assert "Last modified (grade)" in header  # without it the file is refused
    return {int(row[number][len("Participant ") :]): row[grade] for row in table}


def imported_by_canvas(path: Path) -> tuple[str, str, dict[int, str]]:
    """Assignment, its points and {user: grade}, as gradebook_importer.rb finds them."""
    header, possible, *table = read(path)
    assert "Student" in header[0] and "ID" in header[1]
    columns = 3
    if re.search(r"SIS\s+User\s+ID", header[2]) and re.search(r"SIS\s+Login\s+ID", header[3]):
        columns += 2
    assert "Section" in header[columns - 1] and "Points Possible" in possible[0]
    [assignment] = header[columns:]
    return assignment, possible[columns], {int(row[1]): row[columns] for row in table}


def test_moodle_finds_everybody_and_blank_stays_blank(course: Course, tmp_path: Path) -> None:
    path = tmp_path / "moodle.csv"
    done = write_moodle(course, "digits", path, NOW)
    assert imported_by_moodle(path) == {11: "17.12", 12: "", 13: "20"}
    assert done.written == 3 and done.left_out == ("guest",)
    assert read(path)[1] == ["Participant 11", "Ada Lovelace", "17.12", "20", "Tuesday, 15 January 2030, 01:05 PM"]


def test_canvas_finds_everybody_and_blank_stays_blank(course: Course, tmp_path: Path) -> None:
    path = tmp_path / "canvas.csv"
    done = write_canvas(course, "digits", path, "Digits (123456)")
    assert imported_by_canvas(path) == ("Digits (123456)", "20", {11: "17.12", 12: "", 13: "20"})
    assert done.left_out == ("guest",)
    write_canvas(course, "digits", path)
    assert imported_by_canvas(path)[0] == "Convolutional networks read handwritten digits"


def test_a_folder_without_a_gradebook_is_refused_in_a_line_and_stays_as_it_was(tmp_path: Path) -> None:
    for words in (["export", "digits", "--out", str(tmp_path / "grades.csv")], ["show", "digits", "ada"]):
        for folder in (tmp_path, tmp_path / "none"):
            ran = CliRunner().invoke(app, [*words, "--course", str(folder)])
            assert ran.exit_code == 2 and len(ran.output.splitlines()) == 1, ran.output
            assert str(folder) in ran.output
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_gradebook_is_told_in_a_line(tmp_path: Path) -> None:
    notebook = Course(tmp_path).released_notebook("digits")
    notebook.parent.mkdir(parents=True)
    notebook.write_text("{}", encoding="utf-8")
    Course(tmp_path).gradebook.write_bytes(b"no database" * 100)
    for words in (["export", "digits", "--out", str(tmp_path / "grades.csv")], ["report", "digits"]):
        ran = CliRunner().invoke(app, [*words, "--course", str(tmp_path)])
        assert ran.exit_code == 2 and "gradebook.db is damaged" in ran.output, ran.output
        assert len(ran.output.splitlines()) == 1


def test_a_name_that_a_spreadsheet_would_run_is_text(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = [Row('=1+1, "Ada"-11', {}, 0.0, {}, 0.0, 3.0)]
    monkeypatch.setattr(platforms, "rows", lambda course, assignment: table)
    monkeypatch.setattr(export, "rows", lambda course, assignment: table)
    write_moodle(course, "digits", tmp_path / "moodle.csv", NOW)
    write_canvas(course, "digits", tmp_path / "canvas.csv")
    write_csv(course, "digits", tmp_path / "all.csv")
    assert read(tmp_path / "moodle.csv")[1][1] == read(tmp_path / "canvas.csv")[2][0] == '\'=1+1, "Ada"'
    assert read(tmp_path / "all.csv")[1][0] == '\'=1+1, "Ada"-11'
