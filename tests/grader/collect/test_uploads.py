"""Whose a file is, by the names that Moodle, Canvas and nbgrader give."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from grader.collect.uploads import Owner, owner, safe


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("Ada Lovelace_12345_assignsubmission_file_/digits.ipynb", Owner("Ada-Lovelace-12345", "digits.ipynb")),
        ("Ada Lovelace_12345_assignsubmission_file_digits (1).ipynb", Owner("Ada-Lovelace-12345", "digits (1).ipynb")),
        ("Ada Lovelace_12345_assignsubmission_file/sub/a.py", Owner("Ada-Lovelace-12345", "sub/a.py")),
        ("Ada Lovelace_12345_assignsubmission_onlinetext_/onlinetext.html", None),
        ("lovelaceada_12345_67890_digits-1.ipynb", Owner("lovelaceada-12345", "digits-1.ipynb")),
        ("lovelaceada_LATE_12345_67890_digits_2.zip", Owner("lovelaceada-12345", "digits_2.zip", late=True)),
        ("ada/digits/exercises/digits/blocks.py", Owner("ada", "exercises/digits/blocks.py")),
        ("ada/spoken_digits/spoken_digits.ipynb", None),
        (
            "ada+digits+2030-01-15 11:30:00.000000 UTC+c2VjcmV0/digits.ipynb",
            Owner("ada", "digits.ipynb", when=datetime(2030, 1, 15, 11, 30, tzinfo=UTC)),
        ),
        ("ada+spoken_digits+2030-01-15 11:30:00 UTC+x/digits.ipynb", None),
        ("README.txt", None),
    ],
)
def test_owner_is_told_by_the_name(path: str, expected: Owner | None) -> None:
    assert owner(path, "digits") == expected


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
