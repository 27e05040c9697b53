"""Of several attempts the later one is taken, and what was left out is told."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.collect.choosing import plain
from grader.collect.placing import collect
from grader.course.folder import Course
from tests.grader.collect.download_kit import Files, collected, packed, submitted

TOP = "Ada_11_assignsubmission_file/"


@pytest.mark.parametrize(
    "download",
    [
        {f"{TOP}digits-submission.zip": packed(b"1"), f"{TOP}digits-submission (1).zip": packed(b"2")},
        {f"{TOP}digits-submission (2).zip": packed(b"1"), f"{TOP}digits-submission (10).zip": packed(b"2")},
        {f"{TOP}digits.zip": packed(b"1"), f"{TOP}digits-1.zip": packed(b"2")},
        {"ada_11_901_digits.zip": packed(b"1"), "ada_11_902_digits-1.zip": packed(b"2")},
        {"ada_11_905_digits-2.zip": packed(b"2"), "ada_11_904_digits-1.zip": packed(b"1")},
        {"ada_11_999_digits.zip": packed(b"1"), "ada_11_1000_digits.zip": packed(b"2")},  # 1000 sorts before 999
        {"ada_11_901_digits-1.zip": packed(b"1"), "ada_11_902_final.zip": packed(b"2")},
        {"ada_11_902_zz.zip": packed(b"2"), "ada_11_901_aa.zip": packed(b"1")},
    ],
)
def test_of_two_zips_the_later_one_is_taken(course: Course, download: Files) -> None:
    (found,) = collected(course, download).values()
    files = submitted(course, found.student)
    assert files["digits.ipynb"] == b"{}2" and files["exercises/digits/blocks.py"] == b"blocks2"
    assert len(found.refused) == 6 and all("was taken instead" in reason for _, reason in found.refused)


def test_of_loose_files_the_later_one_is_taken(course: Course) -> None:
    found = collected(course, {f"{TOP}blocks.py": b"1", f"{TOP}blocks (1).py": b"2", f"{TOP}blocks (2).py": b"3"})
    assert submitted(course, "Ada-11") == {"exercises/digits/blocks.py": b"3"}
    assert {name for name, _ in found["Ada-11"].refused} == {"blocks.py", "blocks (1).py"}
    assert "blocks (2).py was taken as blocks.py" in found["Ada-11"].remarks


def test_a_copy_is_no_later_attempt(course: Course) -> None:
    collected(course, {f"{TOP}blocks.py": b"1", f"{TOP}blocks - Copy.py": b"2", f"{TOP}Copy of blocks.py": b"3"})
    assert submitted(course, "Ada-11") == {"exercises/digits/blocks.py": b"1"}


def test_a_stated_time_decides_before_any_number(course: Course, tmp_path: Path) -> None:
    for when, name in (("2027-01-30 08:00:00", "digits (1).ipynb"), ("2027-02-01 08:00:00", "digits.ipynb")):
        folder = tmp_path / "inbound" / f"ada+digits+{when}.000000 UTC+x"
        folder.mkdir(parents=True)
        (folder / name).write_text(when)
    (found,) = collect(course, "digits", tmp_path / "inbound")
    assert submitted(course, "ada")["digits.ipynb"] == b"2027-02-01 08:00:00"
    assert found.when == datetime(2027, 2, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "bare", "number"),
    [
        ("digits.ipynb", "digits.ipynb", 0),
        ("Digits (12).ipynb", "digits.ipynb", 12),
        ("digits-1.ipynb", "digits.ipynb", 1),
        ("digits_2 (1).ipynb", "digits.ipynb", 2),
        ("digits.ipynb.json", "digits.ipynb", 0),
        ("digits (1).ipynb.txt", "digits.ipynb", 1),
        ("blocks.py.html", "blocks.py", 0),
        ("Copy of digits - Copy (2).ipynb", "digits.ipynb", 0),
    ],
)
def test_what_was_added_to_a_name_is_told_from_it(name: str, bare: str, number: int) -> None:
    assert (plain(name).name, plain(name).number) == (bare, number)
