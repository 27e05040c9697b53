"""Which outputs of a notebook's cells are believed, and how they are made fit to be shown."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any

from exercises.cells import WIDGET, can_be_shown
from grader.model.plain import plain, without_homes
from grader.model.results import Output
from grader.sandbox.protocol import MAX_CELL_OUTPUTS, MAX_CELL_PICTURE, MAX_CELL_TEXT

from .pictures import MAX_BYTES, NotShownError, Room, not_shown
from .submitted import text_of

PNG = b"\x89PNG\r\n\x1a\n"
MAX_LINES = 20  # of a traceback
MAX_LINE = 2000  # characters of one, as Jupyter keeps them: a frame with its lines around
MAX_ALL = 200_000  # characters of all outputs of a notebook together, and of the student's own cells
ONLY_TEXT = "[not shown: only text and pictures are]"


@dataclass
class Space:
    """How much a notebook may still show."""

    room: Room = field(default_factory=Room)
    characters: int = MAX_ALL


def safe_outputs(claimed: Any, most_picture: int = MAX_CELL_PICTURE) -> list[Output]:
    """What the sandbox says a cell showed, cut down to streams, errors, plain text and what begins as a PNG picture.

    Args:
        most_picture: characters of a picture in base64; a larger one is left out.
    """
    found = claimed if isinstance(claimed, list) else []
    return [safe for output in found[:MAX_CELL_OUTPUTS] if (safe := _safe(output, most_picture))]


def saved_outputs(claimed: Any) -> list[Output]:
    """What a student's file says that a cell showed, cut down like `safe_outputs`; HTML and widgets become words.

    Args:
        claimed: the cell's outputs as they stand in a file of nbformat 4, whatever they are.
    """
    found = claimed if isinstance(claimed, list) else []
    return safe_outputs([_joined(output) for output in found[:MAX_CELL_OUTPUTS]], most_picture=2 * MAX_BYTES)


def fit_to_show(outputs: list[Output], space: Space) -> tuple[list[Output], bool]:
    """Outputs with plain text, without the names of home folders, and with pictures encoded anew.

    Args:
        outputs: as `safe_outputs` gives them.

    Returns:
        those that there is space for, and whether any was left out.
    """
    kept = []
    for output in map(_plain, outputs):
        size = sum(map(len, _texts(output)))
        if size > space.characters:
            continue
        space.characters -= size
        kept.append(_with_picture(output, space.room))
    return kept, len(kept) < len(outputs)


def _safe(output: Any, most_picture: int) -> Output | None:
    match output:
        case {"output_type": "stream", "name": "stdout" | "stderr" as name, "text": str() as text}:
            return {"output_type": "stream", "name": name, "text": text[:MAX_CELL_TEXT]}
        case {"output_type": "error", "ename": str() as name, "evalue": str() as value, "traceback": list() as lines}:
            shown = [str(line)[:MAX_LINE] for line in lines[:MAX_LINES]]
            return {"output_type": "error", "ename": name[:80], "evalue": value[:2000], "traceback": shown}
        case {"output_type": "display_data" | "execute_result" as kind, "data": dict() as data}:
            words, picture = data.get("text/plain"), data.get("image/png")
            kept: dict[str, Any] = {"text/plain": words[:MAX_CELL_TEXT]} if isinstance(words, str) else {}
            if _is_picture(picture, most_picture):
                kept["image/png"] = picture
            count = {"execution_count": None} if kind == "execute_result" else {}
            return {"output_type": kind, "metadata": {}, "data": kept, **count}
    return None


def _is_picture(value: Any, most: int) -> bool:
    if not isinstance(value, str) or len(value) > most:
        return False
    try:  # all of it: pages hold it as it is
        return base64.b64decode(value, validate=True).startswith(PNG)
    except ValueError:  # not ASCII, or not base64
        return False


def _joined(output: Any) -> Any:
    """A saved output with its texts as one string each, in the place of lists of lines."""
    if not isinstance(output, dict):
        return None
    data, lines = output.get("data"), output.get("traceback")
    whole: dict[str, Any] = {"text": text_of(output["text"])} if "text" in output else {}
    if isinstance(lines, list):
        whole["traceback"] = [line for line in lines if isinstance(line, str)]
    if isinstance(data, dict):
        whole["data"] = _worded(data)
    return {**output, **whole}


def _worded(data: dict[Any, Any]) -> dict[str, str]:
    """The picture and the text of what was displayed; words where there is neither but something else."""
    texts = {kind: text_of(data[kind]) for kind in ("text/plain", "image/png", WIDGET) if kind in data}
    if not can_be_shown(texts):
        return {"text/plain": ONLY_TEXT}
    return {**texts, "image/png": "".join(texts.get("image/png", "").split())}


def _plain(output: Output) -> Output:
    """The same with texts as a reader would have seen them in a terminal."""
    match output:
        case {"text": str() as text}:
            end = "\n" if text.endswith("\n") else ""
            return {**output, "text": _shown(text, MAX_CELL_TEXT) + end}
        case {"ename": name, "evalue": value, "traceback": lines}:
            lines = [_shown(line, MAX_LINE) for line in lines]
            return {**output, "ename": _shown(name, 80), "evalue": _shown(value, MAX_LINE), "traceback": lines}
        case {"data": {"text/plain": str() as text, **others}}:
            return {**output, "data": {"text/plain": _shown(text, MAX_CELL_TEXT), **others}}
    return output


def _shown(text: str, limit: int) -> str:
    return without_homes(plain(text, limit))


def _texts(output: Output) -> list[str]:
    texts = [output.get(key, "") for key in ("text", "ename", "evalue")]
    return [*texts, *output.get("traceback", []), output.get("data", {}).get("text/plain", "")]


def _with_picture(output: Output, room: Room) -> Output:
    """Its picture by the one rule (pictures.py); words in its place where that does not show it."""
    data = output.get("data", {})
    if "image/png" not in data:
        return output
    words = {"text/plain": data["text/plain"]} if "text/plain" in data else {}
    try:
        picture = room.take({"image/png": data["image/png"]})
        return {**output, "data": {**words, picture.kind: picture.encoded}}
    except NotShownError as error:
        return {**output, "data": {"text/plain": not_shown("", str(error))}}
