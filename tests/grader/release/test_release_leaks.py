"""The guard: a clean bundle is clean, and every sort of leak is found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from grader.release.build import check_release, release
from grader.release.bundle import student_bundle
from grader.release.errors import ReleaseError
from grader.release.leaks import leaks


@pytest.fixture
def bundle(tiny: Path, tmp_path: Path) -> dict[str, bytes]:
    release("tiny", out=tmp_path / "out")
    return student_bundle("tiny")


def notebook(source: str, **more: Any) -> bytes:
    cell: dict[str, Any] = {"cell_type": "code", "id": "a", "metadata": {}, "source": source}
    cell |= {"outputs": [], "execution_count": None}
    return json.dumps({"cells": [cell | more], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def test_leaks_finds_nothing_in_a_released_bundle(bundle: dict[str, bytes]) -> None:
    assert leaks(bundle, "tiny") == []


TEXT_LEAKS = {
    "a line of an answer": ("x = 1\n    total_of_both = first + second\n", "a line of the answer"),
    "spaced in another way": ("total_of_both  =  first+second\n", "a line of the answer"),
    "behind a comment sign": ("# total_of_both = first + second\n", "a line of the answer"),
    "a module-level answer": ("LUCKY = 1234567890123\n", "a line of the answer"),
    "an answer of the notebook": ("warm_up_answer = add(20, 22)\n", "a line of the answer"),
    "a written answer": ("# Because counting on from the larger number is quicker.\n", "a line of the answer"),
    "a hidden test of the notebook": ("assert add(100, 200) == 300\n", "a line of the answer"),
    "a mark": ("### BEGIN SOLUTION\n", "a mark"),
    "a mark in another spelling": ("# end solution\n", "a mark"),
    "a mark of hidden tests": ("### BEGIN HIDDEN TESTS\n", "a mark"),
    "a home folder": ("DATA = '/home/somebody/data'\n", "an absolute path"),
    "root's home": ("DATA = '/root/data'\n", "an absolute path"),
    "a home on a Mac": ("DATA = '/Users/somebody/data'\n", "an absolute path"),
    "a home on Windows": ("DATA = 'C:\\\\Users\\\\somebody'\n", "an absolute path"),
    "a hidden check": ("WORTH = {'adding.large': 3}\n", "the hidden check 'adding.large'"),
    "an import of the grader": ("from grader.release import leaks\n", "an import of grader.release"),
    "an import of the solutions": ("def f():\n    import solutions.tiny.adding as s\n", "an import of solutions.tiny"),
    "an import by name": ("import importlib\nimportlib.import_module('grader.checks')\n", "an import of grader.checks"),
}


@pytest.mark.parametrize("name", TEXT_LEAKS)
def test_leaks_finds_in_a_module(bundle: dict[str, bytes], name: str) -> None:
    text, words = TEXT_LEAKS[name]
    found = leaks({**bundle, "exercises/tiny/planted.py": text.encode()}, "tiny")
    assert found
    assert all(finding.startswith("exercises/tiny/planted.py: ") for finding in found)
    assert any(words in finding for finding in found)


@pytest.mark.parametrize("name", TEXT_LEAKS)
def test_leaks_finds_in_a_notebook(bundle: dict[str, bytes], name: str) -> None:
    text, words = TEXT_LEAKS[name]
    found = leaks({**bundle, "tiny.ipynb": notebook(text)}, "tiny")
    assert any(words in finding for finding in found)


def test_leaks_finds_an_answer_in_a_notebooks_metadata(bundle: dict[str, bytes]) -> None:
    planted = notebook("x = 1", metadata={"note": "total_of_both = first + second"})
    assert any("a line of the answer" in finding for finding in leaks({**bundle, "tiny.ipynb": planted}, "tiny"))


def test_leaks_finds_outputs(bundle: dict[str, bytes]) -> None:
    output = {"output_type": "stream", "name": "stdout", "text": "3\n"}
    assert leaks({**bundle, "tiny.ipynb": notebook("x = 1", outputs=[output])}, "tiny")
    assert leaks({**bundle, "tiny.ipynb": notebook("x = 1", execution_count=1)}, "tiny")


def test_leaks_finds_a_damaged_notebook(bundle: dict[str, bytes]) -> None:
    assert leaks({**bundle, "tiny.ipynb": b"{"}, "tiny") == ["tiny.ipynb: not a notebook"]


def test_leaks_finds_caches(bundle: dict[str, bytes]) -> None:
    found = leaks({**bundle, "exercises/tiny/__pycache__/adding.cpython-311.pyc": b"\xa7\r\r\n"}, "tiny")
    assert found == ["exercises/tiny/__pycache__/adding.cpython-311.pyc: a Python cache"]


def test_leaks_finds_the_repositorys_path_even_in_a_picture(bundle: dict[str, bytes], tiny: Path) -> None:
    found = leaks({**bundle, "exercises/tiny/sum.png": b"\x89PNG\xff" + str(tiny).encode()}, "tiny")
    assert found == ["exercises/tiny/sum.png: the path of this repository"]


def test_leaks_finds_whole_files_of_staff(bundle: dict[str, bytes], tiny: Path) -> None:
    check = (tiny / "grader/checks/tiny/adding.py").read_bytes()
    found = leaks({**bundle, "exercises/tiny/more.py": check}, "tiny")
    assert "exercises/tiny/more.py: the same text as grader/checks/tiny/adding.py" in found
    assert "grader/x.py: a file of staff only" in leaks({**bundle, "grader/x.py": b"x = 1\n"}, "tiny")


def test_leaks_lets_lines_pass_that_students_are_given_anyway(bundle: dict[str, bytes], tiny: Path) -> None:
    solution = tiny / "solutions/tiny/adding.py"
    given = "\n\ndef given(first, second):\n    total_of_both = first + second\n    return total_of_both\n"
    solution.write_text(solution.read_text() + given)
    assert leaks({**bundle, "exercises/tiny/more.py": given.encode()}, "tiny") == []


def test_leaks_lets_a_plain_loop_pass_but_not_what_it_does(bundle: dict[str, bytes], tiny: Path) -> None:
    solution = tiny / "solutions/tiny/adding.py"
    loop = "for number in numbers:\n        running_total += number * 2"
    solution.write_text(solution.read_text().replace("total_of_both = first + second", loop))
    assert leaks({**bundle, "exercises/tiny/more.py": b"for number in numbers:\n    pass\n"}, "tiny") == []
    assert leaks({**bundle, "exercises/tiny/more.py": b"running_total += number * 2\n"}, "tiny") != []


def test_release_refuses_to_write_what_leaks(tiny: Path, tmp_path: Path) -> None:
    (tiny / "exercises/tiny/hints.py").write_text('"""Try total_of_both = first + second."""\n')
    with pytest.raises(ReleaseError, match=r"hints\.py: a line of the answer in solutions/tiny/adding\.py:10"):
        release("tiny", course_root=tmp_path / "course", out=tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "course").exists()


def test_what_would_leak_is_said_before_anything_is_released(tiny: Path) -> None:
    release("tiny", out=tiny / "out")
    assert check_release("tiny") == []
    (tiny / "exercises" / "tiny" / "given.py").write_text("total_of_both = first + second\n")
    with pytest.raises(ReleaseError, match=r"given\.py: a line of the answer"):
        check_release("tiny")
