"""Pasted pictures: what is shown, and the words in the place of what is not."""

from __future__ import annotations

import base64
import io
from typing import Any

import pytest
from nbformat.v4 import new_markdown_cell
from PIL import Image

from grader.notebook.marking import marking_notebook, refused_in
from grader.notebook.pictures import (
    MAX_PICTURES,
    MAX_SIDE,
    NotShownError,
    Room,
    attach,
    attached_picture,
    encoded_anew,
    shown,
)
from grader.notebook.working import NOTES_KEY
from tests.grader.notebook.kit import PLACEHOLDER, attachment, handed_in, picture, released, text

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.mark.parametrize(("kind", "as_shown"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("GIF", "image/png")])
def test_picture_is_known_by_its_content_and_encoded_anew(kind: str, as_shown: str) -> None:
    secret = b"<script>alert(1)</script>"
    found = Room().take(attachment(picture(kind) + secret, "image/svg+xml"))
    assert (found.kind, found.width, found.height) == (as_shown, 6, 4)
    assert secret not in base64.b64decode(found.encoded)
    assert shown({found.kind: found.encoded}) == found


def test_large_picture_is_made_smaller_and_comments_are_dropped() -> None:
    found = encoded_anew(picture("JPEG", (4000, 1000), comment=b"at home"))
    assert (found.width, found.height) == (MAX_SIDE, MAX_SIDE // 4)
    assert b"at home" not in base64.b64decode(found.encoded)


def test_photo_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # Orientation: turn by 90 degrees
    assert (encoded_anew(picture("JPEG", (8, 4), exif=exif)).width) == 4


def _claims(width: int, height: int) -> bytes:
    """The beginning of a PNG that says it is as large as this."""
    small = io.BytesIO()
    Image.new("1", (width, height)).save(small, "PNG")
    return small.getvalue()


REFUSED: dict[str, tuple[Any, str]] = {
    "SVG": (attachment(SVG, "image/svg+xml"), "only PNG, JPEG and GIF"),
    "SVG that calls itself PNG": (attachment(SVG), "only PNG, JPEG and GIF"),
    "HTML": (attachment(b"<script>", "text/html"), "only PNG, JPEG and GIF"),
    "30 MB": (attachment(b"\x89PNG" + bytes(30 << 20)), "larger than 8 MB"),
    "too many pixels": (attachment(_claims(9000, 9000)), "too many pixels"),
    "far too many pixels": (attachment(_claims(20_000, 20_000)), "too many pixels"),
    "cut off": (attachment(picture(size=(300, 300))[:-40]), "damaged"),
    "scans without end": (attachment(picture("JPEG", comment=b"\xff\xda" * 60)), "damaged"),
    "no base64": ({"image/png": "not base64!"}, "only PNG, JPEG and GIF"),
    "no ASCII": ({"image/png": "ä\ud800"}, "only PNG, JPEG and GIF"),
    "nothing": ({}, "only PNG, JPEG and GIF"),
}


@pytest.mark.parametrize(("attached", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_picture_is_named(attached: Any, reason: str) -> None:
    with pytest.raises(NotShownError, match=reason):
        Room().take(attached)
    source = "See ![it](attachment:a.svg)."
    raw = handed_in(("end", text(source, attachments={})), why=source, change=lambda cells: _put(cells, attached))
    notebook = marking_notebook(released(), raw)
    cell = next(cell for cell in notebook.cells if cell.id == "question-why")
    assert cell.source == source and "attachments" not in cell and reason in refused_in(cell)["a.svg"]
    assert any("question-why: picture a.svg is not shown" in note for note in notebook.metadata[NOTES_KEY]["notes"])


def _put(cells: dict[str, Any], attached: Any) -> None:
    cells["question-why"]["attachments"] = {"a.svg": attached}


def test_pictures_are_limited_and_the_rest_is_named() -> None:
    cell = new_markdown_cell("many")
    refused: dict[str, str] = {}
    attach(cell, {f"{n}.png": attachment(picture()) for n in range(200)}, Room(), refused)
    assert len(cell.attachments) == MAX_PICTURES
    assert f"may show {MAX_PICTURES}" in refused["20.png"] and "…" in refused and len(refused) < 40


def test_picture_that_the_text_does_not_show_stands_below_it() -> None:
    def paste(cells: dict[str, Any]) -> None:
        cells["question-why"]["attachments"] = {"my [1].png": attachment(picture())}

    cell = next(c for c in marking_notebook(released(), handed_in(change=paste)).cells if c.id == "question-why")
    assert cell.source == f"{PLACEHOLDER}\n\n![my _1_.png](attachment:my%20%5B1%5D.png)"
    assert attached_picture(cell.attachments, "attachment:my%20%5B1%5D.png") is not None


def test_reference_without_a_picture_is_noted() -> None:
    notebook = marking_notebook(released(), handed_in(why="![](attachment:gone.png)"))
    (note,) = notebook.metadata[NOTES_KEY]["notes"]
    assert note == "question-why: picture gone.png is not shown: it is not in the notebook"


def test_another_picture_under_the_same_text_is_another_answer() -> None:
    def beside(colour: int) -> Any:
        def paste(cells: dict[str, Any]) -> None:
            cells["question-why"]["attachments"] = {"a.png": attachment(picture(size=(colour, 4)))}

        raw = handed_in(why="![](attachment:a.png)", change=paste)
        return marking_notebook(released(), raw).metadata[NOTES_KEY]["beside"]["question-why"]

    assert beside(5) == beside(5) != beside(6)
