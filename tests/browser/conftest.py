"""One Chromium for all tests in this folder, and a course that is graded once; each test here is marked `browser`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from grader.course import Course
from tests.browser.chromium import PROGRAM, chromium
from tests.browser.courses import course_with_submissions, grade_and_publish


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """It ends with the last test of this folder: its event loop would be in the way of the others."""
    if not PROGRAM.is_file():
        pytest.skip(f"{PROGRAM} is missing: apt-get install chromium, or name another one: CHROMIUM=…")
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def graded_course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    course = course_with_submissions("digits", tmp_path_factory.mktemp("browser") / "course")
    grade_and_publish(course, "digits")
    return course


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
