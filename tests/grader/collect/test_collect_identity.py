"""Whose a submission is: the platform's number, noted when it is collected; a group is no participant."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.collect.placing import collect
from grader.course.folder import Course
from grader.course.handed_in import read_note
from tests.grader.collect.download_kit import collected, complete, moodle, packed, submitted, worksheet

TIME = "Monday, 1 February 2027, 8:05 PM"


def whose(course: Course, student: str) -> tuple[str, str, str]:
    note = read_note(course, "digits", student)
    assert note is not None
    return note.platform, note.number, note.name


def test_platform_number_and_name_are_noted(course: Course, tmp_path: Path) -> None:
    collected(course, moodle(Ada_Lovelace_11=packed()))
    collected(course, {"turingalan_12_901_digits.zip": packed()})
    folder = tmp_path / "hub" / "lin-2" / "digits"
    folder.mkdir(parents=True)
    (folder / "digits.ipynb").write_bytes(b"{}")
    list(collect(course, "digits", tmp_path / "hub"))
    assert whose(course, "Ada-Lovelace-11") == ("moodle", "11", "Ada Lovelace")
    assert whose(course, "turingalan-12") == ("canvas", "12", "turingalan")
    assert whose(course, "lin-2") == ("nbgrader", "", "")


def test_a_number_under_another_name_later_is_the_same_student(course: Course) -> None:
    assert set(collected(course, moodle(Participant_1001=packed()))) == {"Participant-1001"}
    found = collected(course, moodle(Ada_Lovelace_1001=packed(b"#")))
    assert {name: one.state for name, one in found.items()} == {"Participant-1001": "replaced"}
    assert course.students("digits") == ["Participant-1001"]
    assert whose(course, "Participant-1001") == ("moodle", "1001", "Ada Lovelace")


def test_a_number_under_two_names_in_one_download_is_refused(course: Course) -> None:
    found = collected(course, moodle(Participant_1001=packed(), Ada_1001=packed(b"#"), Bob_12=packed()))
    (refused,) = [one for one in found.values() if one.state == "refused"]
    assert "the number 1001 is under 2 names: Ada, Participant" in refused.refused[0][1]
    assert course.students("digits") == ["Bob-12"]


def test_a_folder_of_an_earlier_version_is_taken_over_or_named(course: Course) -> None:
    for student in ("Ada-11", "Participant-12"):
        folder = course.submitted("digits", student)
        folder.mkdir(parents=True)
        (folder / "digits.ipynb").write_bytes(b"old")
    found = collected(course, moodle(Ada_11=packed(), Bob_12=packed()))
    assert found["Ada-11"].state == "replaced" and whose(course, "Ada-11") == ("moodle", "11", "Ada")
    assert "submitted/Participant-12 may be the same student's, from an earlier version" in found["Bob-12"].remarks


def test_a_folder_of_another_platforms_student_is_not_touched(course: Course) -> None:
    collected(course, {"ada_11_901_digits.zip": packed()})
    found = collected(course, moodle(ada_11=packed(b"#")))["ada-11"]
    assert found.state == "refused" and "another student's (canvas's 11)" in found.refused[0][1]
    assert submitted(course, "ada-11")["digits.ipynb"] == b"{}"


@pytest.mark.parametrize("name", ["Team-7_345", "Team 7_345", "Group name_345", "Gruppe A_7", "my team_9"])
def test_what_calls_itself_a_group_is_refused(course: Course, name: str) -> None:
    found = collected(
        course, {f"{name}_assignsubmission_file/digits.zip": packed(), **moodle(Teamo_Gruppen_12=packed())}
    )
    assert course.students("digits") == ["Teamo-Gruppen-12"]
    (refused,) = found[""].refused
    assert refused[0].startswith(name) and "group" in refused[1] and "--times" in refused[1]


def test_one_folder_without_a_number_tells_that_all_are_groups(course: Course) -> None:
    """Those who are in no group lie there; the others have the group's number."""
    files = {f"Default group_assignsubmission_file/{name}": data for name, data in complete().items()}
    found = collected(course, {**files, **moodle(The_Neurons_346=packed())})
    assert set(found) == {""} and len(found[""].refused) == 3  # the folders, and not each file
    assert all("group" in reason for _, reason in found[""].refused)


def test_what_a_group_handed_in_is_each_members(course: Course, tmp_path: Path) -> None:
    report = worksheet(
        tmp_path / "w.csv",
        ("11", "Ada Lovelace/The_Neurons", TIME), ("12", "Alan Turing/The_Neurons", TIME),
        ("13", "Zoe/Default group", TIME), group=True,
    )  # fmt: skip
    download = moodle(The_Neurons_12=packed()) | {"Default group_assignsubmission_file/digits.zip": packed(b"#")}
    found = collected(course, download, report)
    assert sorted(found) == ["Ada-Lovelace-11", "Alan-Turing-12", "Zoe-13"]
    assert whose(course, "Alan-Turing-12") == ("moodle", "12", "Alan Turing")
    assert found["Ada-Lovelace-11"].when is not None
    assert submitted(course, "Zoe-13")["digits.ipynb"] == b"{}#"


def test_a_number_that_the_worksheet_does_not_list_is_refused_as_a_group(course: Course, tmp_path: Path) -> None:
    report = worksheet(tmp_path / "w.csv", ("11", "Ada", TIME), ("12", "My Team", TIME))
    found = collected(course, moodle(Ada_11=packed(), My_Team_12=packed(), The_Neurons_345=packed()), report)
    assert course.students("digits") == ["Ada-11", "My-Team-12"]
    assert "a group, or a participant whom w.csv does not list" in found[""].refused[0][1]


def test_where_groups_hand_in_a_number_that_is_also_a_participants_is_still_a_groups(
    course: Course, tmp_path: Path
) -> None:
    report = worksheet(tmp_path / "w.csv", ("11", "Ada/Neurons", TIME), ("12", "Bob/Neurons", TIME), group=True)
    found = collected(course, moodle(Neurons_7=packed(), Renamed_since_12=packed(b"#")), report)
    assert sorted(found) == ["", "Ada-11", "Bob-12"] and "group" in found[""].refused[0][1]
    assert submitted(course, "Bob-12")["digits.ipynb"] == b"{}"


def test_a_folder_of_the_course_that_is_collected_from_nbgraders_folders_stays_the_same_students(
    course: Course, tmp_path: Path
) -> None:
    collected(course, moodle(Ada_11=packed()))
    mended = tmp_path / "mended" / "Ada-11" / "digits"
    mended.mkdir(parents=True)
    (mended / "digits.ipynb").write_bytes(b"mended by hand")
    (found,) = collect(course, "digits", tmp_path / "mended")
    assert found.state == "replaced" and whose(course, "Ada-11") == ("moodle", "11", "Ada")


def test_a_display_name_with_anothers_number_gathers_nothing_of_theirs(course: Course) -> None:
    """Canvas keeps a number at the end of a display name: eve calls herself "eve_1002", which is ada's number."""
    download = {"ada_1002_902_digits.zip": packed(), "eve_1002_1001_901_digits.zip": packed(b"#")}
    found = collected(course, download)
    assert sorted(found) == ["ada-1002", "eve_1002-1001"] and found["ada-1002"].refused == ()
    assert submitted(course, "ada-1002")["digits.ipynb"] == b"{}"


def test_a_file_whose_name_begins_with_a_number_is_its_users(course: Course) -> None:
    found = collected(course, {"ada_11_90123_1_digits.zip": packed(), "bob_12_90124_digits.zip": packed(b"#")})
    assert sorted(found) == ["ada-11", "bob-12"]
    assert sorted(collected(course, {"cy_13_90123_2027_digits.zip": packed()})) == ["cy-13"]


def test_a_name_of_canvas_that_can_be_anybodys_is_refused_with_both(course: Course) -> None:
    """eve has taken ada's name together with her number."""
    download = {"ada_1002_902_digits.zip": packed(), "ada_1002_1001_901_digits.zip": packed(b"#")}
    found = collected(course, download)
    assert sorted(found) == ["", "ada-1002"]
    assert "by ada (user 1002) or ada_1002 (user 1001)" in found[""].refused[0][1]
    assert submitted(course, "ada-1002")["digits.ipynb"] == b"{}"
