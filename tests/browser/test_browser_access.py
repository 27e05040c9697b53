"""The notebooks for everybody: axe-core on what cells show, in a narrow window, in JupyterLab light and dark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from grader.authoring.galleries import wrong_answers
from tests.browser.chromium import shoot, violations
from tests.browser.conftest import PATIENCE_MS, only_here
from tests.browser.courses import student_folder
from tests.browser.jupyter import READY, NotebookTab, jupyter
from tests.browser.test_browser_notebooks import excerpt

NARROW, HEIGHT = 600, 900
THEMES = ("JupyterLab Light", "JupyterLab Dark")
CHANGE_THEME = "theme => jupyterapp.commands.execute('apputils:change-theme', { theme })"
FOLDED = "jupyterapp.shell.collapseLeft()"
OURS = ".jp-OutputArea-output"
NOT_OURS = ".noUi-handle"  # of a slider: ipywidgets gives it no name, and no way to give one
STICKS_OUT = """
    limit => [...document.querySelectorAll('.jp-OutputArea-output img, .jp-OutputArea-output button')]
        .filter(one => one.getBoundingClientRect().width > 0 && one.getBoundingClientRect().right > limit)
        .map(one => `${one.tagName} ${one.className} ends at ${one.getBoundingClientRect().right}`)
"""
# Cells that show every kind of thing: pictures, sliders and menus, players, reports of checks that pass and that fail.
CELLS = {
    "digits": ("load_digits", "pictures.digit_grid", "pictures.kernel_slider", 'check("receptive_field")'),
    "convolution": ("load_speech", "seven, six =", "pictures.sliding", 'check("design")'),
    "spoken_digits": ("load_speech", "def say", "pictures.three_views", 'check("masking")'),
    "architectures": ("training.digits()", "import LeNet5", 'check("lenet")'),
}
MARKS = {
    "digits": ("TODO",),
    "convolution": ("FAIL", "PASS"),
    "spoken_digits": ("PASS",),
    "architectures": ("PASS",),
}


@pytest.fixture
def narrow(browser: Browser) -> Iterator[Page]:
    expect.set_options(timeout=PATIENCE_MS)
    with browser.new_page(viewport={"width": NARROW, "height": HEIGHT}) as page:
        page.set_default_timeout(PATIENCE_MS)
        page.route("**/*", only_here)
        yield page


def run_all(page: Page, notebook: NotebookTab, texts: Sequence[str]) -> Locator:
    """Run these cells; gives what the last one shows."""
    page.evaluate(FOLDED)
    shown = page.locator("body")
    for text in texts:
        shown = notebook.run(text)
    page.wait_for_function(READY)
    return shown


def look_at_both_themes(page: Page, name: str) -> None:
    for theme in THEMES:
        page.evaluate(CHANGE_THEME, theme)
        expect(page.locator("body")).to_have_attribute("data-jp-theme-name", theme)
        shoot(page, f"narrow-{name}-{theme.rpartition(' ')[2].lower()}")
        assert violations(page, OURS, NOT_OURS) == [], theme
        assert page.evaluate(STICKS_OUT, NARROW) == []


@pytest.mark.parametrize("name", CELLS)
def test_what_cells_show_is_for_everybody(narrow: Page, tmp_path: Path, name: str) -> None:
    folder = student_folder(name, tmp_path / "released", solved=name != "digits")  # of digits, all is still to be done
    if name == "convolution":
        mistake = next(one for one in wrong_answers(name) if one.name == "time_zero_first")  # in design
        for module, text in mistake.files().items():
            (folder / "exercises" / name / f"{module}.py").write_text(text, encoding="utf-8")
    notebook_name = excerpt(folder, name, CELLS[name])
    with jupyter(folder, tmp_path / "home") as lab:
        notebook = NotebookTab.open(narrow, lab, notebook_name)
        run_all(narrow, notebook, CELLS[name])
        pictures = narrow.locator(f"{OURS} img")
        assert pictures.count() >= 1
        for k in range(pictures.count()):
            assert len(pictures.nth(k).get_attribute("alt") or "") > 40
        for mark in MARKS[name]:
            expect(narrow.locator(OURS).get_by_text(mark, exact=True).first).to_be_attached()
        look_at_both_themes(narrow, name)


def test_a_digit_is_drawn_in_a_narrow_window_and_by_keyboard(narrow: Page, tmp_path: Path) -> None:
    folder = student_folder("digits", tmp_path / "released", solved=True)
    texts = (
        "load_digits",
        "import CNNClassifier2d, TinyNet",
        "budget = load_assignment",
        'LiveCurve("my recipe"',
        "pictures.draw_digit",
    )
    name = excerpt(folder, "digits", texts)
    with jupyter(folder, tmp_path / "home") as lab:
        shown = run_all(narrow, NotebookTab.open(narrow, lab, name), texts)
        squares = shown.locator(".widget-gridbox button")
        expect(squares).to_have_count(140)
        first, last = squares.first.bounding_box(), squares.last.bounding_box()
        picture = shown.locator("img").bounding_box()
        assert first and last and picture
        assert (first["width"], first["height"]) == (20, 20)
        assert last["x"] - first["x"] == 180 and last["y"] - first["y"] == 260, "the sheet is cut off, or squeezed"
        assert picture["y"] > last["y"], "the picture is not below the sheet"
        assert picture["width"] > 250
        before = shown.locator("img").get_attribute("src")
        expect(squares.first).to_have_attribute("title", "row 1, column 1: paper")
        squares.first.focus()
        narrow.keyboard.press("Space")
        expect(squares.first).to_have_attribute("title", "row 1, column 1: ink")
        expect(shown.locator("img")).not_to_have_attribute("src", before or "")
        look_at_both_themes(narrow, "drawing")
