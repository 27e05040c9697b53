"""One Chromium for all tests in this folder, and a course that is graded once; each test here is marked `browser`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from grader.course.folder import Course
from tests.browser.chromium import PROGRAM, chromium, shoot
from tests.browser.courses import course_with_submissions, grade_and_publish

PATIENCE_MS = 60_000  # a page of JupyterLab on a busy machine


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """It ends with the last test of this folder: its event loop would be in the way of the others."""
    if not PROGRAM.is_file():
        pytest.skip(f"{PROGRAM} is missing: apt-get install chromium, or name another one: CHROMIUM=…")
    with chromium() as browser:
        yield browser


@pytest.fixture(autouse=True, scope="package")
def no_real_data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The same pages on every machine: students start with generated data."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_DATA", str(tmp_path_factory.mktemp("no-data")))
        yield


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A window for JupyterLab, as large as a laptop's; where a test fails, what it showed last is kept."""
    expect.set_options(timeout=PATIENCE_MS)
    with browser.new_page(viewport={"width": 1280, "height": 800}) as page:
        page.set_default_timeout(PATIENCE_MS)
        page.route("**/*", only_here)
        failed = request.session.testsfailed
        yield page
        if request.session.testsfailed > failed:
            shoot(page, f"failed-{request.node.name}")


def only_here(route: Route) -> None:
    """Refuse what is asked of other machines: the tests see the same with and without a network."""
    if route.request.url.startswith(("http://127.0.0.1:", "file:")):
        route.continue_()
    else:
        route.abort()


@pytest.fixture(scope="session")
def graded_course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    course = course_with_submissions("digits", tmp_path_factory.mktemp("browser") / "course")
    grade_and_publish(course, "digits")
    return course


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
