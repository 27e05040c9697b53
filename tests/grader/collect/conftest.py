"""A course folder that nothing was collected into yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.course.folder import Course


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return Course(tmp_path / "course")
