"""assignment.toml is read strictly: what cannot be meant is told in one sentence that names the key and what is due."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from exercises import assignment
from exercises.assignment import load_assignment

Read = Callable[..., assignment.Assignment]
FACTS = """
name = "letters"
title = "Letters"
version = 1
deadline = 2030-02-02T23:59:00+02:00

[[task]]
name = "first"
title = "First"
module = "one"
points = 1

[[task]]
name = "second"
title = "Second"
module = "two"
points = 1.5

[[question]]
name = "why"
title = "Why?"
points = 1
"""


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    monkeypatch.setattr(assignment, "EXERCISES", tmp_path)
    (tmp_path / "letters").mkdir()

    def written(old: str = "", new: str = "", encoding: str = "utf-8") -> assignment.Assignment:
        assert old in FACTS
        text = FACTS.replace(old, new, 1) if old else FACTS + new
        (tmp_path / "letters" / "assignment.toml").write_text(text, encoding=encoding)
        return load_assignment("letters")

    return written


def test_what_is_right_is_read(read: Read) -> None:
    assert [task.points for task in read().tasks] == [1, 1.5]
    assert read(encoding="utf-8-sig").title == "Letters", "some editors begin a file so"


@pytest.mark.parametrize(
    ("said", "effort"),
    [
        ("", ""),
        ("minutes = 20\n", "about 20 minutes"),
        ("difficulty = 3\n", "difficulty 3 of 3"),
        ("minutes = 20\ndifficulty = 1\n", "about 20 minutes, difficulty 1 of 3"),
    ],
)
def test_a_task_may_say_how_much_it_asks(read: Read, said: str, effort: str) -> None:
    first, second = read("points = 1\n", f"points = 1\n{said}").tasks
    assert (first.effort, first.head) == (effort, f"First (1 point{', ' if effort else ''}{effort})")
    assert second.head == "Second (1.5 points)"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('name = "letters"\n', "", "letters/assignment.toml: name is missing: it is a name like"),
        ('"Letters"', '""', "title = '', but it is a text that is not empty"),
        ("version = 1", 'version = "1"', "version = '1', but it is a whole number, at least 1"),
        ("version = 1", "version = true", "version = true, but it is a whole number"),
        ("version = 1", "version = ", "letters/assignment.toml is no TOML: Invalid value"),
        ("version = 1", 'version = 1\ngivn = ["tools"]', "there is no key givn: is given meant?"),
        ("2030-02-02T23:59:00+02:00", '"2030-02-02"', "deadline = '2030-02-02', but it is a date with its time of day"),
        ("2030-02-02T23:59:00+02:00", "2030-02-02", "deadline = 2030-02-02, but it is a date with its time of day"),
        ("[[task]]\n", "[task]\n", "letters/assignment.toml is no TOML"),
        ('module = "one"', 'modul = "one"', "[[task]] first: there is no key modul: is module meant?"),
        ('module = "one"', 'module = "sub/one"', "[[task]] first: module = 'sub/one', but it is a name like"),
        ("points = 1\n", 'points = "1"\n', "[[task]] first: points = '1', but it is a number, at least 0"),
        ("points = 1\n", "points = nan\n", "[[task]] first: points = nan, but it is a number"),
        (
            "points = 1\n",
            "points = 1\nminutes = 0\n",
            "[[task]] first: minutes = 0, but it is a whole number, at least 1",
        ),
        ("points = 1\n", "points = 1\ndifficulty = 4\n", "[[task]] first: difficulty = 4, but it is 1, 2 or 3"),
        ('"second"', '"first"', "two tasks are called 'first': each has a name of its own"),
        ("", '[[question]]\nname = "why"\ntitle = "Again"\npoints = 1', "two questions are called 'why'"),
        ("", 'cells = "false"', "[[question]] why: cells = 'false', but it is true or false"),
        ("", 'rubric = ["half"]', "[[question]] why: rubric = ['half'], but it is a text"),
        ("", "[training.first]\nchance_like = 0.1", "[training.first]: examples_seen is missing: it is a whole number"),
        ("", "[late]\n[training]\nfirst = 3", "[training.first]: 3 stands where a table is due"),
    ],
)
def test_what_cannot_be_meant_is_told(read: Read, old: str, new: str, words: str) -> None:
    with pytest.raises(ValueError) as told:
        read(old, new)
    assert words in str(told.value) and "Error" not in str(told.value)


def test_another_encoding_is_told_as_that(read: Read) -> None:
    with pytest.raises(ValueError, match="letters/assignment.toml is not written in UTF-8"):
        read("Letters", "Lettère", encoding="latin-1")
