"""The same submission at home and in the sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from .answers import SOURCE
from .helpers import in_both


@pytest.fixture(scope="module")  # other modules end the warm process that it lives in
def students(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """The same submission, in this process and in a sandbox."""
    yield from in_both(tmp_path_factory, "tiny_at_home", SOURCE)


@pytest.fixture(params=["home", "sandbox"])
def student(request: pytest.FixtureRequest, students: dict[str, Any]) -> Any:
    return students[request.param]
