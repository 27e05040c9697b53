"""Formgrader's view of a written answer: markdown without scripts.

Formgrader renders markdown, HTML in it included, on a page where the TA is logged in: a student's <script> would run
with the TA's rights.  The rendered text is therefore cut down to plain formatting.
"""

from __future__ import annotations

from bleach.sanitizer import Cleaner
from nbconvert.filters import markdown2html

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
PROTOCOLS = frozenset({"http", "https", "mailto"})


def safe_markdown2html(source: str) -> str:
    """Markdown as HTML with formatting only: other tags are shown as text, other attributes and addresses dropped."""
    # A cleaner keeps state while it works, so each call makes its own.
    cleaner = Cleaner(tags=TAGS, attributes=ATTRIBUTES, protocols=PROTOCOLS)
    return str(cleaner.clean(markdown2html(source)))
