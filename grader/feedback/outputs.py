"""What the student's notebook showed when it ran in the sandbox: pictures and text, few enough for a page."""

from __future__ import annotations

import base64
import binascii
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode

from grader.model.plain import plain
from grader.model.results import Output

PNG = b"\x89PNG\r\n\x1a\n"
MAX_PICTURES = 16
MAX_TEXTS = 24
MAX_BYTES = 4_000_000  # of all pictures together, before base64
MAX_SIDE = 4096  # pixels: a few bytes of PNG can claim a picture that fills the reader's memory


@dataclass(frozen=True)
class Picture:
    """A PNG, base64 encoded, and its size in pixels."""

    png: str
    width: int
    height: int

    @property
    def address(self) -> str:
        """The picture as an address of its own, which loads nothing."""
        return f"data:image/png;base64,{self.png}"


@dataclass(frozen=True)
class Group:
    """What the cells below one heading of the notebook showed, in order."""

    heading: str
    shown: tuple[Picture | str, ...]

    @property
    def summary(self) -> str:
        """ "2 pictures, 1 text" """
        pictures = sum(isinstance(item, Picture) for item in self.shown)
        counts = ((pictures, "picture"), (len(self.shown) - pictures, "text"))
        return ", ".join(f"{count} {noun}{'s' if count > 1 else ''}" for count, noun in counts if count)


@dataclass(frozen=True)
class Outputs:
    """All that is shown of a notebook, and how many pictures and texts are left out."""

    groups: tuple[Group, ...] = ()
    left_out: int = 0


def own_outputs(cells: dict[str, list[Output]], released: NotebookNode) -> Outputs:
    """The pictures and texts of a sandboxed run, under the headings of the released notebook.

    Standard error is left out: it holds progress bars and warnings, which no student asked for.

    Args:
        cells: outputs by cell id.
    """
    groups: dict[str, list[Picture | str]] = {}
    pictures = texts = size = left_out = 0
    above = headings(released)
    for cell, outputs in cells.items():
        for item in items(outputs):
            if isinstance(item, Picture):
                fits = pictures < MAX_PICTURES and size + len(item.png) * 3 // 4 <= MAX_BYTES
                pictures, size = pictures + fits, size + fits * (len(item.png) * 3 // 4)
            else:
                fits = texts < MAX_TEXTS
                texts += fits
            if fits:
                groups.setdefault(above.get(cell, "Your notebook"), []).append(item)
            else:
                left_out += 1
    return Outputs(tuple(Group(heading, tuple(shown)) for heading, shown in groups.items()), left_out)


def items(outputs: list[Output]) -> Iterator[Picture | str]:
    """The pictures and texts among the outputs of a cell."""
    for output in outputs:
        item = _item(output)
        if item:
            yield item


def _item(output: Output) -> Picture | str | None:
    match output:
        case {"output_type": "stream", "name": "stdout", "text": str() as text}:
            return plain(text).strip()
        case {"output_type": "error", "ename": str() as name, "evalue": str() as value}:
            return plain(f"The cell stopped here: {name}: {value}")
        case {"data": {"image/png": encoded}}:
            return picture(encoded)
        case {"data": {"text/plain": str() as text}}:
            return plain(text).strip()
    return None


def picture(encoded: Any) -> Picture | None:
    """The picture, if it is a PNG of a size that a browser can show; encoded anew, so that nothing else is in it."""
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (binascii.Error, TypeError, ValueError):
        return None
    # A PNG begins with its signature and the header chunk: length, "IHDR", width, height (PNG 3rd ed., 5.2, 11.2.1).
    if not raw.startswith(PNG) or raw[12:16] != b"IHDR" or len(raw) < 24:
        return None
    width, height = struct.unpack(">II", raw[16:24])
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        return None
    return Picture(base64.b64encode(raw).decode("ascii"), width, height)


def headings(released: NotebookNode) -> dict[str, str]:
    """The last markdown heading above each cell, by cell id."""
    found: dict[str, str] = {}
    heading = "Your notebook"
    for cell in released.cells:
        if cell.cell_type == "markdown":
            lines = [line.lstrip("#").strip(" *`") for line in cell.source.splitlines() if line.startswith("#")]
            heading = lines[-1] if lines else heading
        found[cell.get("id", "")] = heading
    return found
