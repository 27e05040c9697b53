"""Whose a file is, by the names that Moodle, Canvas and nbgrader give."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from grader.collect.canvas import readings
from grader.collect.owners import Owner, owner, safe


def moodle(student: str, rest: str, number: str = "12345", name: str = "Ada Lovelace") -> Owner:
    return Owner(student, rest, platform="moodle", number=number, name=name)


def canvas(student: str, rest: str, number: str, name: str, file: int, late: bool = False) -> Owner:
    return Owner(student, rest, late, platform="canvas", number=number, name=name, file=file)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("Ada Lovelace_12345_assignsubmission_file_/digits.ipynb", moodle("Ada-Lovelace-12345", "digits.ipynb")),
        ("Ada Lovelace_12345_assignsubmission_file_digits (1).ipynb", moodle("Ada-Lovelace-12345", "digits (1).ipynb")),
        ("Ada Lovelace_12345_assignsubmission_file/sub/a.py", moodle("Ada-Lovelace-12345", "sub/a.py")),
        ("Ada Lovelace_12345_assignsubmission_onlinetext_/onlinetext.html", None),
        # the last number before Moodle's mark, whatever a display name holds
        ("Eve 1002_1001_assignsubmission_file/a.py", moodle("Eve-1002-1001", "a.py", "1001", "Eve 1002")),
        ("Eve_1002_1001_assignsubmission_file/a.py", moodle("Eve_1002-1001", "a.py", "1001", "Eve_1002")),
        ("Eve_11_assignsubmission_file/x_12_assignsubmission_file/a.py",
         moodle("Eve-11", "x_12_assignsubmission_file/a.py", "11", "Eve")),
        ("Default group_assignsubmission_file/a.py", moodle("Default-group", "a.py", "", "Default group")),
        ("lovelaceada_12345_67890_digits-1.ipynb", None),
        ("ada/digits/exercises/digits/blocks.py", Owner("ada", "exercises/digits/blocks.py")),
        ("ada/spoken_digits/spoken_digits.ipynb", None),
        (
            "ada+digits+2030-01-15 11:30:00.000000 UTC+c2VjcmV0/digits.ipynb",
            Owner("ada", "digits.ipynb", when=datetime(2030, 1, 15, 11, 30, tzinfo=UTC)),
        ),
        ("ada+spoken_digits+2030-01-15 11:30:00 UTC+x/digits.ipynb", None),
        ("README.txt", None),
    ],
)  # fmt: skip
def test_owner_is_told_by_the_name(path: str, expected: Owner | None) -> None:
    assert owner(path, "digits") == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("lovelaceada_12345_67890_digits-1.ipynb",
         [canvas("lovelaceada-12345", "digits-1.ipynb", "12345", "lovelaceada", 67890)]),
        ("lovelaceada_LATE_12345_67890_digits_2.zip",
         [canvas("lovelaceada-12345", "digits_2.zip", "12345", "lovelaceada", 67890, late=True)]),
        ("van_der_berg_5_90_a.zip", [canvas("van_der_berg-5", "a.zip", "5", "van_der_berg", 90)]),
        ("anon_x7Kq2_90_a.zip", [canvas("anon-x7Kq2", "a.zip", "", "anon-x7Kq2", 90)]),
        ("LATE_anon_x7Kq2_90_a.zip", [canvas("anon-x7Kq2", "a.zip", "", "anon-x7Kq2", 90, late=True)]),
        # a display name with another's number, or a file whose name begins with one
        ("eve_12_77_901_a.py",
         [canvas("eve-12", "901_a.py", "12", "eve", 77), canvas("eve_12-77", "a.py", "77", "eve_12", 901)]),
        ("README.txt", []), ("folder/ada_11_901_a.py", []),
    ],
)  # fmt: skip
def test_names_of_canvas_are_read_in_every_way(path: str, expected: list[Owner]) -> None:
    assert readings(path) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Åsa Öberg-7", "Åsa-Öberg-7"),
        ("a/../b", "a-..-b"),
        ("..", "unnamed"),
        ("x;rm -rf ~", "x-rm--rf"),
        ("A\u030asa", "Åsa"),
    ],
)
def test_names_of_folders_are_safe(name: str, expected: str) -> None:
    assert safe(name) == expected
