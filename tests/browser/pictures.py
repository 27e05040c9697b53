"""Takes the pictures of docs/ from the running product: `make pictures`, and keeps the sample pages of the same course.

A student's folder and a course with a few submissions are made in a temporary folder, and shown by Chromium.  With
words behind it (`python -m tests.browser.pictures student pages`), only these pictures are taken.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, expect

from grader.course.folder import Course
from tests.browser.chromium import REPOSITORY, chromium
from tests.browser.courses import COHORT, MISTAKEN, course_with_submissions, grade_and_publish, student_folder
from tests.browser.formgrader import Formgrader
from tests.browser.jupyter import NotebookTab, choose, jupyter, open_file, write_file
from tests.samples import keep_samples

PICTURES = REPOSITORY / "docs" / "pictures"
MOST_BYTES = 150_000
COLOURS = 128
WINDOW: ViewportSize = {"width": 1120, "height": 700}
PAGE: ViewportSize = {"width": 880, "height": 700}
PATIENCE_MS = 120_000
MODULE = "exercises/digits/receptive_field.py"
PARTS = ("student", "assistant", "pages")


def main(wanted: Sequence[str] = PARTS) -> None:
    expect.set_options(timeout=PATIENCE_MS)
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="pictures-") as name:
        folder = Path(name)
        with chromium() as browser:
            if "student" in wanted:
                student(browser, student_folder("digits", folder / "released"), folder / "student")
            if {"assistant", "pages"}.isdisjoint(wanted):
                return
            course = course_with_submissions("digits", folder / "course", COHORT)
            grade_and_publish(course, "digits")
            if "assistant" in wanted:
                assistant(browser, course, folder / "assistant")
            if "pages" in wanted:
                pages(browser, course)
                keep_samples(course)


def student(browser: Browser, folder: Path, home: Path) -> None:
    answer = (REPOSITORY / MODULE).read_text(encoding="utf-8")
    first = 'raise NotImplementedError("Task 1.2: write receptive_field")'
    begun = answer.replace(
        first, "field = 1\n    for layer in layers:\n        field += layer.kernel_size - 1\n    return field"
    )
    with jupyter(folder, home) as lab, browser.new_page(viewport=WINDOW) as page:
        page.set_default_timeout(PATIENCE_MS)
        notebook = NotebookTab.open(page, lab, "digits.ipynb")
        notebook.run("load_digits")
        shown = notebook.run("pictures.kernel_slider")
        shown.locator("img").wait_for()
        choose(page, "View", "Appearance", "Show Left Sidebar")
        shown.scroll_into_view_if_needed()
        page.mouse.move(0, 0)
        keep(page, "student-slider")
        choose(page, "View", "Appearance", "Show Left Sidebar")
        write_file(page, open_file(page, MODULE), begun)
        page.get_by_text("def dense_parameters").scroll_into_view_if_needed()
        keep(page, "student-editor")
        notebook.show()
        notebook.run('check("receptive_field")').scroll_into_view_if_needed()
        keep(page, "student-check")


def assistant(browser: Browser, course: Course, home: Path) -> None:
    with jupyter(course.root, home) as lab, browser.new_page(viewport=WINDOW) as page:
        page.set_default_timeout(PATIENCE_MS)
        formgrader = Formgrader(page, lab)
        choose(page, "View", "Appearance", "Show Left Sidebar")
        formgrader.submissions("digits")
        formgrader.row(MISTAKEN).wait_for()
        formgrader.frame.locator("thead").evaluate("head => head.scrollIntoView()")
        keep(page, "assistant-submissions")
        formgrader.open("digits", MISTAKEN)
        formgrader.show("question-shift_curves")
        page.mouse.wheel(0, 200)
        keep(page, "assistant-marking")


def pages(browser: Browser, course: Course) -> None:
    report = course.root / "report" / "digits"
    with browser.new_page(viewport=PAGE) as page:
        page.goto((course.root / "feedback" / MISTAKEN / "digits" / "digits.html").as_uri())
        keep(page, "feedback")
        page.goto((report / "report.html").as_uri())
        keep(page, "report")
        page.set_viewport_size(WINDOW)
        page.goto((report / "slides.html").as_uri())
        page.locator("summary").first.scroll_into_view_if_needed()
        keep(page, "slides")


def keep(page: Page, name: str) -> None:
    """Save what the page shows as docs/pictures/NAME.png, with few colours.

    Raises:
        ValueError: the file would be too large for a repository.
    """
    shown = Image.open(io.BytesIO(page.screenshot(animations="disabled")))
    packed = io.BytesIO()
    shown.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(packed, "PNG", optimize=True)
    if len(packed.getvalue()) > MOST_BYTES:
        raise ValueError(f"{name}.png would have {len(packed.getvalue())} bytes, at most {MOST_BYTES} are wanted")
    (PICTURES / f"{name}.png").write_bytes(packed.getvalue())
    print(f"docs/pictures/{name}.png: {len(packed.getvalue())} bytes")


if __name__ == "__main__":
    main(sys.argv[1:] or PARTS)
