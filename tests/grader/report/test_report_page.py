"""Page, slides and files: built right, readable by everybody, and about nobody."""

from __future__ import annotations

import base64
import csv
import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner

from grader.cli import app
from grader.course.folder import Course
from grader.report import write_report
from grader.report.plots import Plot
from tests.grader.feedback.feedback_bench import Reader, png
from tests.grader.report.report_bench import Bench, failed, verdicts
from tests.grader.steering import STEERING, steers

NOBODY = ("quinn", "Quilla", "Quarrendon", "Zebedee", "own_line", "/home")


@pytest.fixture(scope="module")
def written(small_course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("written")
    write_report(Course(small_course), "digits", out, slides=True)
    return out


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures of one dot: drawing takes seconds."""

    def dot(name: str, title: str, alt: str, paint: object, height: float = 3.0) -> Plot:
        return Plot(name, title, alt, base64.b64decode(png(1, 1)), b"<svg/>", 1, 1)

    monkeypatch.setattr("grader.report.pictures.draw", dot)


def page_of(bench: Bench, name: str = "report.html") -> Reader:
    out = bench.course.root / "out"
    write_report(bench.course, "digits", out, slides=True)
    reader = Reader((out / name).read_text(encoding="utf-8"))
    assert reader.faults == [] and reader.open == []
    return reader


@pytest.mark.parametrize("name", ["report.html", "slides.html"])
def test_pages_are_built_right(written: Path, name: str) -> None:
    html = (written / name).read_text(encoding="utf-8")
    reader = Reader(html)
    assert html.startswith("<!DOCTYPE html>")
    assert reader.faults == [] and reader.open == []
    assert list(reader.outside()) == []
    assert reader.all("html") == [{"lang": "en"}]
    assert len(reader.all("main")) == len(reader.all("title")) == len(reader.all("h1")) == 1
    for image in reader.all("img"):
        assert len(image["alt"] or "") > 40


@pytest.mark.parametrize("name", ["report.html", "slides.html"])
def test_headings_are_in_order_and_name_their_sections(written: Path, name: str) -> None:
    reader = Reader((written / name).read_text(encoding="utf-8"))
    levels = [int(tag[1]) for tag, _ in reader.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [attributes["id"] for _, attributes in reader.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {section["aria-labelledby"] for section in reader.all("section")} <= set(ids)


def test_tables_have_captions_and_scopes(written: Path) -> None:
    reader = Reader((written / "report.html").read_text(encoding="utf-8"))
    assert len(reader.all("table")) == len(reader.all("caption")) == 6
    assert all(cell.get("scope") in ("col", "row") for cell in reader.all("th"))


def test_no_file_names_a_student_or_a_path(written: Path, small_course: Path) -> None:
    files = [path for path in written.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"report.html", "slides.html", "report.csv", "students.csv", "report.json"}
    for path in files:
        content = path.read_bytes().decode("utf-8", "replace")
        for word in (*NOBODY, str(small_course), str(written)):
            assert word not in content, (path.name, word)


def test_page_says_what_a_lecturer_needs(written: Path) -> None:
    text = Reader((written / "report.html").read_text(encoding="utf-8")).text
    assert "6 submissions; the deadline is 2 February 2027, 23:59, 1 came after it, of 1 nobody noted" in text
    assert "The commonest mistake: 3 of 5 " in text
    assert "What went wrong here?" in text
    assert "4 of 5 trained networks reached 85.0% right, the threshold" in text
    assert "1 submission not graded yet, or changed since" in text
    assert "5 students with a written question that is not marked yet" in text
    assert "1 student without points that are known: left out, never counted as 0" in text


def test_slides_are_five_to_seven(written: Path) -> None:
    html = (written / "slides.html").read_text(encoding="utf-8")
    assert 5 <= len(Reader(html).all("section")) <= 7
    assert "scroll-snap-type" in html and "break-after: page" in html


def test_slides_keep_the_hint_for_the_answer(written: Path) -> None:
    html = (written / "slides.html").read_text(encoding="utf-8")
    for place in re.finditer("Is x added", html):
        assert html.rfind("<details>", 0, place.start()) > html.rfind("</details>", 0, place.start())


def test_csv_has_a_row_for_each_check(written: Path) -> None:
    with (written / "report.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["check"]: row for row in csv.DictReader(file)}
    assert len(rows) == len(verdicts())
    assert (rows["blocks.skip_2d"]["passed"], rows["blocks.skip_2d"]["failed"]) == ("2", "3")
    assert rows["blocks.skip_2d"]["pass_rate"] == "0.4000"


def test_csv_of_students_has_points_and_blanks_but_no_names(written: Path) -> None:
    with (written / "students.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == [
        *("receptive_field", "pooling", "blocks", "classifier", "accuracy", "extra"),
        *("shift_curves", "failing_recipe", "before_penalty", "late_penalty", "total"),
    ]
    assert (rows[0]["blocks"], rows[0]["total"]) == ("5", "")
    assert rows[-1]["blocks"] == ""  # not graded, and not 0


def test_json_has_the_figures(written: Path) -> None:
    data = json.loads((written / "report.json").read_text(encoding="utf-8"))
    assert data["submissions"]["graded"] == 5
    assert data["points"]["of"] == "tasks"
    assert data["mistakes"][0]["count"] == 3
    assert data["trained"][0]["reached"] == 4
    assert data["time"]["median_cpu_s"] == 15.0


def test_pictures_lie_beside_the_page(written: Path) -> None:
    names = {path.name for path in (written / "plots").iterdir()}
    for name in ("submissions", "points", "checks-blocks", "accuracy-hidden_test-right", "time"):
        assert {f"{name}.png", f"{name}.svg"} <= names
    svg = (written / "plots" / "points.svg").read_text(encoding="utf-8")
    assert "Points of 5 students" in svg


@pytest.mark.parametrize("name", ["report.html", "slides.html"])
def test_nobody_submitted(empty: Bench, name: str) -> None:
    reader = page_of(empty, name)
    assert "Nobody has submitted anything yet" in reader.text
    assert reader.all("img") == []


def test_nothing_graded(empty: Bench) -> None:
    empty.hand_in("quinn-01", "a", hours_before_deadline=None)
    text = page_of(empty).text
    assert "None of them is graded yet" in text
    assert "No picture, since nobody noted the times" in text
    assert text.count("answer was checked.") == 5
    assert "points are known yet." in text
    assert "No submission is graded yet, so no time is known." in text
    assert "No network was trained yet." in text


@pytest.mark.usefixtures("undrawn")
def test_one_student(empty: Bench) -> None:
    empty.hand_in("quinn-01", "a")
    empty.grade("quinn-01", verdicts())
    text = page_of(empty).text
    assert "Only 1 submission: so few that figures and examples may tell whose they are" in text
    assert "No check failed." in text


@pytest.mark.usefixtures("undrawn")
def test_check_that_nobody_ran_is_named(empty: Bench) -> None:
    empty.hand_in("quinn-01", "a")
    empty.grade("quinn-01", [one for one in verdicts() if one.check != "blocks.skip_2d"])
    assert "blocks.skip_2d none nobody ran it" in page_of(empty).text


@pytest.mark.usefixtures("undrawn")
def test_hostile_text_stays_text(empty: Bench) -> None:
    hostile = "</dd></main><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }}"
    empty.hand_in("quinn-01", "a")
    empty.grade("quinn-01", verdicts(failed("blocks.skip_2d", hostile, hint=hostile)))
    for name in ("report.html", "slides.html"):
        reader = page_of(empty, name)
        assert list(reader.outside()) == []
        assert "<script>alert(1)" in reader.text and "<img src=x onerror=alert(2)>" in reader.text
        assert "{{ 7*7 }}" in reader.text


def test_command_writes_into_the_course(empty: Bench) -> None:
    done = CliRunner().invoke(app, ["report", "digits", "--course", str(empty.course.root)])
    assert done.exit_code == 0, done.output
    folder = empty.course.root / "report" / "digits"
    assert (folder / "report.html").is_file() and not (folder / "slides.html").exists()


def test_command_refuses_a_course_without_the_release(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["report", "digits", "--course", str(tmp_path)])
    assert done.exit_code == 2
    assert "not released" in done.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("undrawn")
def test_nothing_in_a_report_steers_what_shows_it(empty: Bench) -> None:
    words = f"x{STEERING}y by Qui{STEERING}lla"
    empty.hand_in("quinn-01", "a")
    empty.grade("quinn-01", verdicts(failed("blocks.skip_2d", words, expected=words, hint=words)))
    for name in ("report.html", "slides.html"):
        text = page_of(empty, name).text
        assert "xy by [left out]" in text and not steers(text)
