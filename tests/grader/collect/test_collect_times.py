"""When a submission was handed in: what a system states counts, what a download's dates say never does."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from grader.cli.common import app
from grader.collect.placing import collect
from grader.collect.sources import RefusedError
from grader.course.folder import Course
from grader.course.handed_in import Note, collected_at, note_collected, read_note
from tests.grader.collect.download_kit import (
    DOWNLOADED,
    collected,
    complete,
    made_zip,
    moodle,
    packed,
    table,
    worksheet,
)

IN_TIME, LATE = "Monday, 1 February 2027, 8:05 PM", "Thursday, 4 February 2027, 12:30 AM"
STATED = datetime(2027, 2, 1, 18, 5, tzinfo=UTC)  # what IN_TIME is in the zone of the deadline, two hours east


def run(course: Course, *words: str, code: int = 0, **options: Any) -> str:
    done = CliRunner().invoke(app, [*words, "--course", str(course.root)], **options)
    assert done.exit_code == code, done.output
    return done.output


def test_dates_of_a_download_are_no_times_of_hand_in(course: Course, tmp_path: Path) -> None:
    download = moodle(Ada_Lovelace_11=packed(), Alan_Turing_12=packed(b"#"))
    download |= {"Zoe_13_assignsubmission_file/digits.ipynb": (b"{}", (2027, 2, 1, 9, 0, 0))}
    found = collected(course, download)
    assert [one.when for one in found.values()] == [None] * 3
    folder = tmp_path / "unpacked" / "bob_14_assignsubmission_file"
    folder.mkdir(parents=True)
    (folder / "digits.ipynb").write_bytes(b"{}")
    os.utime(folder / "digits.ipynb", (1.0e9, 1.0e9))
    assert next(collect(course, "digits", folder.parent)).when is None
    for student in course.students("digits"):
        assert collected_at(course, "digits", student) is None
        assert not (course.submitted("digits", student) / "timestamp.txt").exists()
    said = run(course, "collect", "digits", str(tmp_path / "download.zip"))
    assert "Ada-Lovelace-11: unchanged, 6 files, time unknown" in said
    assert "time of hand-in unknown (3): lateness costs them nothing" in said and "--times" in said


def test_worksheet_beside_the_download_states_the_times_in_the_course_zone(course: Course, tmp_path: Path) -> None:
    rows = [("11", "Ada Lovelace", IN_TIME), ("12", "Alan Turing", LATE), ("13", "Zoe", "-"), ("14", "Max", IN_TIME)]
    report = worksheet(tmp_path / "Grades-digits.csv", *rows)
    download = moodle(Ada_Lovelace_11=packed(), Alan_Turing_12=packed(), Zoe_13=packed())
    found = collected(course, download, report)
    assert (found["Ada-Lovelace-11"].when, found["Zoe-13"].when) == (STATED, None)
    assert found["Alan-Turing-12"].when == datetime(2027, 2, 3, 22, 30, tzinfo=UTC)
    assert found["Ada-Lovelace-11"].note.source == "Grades-digits.csv"
    assert found[""].remarks == ("Grades-digits.csv states a time, but nothing was found of: Max 14",)
    course.settings.write_text('zone = "America/New_York"\n')
    assert (
        collected(course, download, report)["Ada-Lovelace-11"].when == STATED
    )  # the earlier one: now 01:05 UTC, later
    note_collected(course, "digits", "Ada-Lovelace-11", None)
    assert collected(course, download, report)["Ada-Lovelace-11"].when == datetime(2027, 2, 2, 1, 5, tzinfo=UTC)


def test_a_plain_table_states_times_by_number_or_by_student(course: Course, tmp_path: Path) -> None:
    download = moodle(Ada_11=packed(), Bob_12=packed(), Cy_13=packed())
    by_number = table(tmp_path / "a.csv", "user_id;submitted_at", "11;2027-02-01T18:05:00Z", "12;2027-02-01 20:05")
    found = collected(course, download, by_number)
    assert [found[name].when for name in ("Ada-11", "Bob-12", "Cy-13")] == [STATED, STATED, None]
    by_student = table(tmp_path / "b.csv", "student,time", "Cy-13,2027-02-01 20:05+02:00")
    assert collected(course, download, by_student)["Cy-13"].when == STATED


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["Identifiant,Grade"], "no table of times"),
        (["number,time", "11,2027-02-01"], "line 2: '2027-02-01' is no date with a time of day"),
        (["number,time", "11,soon"], "line 2: 'soon' is no date"),
        (["number,time", "Ada,2027-02-01 20:05"], "line 2: 'Ada' holds no number"),
        (["number,time", "11,2027-02-01 20:05", "11,2027-02-03 20:05"], "line 3: 11 stands in two lines"),
        (["Identifier,Last modified (submission)", 'Participant 1,"Montag, 1. Februar 2027, 20:05"'], "to English"),
    ],
)  # fmt: skip
def test_what_is_no_table_of_times_is_refused_before_anything_is_written(
    course: Course, tmp_path: Path, lines: list[str], says: str
) -> None:
    with pytest.raises(RefusedError, match=says):
        collected(course, moodle(Ada_11=packed()), table(tmp_path / "t.csv", *lines))
    assert not course.root.exists()


def test_nbgraders_own_folders_state_times_and_a_file_in_an_upload_does_not(course: Course, tmp_path: Path) -> None:
    folder = tmp_path / "submitted" / "ada" / "digits"
    folder.mkdir(parents=True)
    (folder / "digits.ipynb").write_bytes(b"{}")
    (folder / "timestamp.txt").write_text("2027-02-01 18:05:00.000000 UTC")
    (found,) = collect(course, "digits", folder.parents[1])
    assert found.when == STATED and found.note.source == "nbgrader's timestamp.txt" and found.refused == ()
    forged = made_zip({**complete(), "timestamp.txt": b"2020-01-01 00:00:00 UTC"})
    assert collected(course, moodle(Eve_12=forged))["Eve-12"].when is None
    loose = {f"Max_13_assignsubmission_file/{name}": data for name, data in complete().items()}
    loose["Max_13_assignsubmission_file/timestamp.txt"] = b"2020-01-01 00:00:00 UTC"
    assert collected(course, loose)["Max-13"].when is None


def test_late_of_canvas_is_after_the_deadline_until_a_table_says_when(course: Course, tmp_path: Path) -> None:
    download = {"lovelaceada_LATE_11_901_digits.zip": packed()}
    found = collected(course, download)["lovelaceada-11"]
    assert (found.when, found.note.late) == (None, True)
    assert "marked as late, and nothing says by how much: counts as one day begun after the deadline" in found.remarks
    assert "lovelaceada-11: late, by how much is unknown" in run(course, "times", "digits")
    found = collected(course, download, table(tmp_path / "t.csv", "id,time", "11,2027-02-04 10:00"))["lovelaceada-11"]
    assert found.when == datetime(2027, 2, 4, 8, tzinfo=UTC) and not found.note.late
    assert collected(course, download)["lovelaceada-11"].when == found.when  # what was stated stays


def test_the_earliest_stated_time_of_the_same_files_wins_and_is_what_is_printed(course: Course, tmp_path: Path) -> None:
    def again(*when: str) -> str:
        report = table(tmp_path / "t.csv", "number,time", *(f"11,{one}" for one in when))
        (tmp_path / "d.zip").write_bytes(made_zip(moodle(Ada_11=packed())))
        said = run(course, "collect", "digits", str(tmp_path / "d.zip"), "--times", str(report))
        noted = collected_at(course, "digits", "Ada-11")
        assert f"{noted.replace(tzinfo=UTC):%H:%M+00:00}" in said if noted else "time unknown" in said
        return f"{noted:%d %H:%M}" if noted else ""

    course.root.mkdir()
    course.settings.write_text('zone = "UTC"\n')
    assert again() == "" and again("2027-02-10 12:00") == "10 12:00"
    assert again("2027-02-01 18:05") == "01 18:05"
    assert again("2027-02-05 12:00") == "01 18:05" and again() == "01 18:05"


def test_of_two_submissions_with_stated_times_the_later_one_counts(course: Course, tmp_path: Path) -> None:
    early, late = (table(tmp_path / f"{d}.csv", "number,time", f"11,2027-02-0{d} 12:00") for d in (1, 3))
    assert collected(course, moodle(Ada_11=packed()), late)["Ada-11"].state == "new"
    found = collected(course, moodle(Ada_11=packed(b"#")), early)["Ada-11"]
    assert found.state == "refused" and any("handed in later" in remark for remark in found.remarks)
    assert collected_at(course, "digits", "Ada-11") == datetime(2027, 2, 3, 10)


def test_times_lists_sets_and_clears(course: Course) -> None:
    collected(course, moodle(Ada_11=packed(), Bob_12=packed()))
    said = run(course, "times", "digits", "Ada-11", "2027-02-01 20:05")
    assert "Ada-11: 2027-02-01T20:05+02:00 (by hand)" in said and "autograde digits" in said
    assert collected_at(course, "digits", "Ada-11") == STATED.replace(tzinfo=None)
    assert run(course, "times", "digits").splitlines() == [
        "Ada-11: 2027-02-01T20:05+02:00 (by hand)", "Bob-12: time unknown",
    ]  # fmt: skip
    listed = json.loads(run(course, "times", "digits", "--json"))
    assert listed["Ada-11"]["when"] == "2027-02-01T20:05:00+02:00" and listed["Bob-12"]["number"] == "12"
    assert read_note(course, "digits", "Ada-11") == Note(STATED, "by hand", False, "moodle", "11", "Ada")
    assert "Ada-11: time unknown" in run(course, "times", "digits", "Ada-11", "--unknown")
    note_collected(course, "digits", "Bob-12", STATED)
    assert "Clear the times of all 2" in run(course, "times", "digits", "--unknown", input="n\n", code=1)
    assert collected_at(course, "digits", "Bob-12") is not None
    run(course, "times", "digits", "--unknown", "--all")
    assert collected_at(course, "digits", "Bob-12") is None
    assert not (course.submitted("digits", "Bob-12") / "timestamp.txt").exists()
    for words in (["Ada-11"], ["Ada-11", "soon"], ["Ada-11", "2027-02-01"], ["Eve", "--unknown"]):
        run(course, "times", "digits", *words, code=2)


def test_a_time_set_by_hand_stands_when_the_same_files_come_again(course: Course, tmp_path: Path) -> None:
    report = table(tmp_path / "t.csv", "number,time", "11,2027-01-20 12:00")
    collected(course, moodle(Ada_11=packed()), report)
    run(course, "times", "digits", "Ada-11", "2027-02-01 20:05")
    assert collected(course, moodle(Ada_11=packed()), report)["Ada-11"].when == STATED


def test_a_time_that_an_earlier_version_noted_is_shown_as_such_and_cleared_by_collecting(course: Course) -> None:
    """It wrote the bare time, which it took from the dates in a zip."""
    download = moodle(Ada_11=packed(), Bob_12=packed())
    collected(course, download)
    for student in ("Ada-11", "Bob-12"):
        path = course.root / "collected" / "digits" / f"{student}.txt"
        path.write_text(datetime(*DOWNLOADED, tzinfo=UTC).isoformat() + "\n")  # type: ignore[misc]
    assert collected_at(course, "digits", "Ada-11") is None
    assert "noted by an earlier version, perhaps from the date of a download" in run(course, "times", "digits")
    found = collected(course, moodle(Ada_11=packed()))["Ada-11"]
    assert found.when is None and any("it is cleared" in remark for remark in found.remarks)
    assert collected_at(course, "digits", "Ada-11") is None
    run(course, "times", "digits", "--unknown", "--all")
    assert collected_at(course, "digits", "Bob-12") is None
