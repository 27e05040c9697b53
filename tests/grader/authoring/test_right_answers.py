"""Right answers of a gallery: read, laid over the solution, and refused with words that tell what to do."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from grader import repository
from grader.authoring.galleries import GalleryError, right_answers, solution_files

ADDED = "def output_size(size: int, layers: Sequence[Layer]) -> int:\n    return size\n"


@pytest.fixture
def gallery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The digits' solution with one right answer, still without files."""
    copy = tmp_path / "digits"
    ignored = shutil.ignore_patterns("right_answers", "__pycache__")
    shutil.copytree(repository.solutions("digits"), copy, ignore=ignored)
    monkeypatch.setattr(repository, "solutions", lambda assignment: copy)
    answer = copy / "right_answers" / "mine"
    answer.mkdir(parents=True)
    (answer / "about.txt").write_text("Another way.\n", encoding="utf-8")
    return answer


def refused(pattern: str) -> None:
    with pytest.raises(GalleryError, match=pattern):
        right_answers("digits")


def test_an_answer_gives_complete_modules(gallery: Path) -> None:
    (gallery / "receptive_field.py").write_text(ADDED, encoding="utf-8")
    (answer,) = right_answers("digits")
    solution = solution_files("digits")
    assert (answer.name, answer.description) == ("mine", "Another way.")
    assert answer.files().keys() == solution.keys()
    assert {name for name, text in answer.files().items() if text != solution[name]} == {"receptive_field"}
    assert ADDED in answer.files()["receptive_field"]
    assert "def receptive_field(" in answer.files()["receptive_field"]


def test_a_change_of_the_solution_reaches_the_answer(gallery: Path) -> None:
    (gallery / "receptive_field.py").write_text(ADDED, encoding="utf-8")
    with (gallery.parents[1] / "receptive_field.py").open("a", encoding="utf-8") as file:
        file.write("\n\nGIVEN = 1\n")
    assert right_answers("digits")[0].files()["receptive_field"].endswith("GIVEN = 1\n")


def test_a_helper_may_be_used_in_another_module(gallery: Path) -> None:
    (gallery / "pooling.py").write_text("def helper():\n    return 1\n", encoding="utf-8")
    refused("right answer mine, pooling.py: the solution has no helper, and nothing uses it")
    (gallery / "blocks.py").write_text("from .pooling import helper\n\nprint(helper())\n", encoding="utf-8")
    assert right_answers("digits")[0].own.keys() == {"pooling", "blocks"}


def test_an_answer_that_is_not_complete_is_refused(gallery: Path) -> None:
    refused(r"right answer mine: it has no module; it takes one or more of receptive_field.py, pooling.py, blocks.py")
    (gallery / "pool.py").write_text("A = 1\n", encoding="utf-8")
    refused("right answer mine: it has pool.py; it takes one or more of receptive_field.py, pooling.py")
    (gallery / "about.txt").unlink()
    refused("right answer mine: about.txt is missing")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "it is empty"),
        ("def broken(:\n", "invalid syntax"),
        ("from __future__ import annotations\n", "it says what the solution says"),
        ("def outputsize(size, layers):\n    return size\n", "the solution has no outputsize.*is output_size meant"),
    ],
)
def test_a_module_that_does_not_fit_is_refused(gallery: Path, text: str, message: str) -> None:
    (gallery / "receptive_field.py").write_text(text, encoding="utf-8")
    refused(rf"right answer mine, receptive_field\.py.*: {message}")


def test_what_is_special_is_said_in_words(gallery: Path) -> None:
    (gallery / "receptive_field.py").write_text(ADDED, encoding="utf-8")
    (gallery / "about.txt").write_text(" \n", encoding="utf-8")
    refused("right answer mine: about.txt is empty; write in one line what is special")
    (gallery / "about.txt").write_bytes("für".encode("latin-1"))
    refused("right answer mine: about.txt is not written in UTF-8: save it so")
    (gallery / "about.txt").write_text("Another way.\n", encoding="utf-8")
    (gallery / "receptive_field.py").write_bytes("# für\n".encode("latin-1"))
    refused("right answer mine: receptive_field.py is not written in UTF-8: save it so")
