"""Which outputs of a notebook's cells are believed."""

from __future__ import annotations

import base64
from typing import Any

from grader.model.results import Output
from grader.sandbox.protocol import MAX_CELL_OUTPUTS, MAX_CELL_PICTURE, MAX_CELL_TEXT

PNG = b"\x89PNG\r\n\x1a\n"


def safe_outputs(claimed: Any) -> list[Output]:
    """What the sandbox says a cell showed, cut down to streams, errors, plain text and real PNG pictures."""
    found = claimed if isinstance(claimed, list) else []
    return [safe for output in found[:MAX_CELL_OUTPUTS] if (safe := _safe(output))]


def _safe(output: Any) -> Output | None:
    match output:
        case {"output_type": "stream", "name": "stdout" | "stderr" as name, "text": str() as text}:
            return {"output_type": "stream", "name": name, "text": text[:MAX_CELL_TEXT]}
        case {"output_type": "error", "ename": str() as name, "evalue": str() as value, "traceback": list() as lines}:
            shown = [str(line)[:500] for line in lines[:20]]
            return {"output_type": "error", "ename": name[:80], "evalue": value[:2000], "traceback": shown}
        case {"output_type": "display_data" | "execute_result" as kind, "data": dict() as data}:
            words, picture = data.get("text/plain"), data.get("image/png")
            kept: dict[str, Any] = {"text/plain": words[:MAX_CELL_TEXT]} if isinstance(words, str) else {}
            if _is_picture(picture):
                kept["image/png"] = picture
            count = {"execution_count": None} if kind == "execute_result" else {}
            return {"output_type": kind, "metadata": {}, "data": kept, **count}
    return None


def _is_picture(value: Any) -> bool:
    if not isinstance(value, str) or len(value) > MAX_CELL_PICTURE:
        return False
    try:
        return base64.b64decode(value, validate=True).startswith(PNG)
    except ValueError:  # not ASCII, or not base64
        return False
