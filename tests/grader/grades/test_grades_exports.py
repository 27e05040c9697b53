"""What Moodle and Canvas import: read back by the rules of their importers."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from grader.cli.common import app
from grader.course.folder import Course
from grader.course.handed_in import Note, write_note
from grader.grades.exports import Exported, Options, canvas, moodle
from grader.grades.exports import csv as csv_form
from grader.grades.table import Row, read_table
from grader.grades.total import Grade
from grader.repository import REPOSITORY

NOW = datetime(2030, 1, 15, 13, 5, tzinfo=UTC)
PEOPLE = {"Ada-Lovelace-11": 17.125, "Åsa-Öberg-12": None, "Alan-Turing-13": 20.0, "guest": 3.0}


def noted(course: Course, student: str, platform: str, number: str, name: str) -> None:
    write_note(course, "digits", student, Note(platform=platform, number=number, name=name))


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> dict[str, float | None]:
    """Totals by student; a test may change them."""
    totals: dict[str, float | None] = dict(PEOPLE)

    def rows(*_: Any) -> list[Row]:
        return [Row.of(student, {"blocks": Grade(total, 5.0)}, {}, 0.0) for student, total in totals.items()]

    monkeypatch.setattr("grader.grades.table.rows", rows)
    return totals


def write_moodle(course: Course, path: Path, **options: Any) -> Exported:
    return moodle.write(read_table(course, "digits"), path, Options(**options), now=NOW)


def write_canvas(course: Course, path: Path, **options: Any) -> Exported:
    return canvas.write(read_table(course, "digits"), path, Options(**options))


@pytest.fixture
def course(tmp_path: Path, table: dict[str, float | None]) -> Course:
    return Course(tmp_path)


def collected_from(course: Course, platform: str) -> None:
    for student in ("Ada-Lovelace-11", "Åsa-Öberg-12", "Alan-Turing-13"):
        name, _, number = student.rpartition("-")
        noted(course, student, platform, number, name.replace("-", " "))


def read(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.reader(file))


def imported_by_moodle(
    path: Path,
    maximum: float = 20.0,
    booked: Mapping[int, tuple[float | None, datetime]] | None = None,
    site: str = "Europe/Helsinki",
) -> dict[int, float]:
    """{participant: new grade}, by mod/assign/feedback/offline (csvlib, importgradeslib.php and locallib.php).

    Args:
        maximum: the assignment's, in Moodle.
        booked:  the grade that is in Moodle, and when it was changed.
        site:    the zone of Moodle's server, in which strtotime reads.
    """
    text = path.read_bytes().decode("utf-8").removeprefix("\ufeff")  # csv_import_reader: trim_utf8_bom
    header, *rows = csv.reader(io.StringIO(text))
    columns = [header.index(name) for name in ("Identifier", "Grade", "Last modified (grade)")]
    assert all(len(row) == len(header) for row in rows)  # csvweirdcolumns
    imported = {}
    for row in rows:
        identifier, grade, modified = (row[column] for column in columns)
        participant = int(identifier[len("Participant ") :])
        before, changed = (booked or {}).get(participant, (None, None))
        if grade == "" or float(grade) == before or not 0 <= float(grade) <= maximum:
            continue
        when = datetime.strptime(modified, "%A, %d %B %Y, %I:%M %p").replace(tzinfo=ZoneInfo(site))
        if changed is not None and changed.timestamp() > when.timestamp() + 60:
            continue
        imported[participant] = float(grade)
    return imported


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
    collected_from(course, "moodle")
    path = tmp_path / "moodle.csv"
    done = write_moodle(course, path)
    assert imported_by_moodle(path) == {11: 17.12, 13: 20.0}
    assert done.written == 3 and done.left_out == ("guest",) and done.capped == ()
    assert read(path)[1] == ["Participant 11", "Ada Lovelace", "17.12", "20", "Tuesday, 15 January 2030, 03:05 PM"]
    assert read(path)[2] == ["Participant 12", "Åsa Öberg", "", "20", "-"]


def test_a_total_above_the_maximum_is_capped_since_moodle_would_pass_over_it(
    course: Course, table: dict[str, float | None], tmp_path: Path
) -> None:
    collected_from(course, "moodle")
    table["Alan-Turing-13"] = 21.0
    path = tmp_path / "moodle.csv"
    assert write_moodle(course, path).capped == ("Alan-Turing-13",)
    assert imported_by_moodle(path) == {11: 17.12, 13: 20.0}
    assert write_moodle(course, path, maximum=21).capped == ()
    assert imported_by_moodle(path, maximum=21.0) == {11: 17.12, 13: 21.0} and read(path)[1][3] == "21"
    words = ["export", "digits", "--format", "moodle", "--out", str(path), "--course", str(course.root)]
    del table["guest"]
    ran = CliRunner().invoke(app, words)
    assert ran.exit_code == 0 and "--maximum: Alan-Turing-13" in ran.output and "maximum of 20" in ran.output
    ran = CliRunner().invoke(app, [*words, "--maximum", "21"])
    assert ran.exit_code == 0 and "maximum of" not in ran.output


def test_a_correction_minutes_after_the_last_import_is_taken(course: Course, tmp_path: Path) -> None:
    """Moodle reads the time in its own zone: one in UTC would be older than what was booked two hours before."""
    collected_from(course, "moodle")
    path = tmp_path / "moodle.csv"
    booked = {11: (16.0, datetime(2030, 1, 15, 13, 0, tzinfo=UTC))}
    course.settings.write_text('zone = "Europe/Helsinki"\n')
    write_moodle(course, path)
    assert imported_by_moodle(path, booked=booked) == {11: 17.12, 13: 20.0}
    course.settings.write_text('zone = "Asia/Tokyo"\n')
    write_moodle(course, path)
    assert imported_by_moodle(path, booked=booked, site="Asia/Tokyo") == {11: 17.12, 13: 20.0}


def test_excel_is_told_that_the_worksheet_is_utf_8(course: Course, tmp_path: Path) -> None:
    collected_from(course, "moodle")
    write_moodle(course, tmp_path / "moodle.csv")
    assert (tmp_path / "moodle.csv").read_bytes().startswith(b"\xef\xbb\xbfIdentifier,")


def test_canvas_finds_everybody_and_blank_stays_blank(course: Course, tmp_path: Path) -> None:
    collected_from(course, "canvas")
    path = tmp_path / "canvas.csv"
    done = write_canvas(course, path, column="Digits (123456)")
    assert imported_by_canvas(path) == ("Digits (123456)", "20", {11: "17.12", 12: "", 13: "20"})
    assert done.left_out == ("guest",)
    write_canvas(course, path)
    assert imported_by_canvas(path)[0] == "Convolutional networks read handwritten digits"


@pytest.mark.parametrize(("form", "other"), [("moodle", "canvas"), ("canvas", "moodle")])
def test_only_those_of_the_platform_are_written_whatever_their_folders_are_called(
    course: Course, table: dict[str, float | None], tmp_path: Path, form: str, other: str
) -> None:
    table.clear()
    table.update({"Participant-99": 5.0, "lin-2": 6.0, "ada-11": 7.0})
    noted(course, "Participant-99", form, "1001", "Ada Lovelace")
    noted(course, "lin-2", "nbgrader", "", "")
    noted(course, "ada-11", other, "11", "ada")
    write = write_moodle if form == "moodle" else write_canvas
    done = write(course, tmp_path / "out.csv", numbers_from_names=True)
    assert done.written == 1 and done.left_out == ("lin-2", "ada-11")
    text = (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert "1001" in text and "Ada Lovelace" in text and "99" not in text


def test_folders_of_an_earlier_version_are_asked_about_and_never_guessed(course: Course, tmp_path: Path) -> None:
    noted(course, "Ada-Lovelace-11", "moodle", "11", "Ada Lovelace")
    path = tmp_path / "moodle.csv"
    words = ["export", "digits", "--format", "moodle", "--out", str(path), "--course", str(course.root)]
    ran = CliRunner().invoke(app, words)
    assert ran.exit_code == 1 and [row[0] for row in read(path)[1:]] == ["Participant 11"]
    assert "collect the download again" in ran.output
    assert "--numbers-from-names: Åsa-Öberg-12, Alan-Turing-13" in ran.output
    ran = CliRunner().invoke(app, [*words, "--numbers-from-names"])
    assert [row[0] for row in read(path)[1:]] == ["Participant 11", "Participant 12", "Participant 13"]
    assert "number taken from the end of the folder's name; is each a number of Moodle's?: Åsa-Öberg-12" in ran.output


def test_a_number_of_two_students_is_refused_and_nothing_written(course: Course, tmp_path: Path) -> None:
    collected_from(course, "moodle")
    noted(course, "Alan-Turing-13", "moodle", "11", "Alan Turing")
    path = tmp_path / "moodle.csv"
    ran = CliRunner().invoke(
        app, ["export", "digits", "--format", "moodle", "--out", str(path), "--course", str(course.root)]
    )
    assert ran.exit_code == 2 and "two students: 11 (Ada-Lovelace-11 and Alan-Turing-13)" in ran.output
    assert not path.exists()


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
    course: Course, table: dict[str, float | None], tmp_path: Path
) -> None:
    table.clear()
    table.update({"moodler": 3.0, "=canvas": 3.0})
    noted(course, "moodler", "moodle", "11", '=1+1, "Ada"')
    noted(course, "=canvas", "canvas", "11", '=1+1, "Ada"')
    write_moodle(course, tmp_path / "moodle.csv")
    write_canvas(course, tmp_path / "canvas.csv")
    csv_form.write(read_table(course, "digits"), tmp_path / "all.csv", Options())
    assert read(tmp_path / "moodle.csv")[1][1] == read(tmp_path / "canvas.csv")[2][0] == '\'=1+1, "Ada"'
    assert read(tmp_path / "all.csv")[2][0] == "'=canvas"


TOY = """
from grader.grades.exports import Exported

def write(table, path, options):
    path.write_text("".join(f"{row.student};{row.total};{options.column}\\n" for row in table.rows))
    return Exported(len(table.rows), left_out=("bob",))
"""
# A file in grades/exports/ and its name in FORMATS.
WITH_TOY = """
import sys
from grader.grades import exports
exports.__path__.append(sys.argv.pop(1))
exports.FORMATS += ("toy",)
from grader.cli import app
app()
"""


def test_a_format_is_a_file_and_its_name_in_the_list(bench: Any, tmp_path: Path) -> None:
    bench.submit("ada", bench.released())
    folder, out = tmp_path / "formats", tmp_path / "out.txt"
    folder.mkdir()
    (folder / "toy.py").write_text(TOY)
    program = [sys.executable, "-c", WITH_TOY, str(folder), "export", "digits"]
    options = ["--format", "toy", "--out", str(out), "--course", str(bench.course.root), "--column", "C"]
    ran = subprocess.run([*program, *options], cwd=REPOSITORY, capture_output=True, text=True)
    assert out.read_text() == "ada;None;C\n", ran.stderr
    assert ran.returncode == 1 and "left out, since Toy does not know them" in ran.stderr and "bob" in ran.stderr
    ran = subprocess.run([*program, "--format", "other"], cwd=REPOSITORY, capture_output=True, text=True)
    assert ran.returncode == 2 and "'toy'" in ran.stderr
