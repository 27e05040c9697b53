"""Courses to adopt."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from grader.adopt.taking import adopt
from tests.grader.adopt.adopt_kit import CONFIG, Kit


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with one released assignment, built once."""
    kit = Kit(tmp_path_factory.mktemp("stock") / "sums")
    kit.root.mkdir()
    (kit.root / "nbgrader_config.py").write_text(CONFIG)
    kit.release()
    return kit.root


@pytest.fixture
def kit(built: Path, tmp_path: Path) -> Kit:
    """A course of its own, as nbgrader knows it."""
    shutil.copytree(built, tmp_path / "sums")
    return Kit(tmp_path / "sums")


@pytest.fixture
def adopted(kit: Kit) -> Kit:
    """The same course, adopted."""
    taken = adopt(kit.course)
    assert [found.reason for found in taken.assignments] == [""]
    return kit


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """nbgrader's own use of SQLAlchemy warns; that is not ours to mend."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"))
