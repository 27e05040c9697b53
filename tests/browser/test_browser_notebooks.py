"""The notebooks' moving parts in JupyterLab: sliders, a digit drawn by clicks, players, a recorder."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import nbformat
import soundfile
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from exercises.spoken_digits.pictures.recorder import RECORDER
from tests.browser.chromium import errors_of, shoot
from tests.browser.courses import student_folder
from tests.browser.jupyter import READY, NotebookTab, jupyter

RECORDING_MS = 30_000  # two seconds, and a busy machine
SECONDS_OF = """audio => new Promise((done, failed) => {
    const say = () => done(audio.duration);
    if (audio.readyState) say(); else audio.onloadedmetadata = say;
    setTimeout(failed, 20000, "the player has loaded nothing");
})"""


def picture_of(shown: Locator) -> str:
    """The address of the first picture: another one after a change."""
    return shown.locator("img").first.get_attribute("src") or ""


def changed(shown: Locator, before: str) -> None:
    expect(shown.locator("img").first).not_to_have_attribute("src", before)


def excerpt(folder: Path, name: str, texts: Sequence[str]) -> str:
    """A notebook of those cells alone that hold one of the texts; returns its name."""
    notebook = nbformat.read(folder / f"{name}.ipynb", as_version=4)
    kept = [next(cell for cell in notebook.cells if cell.cell_type == "code" and text in cell.source) for text in texts]
    notebook.cells = kept
    nbformat.write(notebook, folder / "excerpt.ipynb")
    return "excerpt.ipynb"


def test_the_kernel_moves_and_an_own_digit_is_read(page: Page, tmp_path: Path) -> None:
    folder = student_folder("digits", tmp_path / "released", solved=True)
    with jupyter(folder, tmp_path / "home") as lab:
        errors = errors_of(page)
        notebook = NotebookTab.open(page, lab, "digits.ipynb")
        notebook.run("load_digits")

        shown = notebook.run("pictures.kernel_slider")
        first = picture_of(shown)
        handle = shown.get_by_role("slider").first
        handle.focus()
        handle.press("ArrowRight")
        expect(shown.locator(".widget-readout").first).to_have_text("9")
        changed(shown, first)
        second = picture_of(shown)
        shown.locator("select").select_option("blur")
        changed(shown, second)
        shown.locator("img").first.scroll_into_view_if_needed()
        shoot(page, "notebook-slider")

        for text in ("import CNNClassifier2d, TinyNet", "budget = load_assignment", 'LiveCurve("my recipe"'):
            notebook.run(text)
        shown = notebook.run("pictures.draw_digit")
        drawing = picture_of(shown)
        squares = shown.locator(".widget-gridbox button")
        expect(squares).to_have_count(140)
        squares.nth(0).click()
        changed(shown, drawing)
        shown.get_by_role("button", name="new sheet").click()
        expect(shown).to_contain_text("Click some squares.")
        for row in range(2, 12):
            squares.nth(10 * row + 5).click()
        expect(shown.locator(".widget-gridbox button[style*='black']")).to_have_count(10)
        page.wait_for_function(READY)  # the picture of the last click, too
        expect(shown.locator("img")).to_be_visible()
        shoot(page, "notebook-drawing")
        assert errors == []


def test_words_are_played_recorded_and_heard(page: Page, tmp_path: Path) -> None:
    folder = student_folder("spoken_digits", tmp_path / "released", solved=True)
    name = excerpt(
        folder,
        "spoken_digits",
        (
            "load_speech",
            "def say",
            "def spectra",
            "left_out =",
            "import CNNClassifier1d",
            "def read",
            "hear_confusions",
            "hear_yourself",
        ),
    )
    with jupyter(folder, tmp_path / "home") as lab:
        errors = errors_of(page)
        notebook = NotebookTab.open(page, lab, name)
        notebook.run("load_speech")
        shown = notebook.run("def say")
        expect(shown.locator("audio")).to_have_count(6)
        assert 0.1 < shown.locator("audio").first.evaluate(SECONDS_OF) < 3

        for text in ("def spectra", "left_out =", "import CNNClassifier1d", "def read"):
            notebook.run(text)  # the last but one stops after its import: it needs cells that are not here
        shown = notebook.run("hear_confusions")
        expect(shown.locator("select")).to_have_count(2)
        shown.locator("select").first.select_option("seven")
        shown.locator("select").last.select_option("seven")
        expect(shown).to_contain_text('"seven" was heard as "seven"')
        assert 0.1 < shown.locator("audio").first.evaluate(SECONDS_OF) < 3

        shown = notebook.run("hear_yourself")
        shown.get_by_role("button", name="record 2 seconds").click()
        link = shown.get_by_role("link", name="save my_word.wav")
        link.wait_for(timeout=RECORDING_MS)
        with page.expect_download() as download:
            link.click()
        recording = download.value.path()
        samples, rate = soundfile.read(io.BytesIO(recording.read_bytes()))
        assert rate == 8000
        assert 1.5 < len(samples) / rate < 3
        assert abs(samples).max() > 0.01, "the recording is silent"
        with page.expect_file_chooser() as chooser:
            shown.get_by_role("button", name="choose a wav file").click()
        chooser.value.set_files({"name": "my_word.wav", "mimeType": "audio/wav", "buffer": recording.read_bytes()})
        expect(shown.locator("img")).to_be_visible()
        assert 0 < shown.locator("audio").first.evaluate(SECONDS_OF) < 3
        shoot(page, "notebook-recorder")
        assert errors == []


def test_filters_slide_a_response_is_drawn_and_an_own_photo_is_filtered(page: Page, tmp_path: Path) -> None:
    folder = student_folder("convolution", tmp_path / "released", solved=True)
    with jupyter(folder, tmp_path / "home") as lab:
        errors = errors_of(page)
        notebook = NotebookTab.open(page, lab, "convolution.ipynb")
        notebook.run("load_speech")
        shown = notebook.run("seven, six =")
        expect(shown.locator("audio")).to_have_count(2)

        shown = notebook.run("pictures.sliding")
        first = picture_of(shown)
        handle = shown.get_by_role("slider").first
        handle.focus()
        handle.press("ArrowRight")
        expect(shown.locator(".widget-readout").first).to_have_text("10")
        changed(shown, first)
        shoot(page, "notebook-sliding")

        for text in ("echo = material.room(0.8", "pictures.design_steps"):
            notebook.run(text)
        shown = notebook.run("pictures.equaliser")
        expect(shown.get_by_role("slider")).to_have_count(10)
        first = picture_of(shown)
        handle = shown.get_by_role("slider").last
        handle.focus()
        handle.press("ArrowUp")
        changed(shown, first)
        assert 1 < shown.locator("audio").first.evaluate(SECONDS_OF) < 3
        shown.locator("img").first.scroll_into_view_if_needed()
        shoot(page, "notebook-equaliser")

        notebook.run("pictures.blur_slider")
        shown = notebook.run("pictures.play_with_filter")
        first = picture_of(shown)
        shown.locator("textarea").fill("0 1")
        shown.locator("textarea").blur()
        expect(shown).to_contain_text("needs 1 numbers")
        shown.locator("textarea").fill("-1 0 1\n-1 0 1\n-1 0 1")
        shown.locator("textarea").blur()
        changed(shown, first)
        second = picture_of(shown)
        photo = io.BytesIO()
        Image.linear_gradient("L").convert("RGB").save(photo, "PNG")
        with page.expect_file_chooser() as chooser:
            shown.get_by_role("button", name="your photo").click()
        chooser.value.set_files({"name": "mine.png", "mimeType": "image/png", "buffer": photo.getvalue()})
        changed(shown, second)
        shown.locator("img").first.scroll_into_view_if_needed()
        shoot(page, "notebook-photo")
        assert errors == []


def test_a_network_is_made_narrower_and_its_cost_moves(page: Page, tmp_path: Path) -> None:
    folder = student_folder("architectures", tmp_path / "released", solved=True)
    name = excerpt(
        folder, "architectures", ("training.digits()", "import LeNet5", "by_hand =", "pictures.width_slider")
    )
    with jupyter(folder, tmp_path / "home") as lab:
        errors = errors_of(page)
        notebook = NotebookTab.open(page, lab, name)
        notebook.run("training.digits()")
        shown = notebook.run("import LeNet5")
        expect(shown.locator("img")).to_have_count(1)
        shown.locator("img").first.scroll_into_view_if_needed()
        shoot(page, "notebook-network")

        shown = notebook.run("by_hand =")
        expect(shown).to_contain_text("60,965,224")
        shown = notebook.run("pictures.width_slider")
        first = picture_of(shown)
        handle = shown.get_by_role("slider").first
        handle.focus()
        handle.press("ArrowRight")
        expect(shown.locator(".widget-readout").first).to_have_text("9")
        changed(shown, first)
        second = picture_of(shown)
        shown.locator("select").select_option("GoogLeNet")
        changed(shown, second)
        shown.locator("img").first.scroll_into_view_if_needed()
        shoot(page, "notebook-width")
        assert errors == []


def test_the_recorder_says_where_a_page_may_not_listen(browser: Browser) -> None:
    with browser.new_page() as page:  # no address, so no https: a browser gives such a page no microphone
        errors = errors_of(page)
        page.set_content(RECORDER)
        page.get_by_role("button", name="record 2 seconds").click()
        said = page.get_by_role("status")
        expect(said).to_contain_text("may not use the microphone")
        expect(said).to_contain_text("https")
        expect(said).to_contain_text("choose it below")
        assert errors == []
