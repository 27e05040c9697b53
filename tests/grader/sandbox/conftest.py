"""The same submission at home and in the sandbox."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from exercises.checking import LocalStudent

from .answers import SOURCE
from .helpers import start


@pytest.fixture(scope="module")  # other modules end the warm process that it lives in
def students(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """The same submission, in this process and in a sandbox."""
    folder = tmp_path_factory.mktemp("home") / "tiny_at_home"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "answer.py").write_text(SOURCE, encoding="utf-8")
    sys.path.insert(0, str(folder.parent))
    container, remote = start(SOURCE)
    with container:
        yield {"home": LocalStudent("tiny_at_home"), "sandbox": remote}
    assert remote.acts == []
    sys.path.remove(str(folder.parent))


@pytest.fixture(params=["home", "sandbox"])
def student(request: pytest.FixtureRequest, students: dict[str, Any]) -> Any:
    return students[request.param]
