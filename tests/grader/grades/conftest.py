"""The course of the gradebook's tests: a few cells, verdicts made by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.grader.gradebook.conftest import bench, built_course

__all__ = ["bench", "built_course"]  # fixtures


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """nbgrader's own use of SQLAlchemy warns; that is not ours to mend."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"))
