"""Modules of a student's own: which names they may have, and how they are found."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from exercises import own
from exercises.checking import LocalStudent, StudentError
from exercises.own import MOST_OWN, Import, imports_in, may_be_own, own_imports, with_own

PACKAGE = "exercises.digits"


def found(source: str) -> dict[str, bool]:
    return own_imports(source.encode(), "digits")


@pytest.mark.parametrize(
    "source",
    [
        "from .helpers import relu",
        "from . import helpers",
        "from exercises.digits.helpers import relu",
        "from exercises.digits import helpers",
        "from ..digits.helpers import relu",
        "import exercises.digits.helpers as h",
        "def f():\n    from .helpers import relu",
        "import importlib\nimportlib.import_module('.helpers', __package__)",
        "__import__('exercises.digits.helpers')",
        "if True:\n    import torch, exercises.digits.helpers",
        "\ufefffrom .helpers import relu",
    ],
)
def test_an_import_of_ones_own_is_found_however_it_is_written(source: str) -> None:
    assert list(found(source)) == ["helpers"]


@pytest.mark.parametrize(
    "source",
    [
        "import helpers",
        "from exercises.spoken_digits.helpers import relu",
        "from ...helpers import relu",
        "from .training import fit",  # given
        "from .checks import blocks",
        "from .blocks import ResidualBlock1d",  # a task's
        "from .__init__ import check",
        "from .helpérs import relu",
        f"from .{'a' * 41} import relu",
        "text = 'from .helpers import relu'",
        "from .helpers import (",
        "from .\0 import x",
    ],
)
def test_nothing_else_is_taken_for_ones_own(source: str) -> None:
    assert found(source) == {}


@pytest.mark.parametrize(
    ("source", "certain"),
    [
        ("from .helpers import relu", True),
        ("from . import helpers", False),  # may be something that __init__.py defines
        ("try:\n    from .helpers import relu\nexcept ImportError:\n    relu = None", False),
        ("try:\n    from .helpers import relu\nexcept KeyError:\n    relu = None", True),
        ("try:\n    pass\nexcept ImportError:\n    from .helpers import relu", True),
        ("if __name__ == '__main__':\n    from .helpers import relu", False),
        ("from . import helpers\nfrom .helpers import relu", True),
    ],
)
def test_a_file_has_to_be_there_where_the_import_is_needed(source: str, certain: bool) -> None:
    assert found(source) == {"helpers": certain}


def test_an_import_says_what_and_where() -> None:
    source = b"import torch.nn\nif TYPE_CHECKING:\n    from collections import abc\n"
    assert imports_in(source, PACKAGE) == (
        Import("torch.nn", (), 1, needed=True),
        Import("collections", ("abc",), 3, needed=False),
    )


@pytest.mark.parametrize(
    "name",
    ["training", "TRAINING", "Blocks", "checks", "pictures", "__init__", "__main__", "a-b", "a.b", "", "2d", "x\n"],
)
def test_a_name_that_is_given_or_strange_is_never_ones_own(name: str) -> None:
    assert not may_be_own(name, "digits")


@pytest.mark.parametrize("name", ["helpers", "Utils", "_private", "layers2d", "random", "digits"])
def test_other_plain_names_may_be_ones_own(name: str) -> None:
    assert may_be_own(name, "digits")


def test_in_a_students_folder_the_list_says_what_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own, "EXERCISES", tmp_path)
    monkeypatch.setattr("exercises.assignment.EXERCISES", tmp_path)
    (tmp_path / "digits").mkdir()
    toml = (Path(own.__file__).parent / "digits" / "assignment.toml").read_text()
    (tmp_path / "digits" / "assignment.toml").write_text(toml)
    (tmp_path / "digits" / "helpers.py").touch()
    (tmp_path / "digits" / "training.py").touch()
    assert not may_be_own("helpers", "digits")  # no list: the course's own folder
    files = {"exercises/digits/training.py": "", "exercises/digits/checks/a.py": "", "exercises/pack.py": ""}
    (tmp_path / "digits" / "given.json").write_text(json.dumps({"files": files, "packages": []}))
    assert may_be_own("helpers", "digits") and may_be_own("pack", "digits")
    assert not may_be_own("training", "digits") and not may_be_own("checks", "digits")


def test_imports_are_followed_once_each_and_in_circles() -> None:
    files = {"a": b"from .b import x\nfrom .blocks import y", "b": b"from .a import x\nfrom .c import z", "d": b""}
    asked = []

    def read(name: str, certain: bool) -> bytes | None:
        asked.append(name)
        return files.get(name)

    assert list(with_own({"blocks": b"from .a import x"}, "digits", read)) == ["blocks", "a", "b"]
    assert asked == ["a", "b", "c"]


def test_numbers_are_bounded() -> None:
    many = b"\n".join(b"from .m%d import x" % number for number in range(4000))
    asked = []
    assert len(with_own({"blocks": many}, "digits", lambda name, _: b"")) == 1 + MOST_OWN
    with_own({"blocks": many}, "digits", lambda name, _: asked.append(name))
    assert len(asked) == own.MOST_ASKED


@pytest.mark.parametrize("text", ["(" * 60_000, "-" * 60_000, "x" + ".a" * 30_000, "if x:\n" + " if x:\n" * 9_000])
def test_a_file_that_cannot_be_read_imports_nothing_and_takes_no_time(text: str) -> None:
    begin = time.process_time()
    assert own_imports(text.encode(), "digits") == {}
    assert time.process_time() - begin < 5  # measured: below 0.2 s


def test_sources_are_a_module_and_those_of_ones_own_that_it_imports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "top" / "digits"
    package.mkdir(parents=True)
    texts = {
        "__init__": "", "blocks": "from .a import x", "a": "from .b import x", "b": "x = 1", "c": "", "pooling": ""
    }  # fmt: skip
    for name, text in texts.items():
        (package / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    student = LocalStudent("top.digits")
    assert student.sources("blocks") == {name: texts[name] for name in ("blocks", "a", "b")}
    assert student.sources("pooling") == {"pooling": ""}
    with pytest.raises(StudentError, match=r"recipe\.py is missing"):
        student.sources("recipe")
