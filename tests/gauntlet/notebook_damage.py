"""Damage to the notebook that is handed in: its bytes, and its cells."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

Notebook = Callable[[bytes], bytes | None]
Cells = list[dict[str, Any]]

NOTEBOOKS: dict[str, Notebook] = {}


def notebook(damage: Notebook) -> Notebook:
    """Register a damage of the notebook's bytes under its function's name; None: there is no notebook."""
    NOTEBOOKS[damage.__name__] = damage
    return damage


def cells(damage: Callable[[Cells], None]) -> Callable[[Cells], None]:
    """Register a damage of the notebook's list of cells."""

    def whole(raw: bytes) -> bytes:
        document = json.loads(raw)
        damage(document["cells"])
        return json.dumps(document).encode()

    NOTEBOOKS[damage.__name__] = whole
    return damage


def _answers(found: Cells) -> list[dict[str, Any]]:
    return [c for c in found if c["metadata"].get("nbgrader", {}).get("grade_id", "").startswith("question-")]


@notebook
def not_json(raw: bytes) -> bytes:
    return b"{'cells': [}" + raw


@notebook
def half(raw: bytes) -> bytes:
    return raw[: len(raw) // 2]


@notebook
def byte_order_mark(raw: bytes) -> bytes:
    return b"\xef\xbb\xbf" + raw


@notebook
def utf_16(raw: bytes) -> bytes:
    return raw.decode().encode("utf-16")


@notebook
def latin_1(raw: bytes) -> bytes:
    document = json.loads(raw)
    for cell in _answers(document["cells"]):
        cell["source"] = "Die Kurve fällt: größer heißt nicht klüger."
    return json.dumps(document, ensure_ascii=False).replace("…", "...").encode("latin-1", errors="replace")


@notebook
def empty(raw: bytes) -> bytes:
    return b""


@notebook
def missing(raw: bytes) -> None:
    return None


@notebook
def outputs_of_50_mb(raw: bytes) -> bytes:
    document = json.loads(raw)
    code = [cell for cell in document["cells"] if cell["cell_type"] == "code"]
    code[0]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * (50 << 20)}]
    return json.dumps(document).encode()


@notebook
def format_3(raw: bytes) -> bytes:
    document = json.loads(raw)
    for cell in document["cells"]:
        cell["input" if cell["cell_type"] == "code" else "source"] = cell.pop("source")
    sheets = [{"cells": document["cells"]}]
    return json.dumps({"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0, "worksheets": sheets}).encode()


@notebook
def format_of_the_future(raw: bytes) -> bytes:
    return json.dumps({**json.loads(raw), "nbformat": 99, "nbformat_minor": -1}).encode()


@notebook
def nested_100_000_deep(raw: bytes) -> bytes:
    return b'{"cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"


@notebook
def wrong_types_everywhere(raw: bytes) -> bytes:
    odd: list[Any] = [None, 3, "cell", [], {"cell_type": 7, "metadata": [], "source": {"a": float("nan")}, "id": {}}]
    return json.dumps({"cells": odd, "metadata": 5, "nbformat": "four", "nbformat_minor": 1e400}).encode()


@notebook
def other_kernel(raw: bytes) -> bytes:
    document = json.loads(raw)
    document["metadata"] = {"kernelspec": {"name": "../../bash", "display_name": "R", "language": "sh"}}
    return json.dumps(document).encode()


@cells
def metadata_stripped(found: Cells) -> None:
    for cell in found:
        cell["metadata"] = {}


@cells
def graded_cells_deleted(found: Cells) -> None:
    found[:] = [cell for cell in found if not cell["metadata"].get("nbgrader", {}).get("grade")]


@cells
def every_cell_twice(found: Cells) -> None:
    found.extend(json.loads(json.dumps(found)))


@cells
def cells_moved(found: Cells) -> None:
    found.reverse()


@cells
def cells_retyped(found: Cells) -> None:
    for cell in found:
        cell["cell_type"] = "raw" if cell["cell_type"] == "code" else "code"


@cells
def a_thousand_points(found: Cells) -> None:
    """Points edited, and a graded cell of the student's own that always passes."""
    graded = [cell for cell in found if "points" in cell["metadata"].get("nbgrader", {})]
    for cell in graded:
        cell["metadata"]["nbgrader"]["points"] = 1000
    extra = json.loads(json.dumps(graded[0]))
    extra["metadata"]["nbgrader"]["grade_id"] = "task-bonus"
    extra["source"], extra["id"] = "1000.0", "bonus"
    found.append(extra)


@cells
def graded_cells_rewritten(found: Cells) -> None:
    """The checked cells publish a number, which stock nbgrader takes for the score."""
    for cell in found:
        if cell["cell_type"] == "code":
            cell["source"] = "1000.0"
            cell["outputs"] = [
                {
                    "output_type": "execute_result",
                    "data": {"text/plain": "1000.0"},
                    "metadata": {},
                    "execution_count": 1,
                }
            ]


@cells
def hostile_outputs(found: Cells) -> None:
    """Scripts in each kind of output, pictures that are none or claim millions of pixels, a home folder, nonsense."""
    script = "<script>document.title = 'WON'</script>"
    claims = (
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (60_000).to_bytes(4, "big") * 2 + b"\x08\x06\x00\x00\x00" + bytes(99)
    )
    data: list[dict[str, Any]] = [
        {"text/html": script, "text/plain": "<A.B object at 0x7f>"},
        {"application/javascript": script},
        {"image/svg+xml": script},
        {"text/markdown": script},
        {"image/png": f'iVBORw0KGgo="><{script}'},
        {"image/png": base64.b64encode(claims).decode()},
        {"text/plain": "/home/student/digits \x1b[2J\u202e\x9b31m"},
        {"text/plain": {"a": [script]}},
    ]
    outputs: list[Any] = [{"output_type": "display_data", "metadata": {}, "data": one} for one in data]
    for cell in found:
        if cell["cell_type"] == "code":
            cell["outputs"] = [
                *outputs,
                None,
                7,
                [],
                {"output_type": ["stream"]},
                {"output_type": "html", "text": script},
            ]


@cells
def shell_commands_left(found: Cells) -> None:
    for source in ("%pip install torch", "!ls -la", "import os\nos.chdir('/tmp')", "%%bash\nexit 1", "quit()"):
        found.insert(0, {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None})


@cells
def html_in_the_answers(found: Cells) -> None:
    for cell in _answers(found):
        cell["source"] = (
            "<script>fetch('http://127.0.0.1')</script> {{ 7 * 7 }} \x1b[2J\u202e <img src=x onerror=alert(1)>"
        )


@cells
def surrogates_in_the_answers(found: Cells) -> None:
    for cell in _answers(found):
        cell["source"] = ["\ud800 half a character", "\x00\x07 and control characters"]
