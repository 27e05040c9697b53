"""Pictures out of a student's notebook, pasted or saved with a cell: decoded and encoded anew, nothing else in them."""

from __future__ import annotations

import base64
import binascii
import io
import math
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from nbformat import NotebookNode

from grader.model.text import clean

if TYPE_CHECKING:
    from PIL.Image import Image

DECODED_FORMATS = ("PNG", "JPEG", "GIF")  # what is decoded, whatever a picture calls itself
SHOWN_TYPES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}  # what is shown, and how it begins
MAX_BYTES = 8 << 20  # of one, as it was pasted
MAX_PIXELS = 50_000_000  # of one: a few bytes can claim a picture that fills the memory
MAX_SIDE = 1600  # pixels of one as it is shown; a larger one is made smaller
MAX_PNG_BYTES = 1_000_000  # beyond it a picture is shown as JPEG
MAX_PICTURES = 20  # of a notebook
MAX_ALL_BYTES = 8_000_000  # of a notebook, as they are shown
MAX_ALL_PIXELS = 200_000_000  # of a notebook, as they were handed in: so many are decoded
MAX_NAMES = 50  # names of pictures that are spoken of
MAX_NAME_CHARACTERS = 255  # characters of a picture's name
MAX_SCANS = 50  # of a JPEG: each goes through the whole picture, and may be a few bytes
SCAN_MARKER = b"\xff\xda"  # begins one (T.81, B.1.1.3)

MISSING_REASON = "it is not in the notebook"
ADDRESS_REASON = "nothing is loaded from an address"
_NO_PICTURE = "only PNG, JPEG and GIF pictures are"
_DAMAGED = "it is damaged"
_TOO_LARGE_TOGETHER = "the pictures of this notebook are too large together"
_LINK = "attachment:"
_NOT_PLAIN = re.compile(r"[^\w. -]")
_REFERENCE = re.compile(r"attachment:([^\s)\"'<>]+)")


class NotShownError(ValueError):
    """A picture cannot be shown; the text says why."""


@dataclass(frozen=True)
class Picture:
    """A picture that is fit to be shown.

    Attributes:
        kind:          "image/png" or "image/jpeg".
        encoded:       base64.
        width, height: pixels.
    """

    kind: str
    encoded: str
    width: int
    height: int

    @property
    def address(self) -> str:
        """The picture as an address of its own, which loads nothing."""
        return f"data:{self.kind};base64,{self.encoded}"


@dataclass
class Room:
    """How many pictures, and how many bytes of them, a notebook may still show, and how much may be decoded for it."""

    pictures: int = MAX_PICTURES
    size: int = MAX_ALL_BYTES
    pixels: int = MAX_ALL_PIXELS
    names: int = MAX_NAMES

    def take(self, attached: dict[str, str]) -> Picture:
        """The picture that an attachment or output holds, which has it under its type, in base64.

        Raises:
            NotShownError: it holds none, or there is no room left for it.
        """
        if self.pictures <= 0:
            raise NotShownError(f"a notebook may show {MAX_PICTURES}")
        raw = _bytes(attached)
        self.pixels -= math.prod(_opened(raw).size)
        if self.pixels < 0:
            raise NotShownError(_TOO_LARGE_TOGETHER)
        picture = encoded_anew(raw)
        if len(picture.encoded) > self.size:
            raise NotShownError(_TOO_LARGE_TOGETHER)
        self.pictures, self.size = self.pictures - 1, self.size - len(picture.encoded)
        return picture


def not_shown(name: str, reason: str) -> str:
    """The words in the place of a picture."""
    return f"[picture {name}: not shown: {reason}]" if name else f"[picture: not shown: {reason}]"


def attach(cell: NotebookNode, attachments: dict[str, dict[str, str]], room: Room, refused: dict[str, str]) -> None:
    """Give a text cell the pictures that the student's cell holds, below its text where the text does not show them.

    Args:
        attachments: the student's, by name.
        refused:     gets each name that is not shown, and why.
    """
    kept: dict[str, dict[str, str]] = {}
    beside = []
    for given, attached in attachments.items():
        name = clean(str(given), MAX_NAME_CHARACTERS).strip()
        if room.names <= 0:
            refused["…"] = "there are too many"
            break
        room.names -= 1
        try:
            picture = room.take(attached)
            kept[name] = {picture.kind: picture.encoded}
        except NotShownError as error:
            refused[name] = str(error)
        if not any(f"{_LINK}{written}" in cell.source for written in (name, quote(name))):
            beside.append(f"![{_NOT_PLAIN.sub('_', name)}]({_LINK}{quote(name)})")
    if kept:
        cell.attachments = NotebookNode({name: NotebookNode(bundle) for name, bundle in kept.items()})
    if beside:
        cell.source = "\n\n".join([cell.source, *beside])
    for name in _referenced(cell.source):
        if name not in kept and name not in refused and room.names > 0:
            refused[name], room.names = MISSING_REASON, room.names - 1


def attached_picture(attachments: Any, address: str) -> Picture | None:
    """The picture of a cell of ours that an address names ("attachment:image.png"); None where the cell has none."""
    name = address.removeprefix(_LINK)
    if not address.startswith(_LINK) or not isinstance(attachments, dict):
        return None
    return shown(attachments.get(name) or attachments.get(unquote(name)))


def name_in(address: str) -> str:
    """What to call the picture at an address, short and without what could be taken for something else."""
    words = unquote(address.removeprefix(_LINK)) if address.startswith(_LINK) else address
    return clean(words, MAX_NAME_CHARACTERS).replace("\n", " ").strip()


def shown(bundle: Any) -> Picture | None:
    """What `Room.take` has encoded, under its type, looked at again; None if it is no picture that may be shown."""
    for kind, begin in SHOWN_TYPES.items():
        encoded = bundle.get(kind) if isinstance(bundle, dict) else None
        if isinstance(encoded, str):
            try:
                raw = base64.b64decode(encoded, validate=True)
                if raw.startswith(begin) and max(size := _opened(raw).size) <= MAX_SIDE:
                    return Picture(kind, encoded, *size)
            except (binascii.Error, ValueError, NotShownError):
                return None
    return None


def encoded_anew(raw: bytes) -> Picture:
    """A picture as PNG, or as JPEG where it is a photo or would be large; upright, and made smaller to fit a page.

    Args:
        raw: a file of one of FORMATS; of a moving picture the first frame counts.

    Raises:
        NotShownError: it is none, too large, or damaged.
    """
    if len(raw) > MAX_BYTES:
        raise NotShownError(f"it is larger than {MAX_BYTES >> 20} MB")
    from PIL import ImageOps  # only where a picture was pasted: it takes a moment

    image = _opened(raw)
    photo = image.format == "JPEG"
    if photo and raw.count(SCAN_MARKER) > MAX_SCANS:
        raise NotShownError(_DAMAGED)
    try:
        image.draft("RGB", (MAX_SIDE, MAX_SIDE))  # a photo is decoded no larger than needed
        image = ImageOps.exif_transpose(image)
        image = image.convert("RGBA" if image.has_transparency_data else "L" if image.mode in ("1", "L") else "RGB")
        if image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
            image = image.convert("RGB")  # as Matplotlib's are: nothing shines through, and a quarter less to encode
        image.thumbnail((MAX_SIDE, MAX_SIDE))
    except Exception:  # whatever a decoder says to bytes that a student wrote
        raise NotShownError(_DAMAGED) from None
    image.info = {}  # comments and profiles
    kind, content = "image/png", b"" if photo else _saved(image, "PNG")
    if photo or len(content) > MAX_PNG_BYTES:
        kind, content = "image/jpeg", _saved(_on_white(image), "JPEG")
    return Picture(kind, base64.b64encode(content).decode("ascii"), *image.size)


def _bytes(attached: dict[str, str]) -> bytes:
    """The file in an attachment.  Which type it claims does not matter."""
    encoded = next(filter(None, attached.values()), "")
    if len(encoded) > MAX_BYTES * 3 // 2:
        raise NotShownError(f"it is larger than {MAX_BYTES >> 20} MB")
    try:
        return base64.b64decode("".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError):  # ValueError: it is not ASCII
        raise NotShownError(_NO_PICTURE) from None


def _opened(raw: bytes) -> Image:
    """The picture, its size known and nothing decoded.

    Raises:
        NotShownError: it is none, or has too many pixels.
    """
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # we have a limit of our own
            image = Image.open(io.BytesIO(raw), formats=DECODED_FORMATS)
    except Image.DecompressionBombError:
        raise NotShownError("it has too many pixels") from None
    except Exception:  # whatever a decoder says to bytes that a student wrote
        raise NotShownError(_NO_PICTURE) from None
    if image.width * image.height > MAX_PIXELS:
        raise NotShownError("it has too many pixels")
    return image


def _saved(image: Image, kind: str) -> bytes:
    file = io.BytesIO()
    # Of the two options each format knows one.  Level 3 takes half the time of the usual one, for files as small.
    image.save(file, kind, quality=85, compress_level=3)
    return file.getvalue()


def _on_white(image: Image) -> Image:
    if image.mode != "RGBA":
        return image
    from PIL import Image

    white = Image.new("RGBA", image.size, "white")
    white.alpha_composite(image)
    return white.convert("RGB")


def _referenced(source: str) -> Iterator[str]:
    for found in _REFERENCE.finditer(source):
        yield clean(unquote(found.group(1)), MAX_NAME_CHARACTERS).strip()
