"""The pages that leave a course, as a browser shows them: on a telephone and a desk, light and dark.

Those of a graded course, and some with what is rare in one: very long words, open marks, pictures; made by hand.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from exercises.assignment import load_assignment
from grader.course.folder import Course
from grader.feedback.solution.beside import compare
from grader.feedback.solution.pages import beside_page
from grader.feedback.solution.publish import write_solutions
from grader.model.submission import Submission
from grader.report import write_report
from grader.repository import REPOSITORY
from tests.browser.chromium import errors_of, shoot, violations
from tests.browser.courses import COMMENT, MISTAKEN
from tests.grader.feedback.conftest import bench, built_course
from tests.grader.feedback.feedback_bench import Bench, figure, png, stdout
from tests.grader.report import report_bench
from tests.grader.report.conftest import empty_course, small_course

__all__ = ["bench", "built_course", "empty_course", "small_course"]  # fixtures

DIGITS = load_assignment("digits")
HEIGHT = 800
LONG = "tensor of shape (2, 4, 17) with a name_that_no_line_of_a_phone_has_room_for_" + 12 * "and_goes_on_"
OPEN_ALL = "document.querySelectorAll('details').forEach(one => { one.open = true })"
SCROLLS_BY = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
TOO_WIDE = """
    [...document.querySelectorAll('body *')]
        .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
        .map(one => `${one.tagName} ${one.className}: ${one.textContent.trim().slice(0, 60)}`)
"""


@pytest.fixture
def feedback_by_hand(bench: Bench, tmp_path: Path) -> Path:
    bench.book_everything()
    bench.book("task-blocks", auto_score=None, needs_manual_grade=True)
    bench.answer("The curve is flat because the last pooling averages over " + 9 * "all_positions_")
    bench.comment("question-shift_curves", "Right; say also what happens at the border.")
    found = report_bench.verdicts(
        report_bench.failed("blocks.skip_2d", LONG, expected="the input itself, shape (2, 4, 17)", hint="Is x added?"),
        report_bench.failed("pooling.max_1d_example", "not written yet: Task 2.1", expected=""),
        report_bench.missed(0.406),
    )
    cells = {"first": [stdout(30 * "loss 0.693 " + LONG)], "second": [figure(png(900, 300))]}
    path = tmp_path / "feedback.html"
    path.write_text(bench.page(*found, cells=cells), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def report_by_hand(small_course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("written")
    write_report(Course(small_course), "digits", out, slides=True)
    return out


@pytest.fixture(scope="session")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_solutions("digits", tmp_path_factory.mktemp("solutions")).page


@pytest.fixture(scope="session")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The stubs beside the solution, and one file with very long words."""
    modules = {name: (REPOSITORY / f"exercises/digits/{name}.py").read_bytes() for name in DIGITS.modules}
    page = beside_page(compare(Submission("student-020", "digits", {**modules, "recipe": LONG.encode()}, None)))
    path = tmp_path_factory.mktemp("beside") / "beside.html"
    path.write_text(page, encoding="utf-8")
    return path


PAGES = ["feedback", "report", "slides", "by-hand-feedback", "by-hand-report", "by-hand-slides", "notes", "beside"]


@pytest.fixture(params=PAGES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def path(request: pytest.FixtureRequest, name: str) -> Path:
    """The page of this name; what it needs is made only where one asks for it."""
    if name == "by-hand-feedback":
        return Path(request.getfixturevalue("feedback_by_hand"))
    if name in ("notes", "beside"):
        return Path(request.getfixturevalue(name))
    if name.startswith("by-hand-"):
        return Path(request.getfixturevalue("report_by_hand")) / f"{name.removeprefix('by-hand-')}.html"
    root = Path(request.getfixturevalue("graded_course").root)
    if name == "feedback":
        return root / "feedback" / MISTAKEN / "digits" / "digits.html"
    return root / "report" / "digits" / f"{name}.html"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1200])
def test_page_is_readable_by_everybody(browser: Browser, name: str, path: Path, width: int, scheme: str) -> None:
    with browser.new_page(viewport={"width": width, "height": HEIGHT}, color_scheme=scheme) as page:
        errors = errors_of(page)
        page.goto(path.as_uri())
        page.evaluate(OPEN_ALL)
        shoot(page, f"{name}-{width}" + ("-dark" if scheme == "dark" else ""), whole=True)
        assert name != "feedback" or page.get_by_text(COMMENT).is_visible()
        assert page.evaluate(TOO_WIDE) == []
        assert page.evaluate(SCROLLS_BY) == 0, "the page scrolls sideways"
        assert violations(page) == []
        assert errors == []


def test_page_fetches_nothing_and_says_nothing(browser: Browser, path: Path) -> None:
    with browser.new_page() as page:
        said: list[str] = []
        asked: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri(), wait_until="networkidle")
        page.evaluate(OPEN_ALL)
        assert said == []
        assert [url for url in asked if not url.startswith("data:")] == [path.as_uri()]
        assert page.evaluate("[...document.images].every(one => one.complete && one.naturalWidth > 0)")


def test_faults_of_a_page_are_seen(browser: Browser, tmp_path: Path) -> None:
    """What the other tests here rest on."""
    bad = tmp_path / "bad.html"
    bad.write_text(
        '<html lang="en"><title>Bad</title><img src="missing.png"><p style="color: #aaa; width: 500px">Pale, wide</p>'
        "<script>throw new Error('broken script')</script></html>",
        encoding="utf-8",
    )
    with browser.new_page(viewport={"width": 390, "height": HEIGHT}) as page:
        errors = errors_of(page)
        page.goto(bad.as_uri())
        assert page.evaluate(SCROLLS_BY) > 0
        assert page.evaluate(TOO_WIDE) == ["P : Pale, wide"]
        found = "\n".join(violations(page))
        assert "image-alt" in found
        assert "color-contrast" in found
        assert any("broken script" in error for error in errors)
        assert any("missing.png" in error for error in errors)
