"""Formgrader's view of a written answer: markdown without scripts, and with no pictures but ours.

Formgrader renders markdown, HTML in it included, on a page where the TA is logged in: a student's <script> would run
with the TA's rights, and a picture at an address would tell that address who looks.  The rendered text is therefore cut
down to plain formatting, and to the pictures that autograding has put into the cell.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from html import escape, unescape
from typing import Any

from bleach.sanitizer import Cleaner
from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from grader.model.text import fit
from grader.notebook.marking import refused_in
from grader.notebook.pictures import ADDRESS_REASON, MISSING_REASON, attached_picture, name_in, not_shown

TEXT_TAGS = {"abbr", "b", "br", "code", "del", "em", "i", "s", "span", "strong", "sub", "sup", "tt", "u"}
BLOCK_TAGS = {"blockquote", "center", "details", "div", "hr", "p", "pre", "summary"}
LIST_TAGS = {"dd", "dl", "dt", "li", "ol", "ul"}
TABLE_TAGS = {"caption", "table", "tbody", "td", "th", "thead", "tr"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
TAGS = frozenset({"a", "img"} | TEXT_TAGS | BLOCK_TAGS | LIST_TAGS | TABLE_TAGS | HEADINGS)
ATTRIBUTES = {
    "a": ["href", "title"],
    "img": ["src", "alt", "title", "width", "height"],
    "th": ["align"],
    "td": ["align"],
}
PROTOCOLS = frozenset({"http", "https", "mailto", "attachment"})
REFERENCE_PATTERN = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|\w{1,32});?")  # a character by its number or name
Token = dict[str, Any]  # of html5lib
SRC, ALT = (None, "src"), (None, "alt")


@pass_context
def marking_view(context: Context, source: str) -> str:
    """The filter that stands in for nbconvert's `markdown2html`: the text of the cell that is being rendered."""
    cell = context.get("cell")
    return safe_markdown2html(source, cell.get("attachments"), refused_in(cell)) if cell else safe_markdown2html(source)


def safe_markdown2html(source: str, attachments: Any = None, refused: dict[str, str] | None = None) -> str:
    """Markdown as HTML with formatting only: other tags are shown as text, other attributes and addresses dropped.

    Args:
        attachments: the cell's, as `pictures.attach` has left them; every other picture becomes words that name it.
        refused:     pictures that are not among them, and why.
    """
    try:
        html = MarkdownWithMath(renderer=_Renderer(escape=False)).render(source)
    except Exception:  # one text that cannot be rendered must not keep a submission from being marked
        html = f"<pre>{escape(source)}</pre>"
    # A cleaner keeps state while it works, so each call makes its own.  Its filters need not be html5lib's classes.
    pictures = functools.partial(_pictures, attachments=attachments, refused=refused or {})
    cleaner = Cleaner(tags=TAGS, attributes=ATTRIBUTES, protocols=PROTOCOLS, filters=[pictures])  # type: ignore[list-item]
    return REFERENCE_PATTERN.sub(_fit_reference, fit(str(cleaner.clean(html))))


def _fit_reference(found: re.Match[str]) -> str:
    """A character reference as it is, or nothing where it stands for a character that `fit` takes out."""
    return found.group() if fit(unescape(found.group())) else ""


class _Renderer(IPythonRenderer):
    """Leaves pictures as they are written; nbconvert's raises where an attachment is missing."""

    def image(self, text: str, url: str, title: str | None = None) -> str:
        html: str = super(IPythonRenderer, self).image(text, url, title)
        return html


def _pictures(source: Iterable[Token], attachments: Any, refused: dict[str, str]) -> Iterator[Token]:
    """The last step of cleaning: each picture is one of the cell's, or words."""
    for token in source:
        yield _picture(token, attachments, refused) if token.get("name") == "img" and "data" in token else token


def _picture(token: Token, attachments: Any, refused: dict[str, str]) -> Token:
    address, alternative = token["data"].get(SRC, ""), token["data"].get(ALT, "")
    picture = attached_picture(attachments, address)
    if picture is not None:
        return {**token, "data": {**token["data"], SRC: picture.address, ALT: alternative}}
    name = name_in(address) or alternative
    reason = refused.get(name, MISSING_REASON) if address.startswith("attachment:") else ADDRESS_REASON
    return {"type": "Characters", "data": not_shown(name, reason)}
