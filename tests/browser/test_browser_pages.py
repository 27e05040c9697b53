"""The pages that leave a course, as a browser shows them: on a telephone and a desk, light and dark."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from grader.course import Course
from tests.browser.chromium import errors_of, shoot, violations
from tests.browser.courses import COMMENT, MISTAKEN

HEIGHT = 800
OPEN_ALL = "document.querySelectorAll('details').forEach(one => { one.open = true })"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def pages(graded_course: Course) -> dict[str, Path]:
    return {
        "feedback": graded_course.root / "feedback" / MISTAKEN / "digits" / "digits.html",
        "report": graded_course.root / "report" / "digits" / "report.html",
        "slides": graded_course.root / "report" / "digits" / "slides.html",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.parametrize("name", ["feedback", "report", "slides"])
def test_page_is_readable_by_everybody(
    pages: dict[str, Path], browser: Browser, name: str, width: int, scheme: str
) -> None:
    with browser.new_page(viewport={"width": width, "height": HEIGHT}, color_scheme=scheme) as page:
        errors = errors_of(page)
        page.goto(pages[name].as_uri())
        page.evaluate(OPEN_ALL)
        shoot(page, f"{name}-{width}" + ("-dark" if scheme == "dark" else ""), whole=True)
        assert name != "feedback" or page.get_by_text(COMMENT).is_visible()
        assert page.evaluate(TOO_WIDE) == 0, "the page scrolls sideways"
        assert violations(page) == []
        assert errors == []


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
        assert page.evaluate(TOO_WIDE) > 0
        found = "\n".join(violations(page))
        assert "image-alt" in found
        assert "color-contrast" in found
        assert any("broken script" in error for error in errors)
        assert any("missing.png" in error for error in errors)
