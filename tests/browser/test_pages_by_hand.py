"""Pages with what a graded course rarely has: very long words, open marks, comments, pictures; made without grading."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from grader.course import Course
from grader.report import write_report
from tests.browser.chromium import shoot, violations
from tests.grader.feedback.conftest import bench, built_course
from tests.grader.feedback.feedback_bench import Bench, figure, png, stdout
from tests.grader.report import report_bench
from tests.grader.report.conftest import empty_course, small_course

__all__ = ["bench", "built_course", "empty_course", "small_course"]  # fixtures

LONG = "tensor of shape (2, 4, 17) with a name_that_no_line_of_a_phone_has_room_for_" + 12 * "and_goes_on_"
OPEN_ALL = "document.querySelectorAll('details').forEach(one => { one.open = true })"
TOO_WIDE = """
    [...document.querySelectorAll('body *')]
        .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
        .map(one => `${one.tagName} ${one.className}: ${one.textContent.trim().slice(0, 60)}`)
"""


@pytest.fixture
def feedback_page(bench: Bench, tmp_path: Path) -> Path:
    bench.book_everything()
    bench.book("task-blocks", auto_score=None, needs_manual_grade=True)
    bench.answer("The curve is flat because the last pooling averages over " + 9 * "all_positions_")
    bench.comment("question-shift_curves", "Right; say also what happens at the border.")
    found = report_bench.verdicts(
        report_bench.failed("blocks.skip", LONG, expected="the input itself, shape (2, 4, 17)", hint="Is x added?"),
        report_bench.failed("pooling.max_1d_example", "not written yet: Task 2.1", expected=""),
        report_bench.missed("40.6"),
    )
    cells = {"first": [stdout(30 * "loss 0.693 " + LONG)], "second": [figure(png(900, 300))]}
    path = tmp_path / "feedback.html"
    path.write_text(bench.page(*found, cells=cells), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def report_folder(small_course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("written")
    write_report(Course(small_course), "digits", out, slides=True)
    return out


@pytest.fixture(params=["feedback", "report", "slides"])
def path(request: pytest.FixtureRequest) -> Path:
    if request.param == "feedback":
        return Path(request.getfixturevalue("feedback_page"))
    return Path(request.getfixturevalue("report_folder")) / f"{request.param}.html"


def test_page_fetches_nothing_and_says_nothing(browser: Browser, path: Path) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        said: list[str] = []
        asked: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri(), wait_until="networkidle")
        assert said == []
        assert [url for url in asked if not url.startswith("data:")] == [path.as_uri()]
        assert page.evaluate("[...document.images].every(one => one.complete && one.naturalWidth > 0)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_with_long_words_fits_a_phone_and_is_accessible(browser: Browser, path: Path, scheme: str) -> None:
    settings = {"viewport": {"width": 390, "height": 844}, "color_scheme": scheme}
    with browser.new_context(**settings) as context:
        page = context.new_page()
        page.goto(path.as_uri())
        page.evaluate(OPEN_ALL)
        shoot(page, f"by-hand-{path.stem}-{scheme}", whole=True)
        assert page.evaluate(TOO_WIDE) == []
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        assert violations(page) == []
