"""The guard: finds in a bundle what students must not get.

It does not trust the code that made the bundle.  Everything here is read anew from solutions/ and grader/checks/.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from grader import repository

from .confidential import Secrets, find_secrets, packed
from .regions import MARK_PATTERN

NBGRADER_MARK = r"\b(begin|end)[\s_-]*(hidden[\s_-]*test|mark[\s_-]*scheme)"
ANY_MARK_PATTERN = re.compile(f"{MARK_PATTERN.pattern}|{NBGRADER_MARK}", re.IGNORECASE)
MACHINE_PATH_PATTERN = re.compile(r"(?<![\w.])/(?:home|root|Users)/|\b[A-Za-z]:\\+Users\b", re.IGNORECASE)
STAFF_PACKAGES = ("grader", "solutions")
STAFF_MODULE_NAME = re.compile(r"(grader|solutions)(\.\w+)+")


def leaks(bundle: Mapping[str, bytes], assignment: str, *, answers: bool = False) -> list[str]:
    """What a bundle gives away, one message each; empty where it is clean.

    Reported are: a line of an answer, a mark, a Python cache, an output in a notebook, an absolute path, a hidden
    check's id, a file of the solution or of the hidden checks, and an import of a staff package.

    Args:
        answers: whether they are no secret any more; a file of the solution with its marks still is.
    """
    secrets = find_secrets(assignment)
    if answers:
        secrets = replace(secrets, answers={})
    files = sorted(bundle.items())
    return [f"{name}: {finding}" for name, content in files for finding in _leaks(name, content, secrets)]


def _leaks(name: str, content: bytes, secrets: Secrets) -> Iterator[str]:
    if name.endswith((".pyc", ".pyo")) or "__pycache__" in name.split("/"):
        yield "a Python cache"
    if name.split("/")[0] in STAFF_PACKAGES:
        yield "a file of staff only"
    raw = content.decode("utf-8", errors="replace")
    if str(repository.REPOSITORY) in raw:
        yield "the path of this repository"
    try:
        raw = content.decode("utf-8")
    except UnicodeDecodeError:
        return  # a picture, a sound
    if path := MACHINE_PATH_PATTERN.search(raw):
        yield f"an absolute path, {raw[path.start() : path.start() + 40].splitlines()[0]!r}"
    if (twin := secrets.files.get(raw.strip())) is not None:
        yield f"the same text as {twin}"
    text, code = raw, [raw] if name.endswith(".py") else []
    if name.endswith(".ipynb"):
        cells = _cells(raw)
        if cells is None:
            yield "not a notebook"
            return
        yield from _outputs(cells)
        text = "\n".join(_source(cell) for cell in cells)
        code = [_source(cell) for cell in cells if cell.get("cell_type") == "code"]
    if mark := ANY_MARK_PATTERN.search(raw):
        yield f"a mark, {mark[0]!r}"
    bare = packed(text) + packed(raw)  # raw: a notebook's metadata and attachments too
    for answer, where in secrets.answers.items():
        if answer in bare:
            yield f"a line of the answer in {where}"
    for id in sorted(secrets.checks):
        if re.search(rf"[\"'`]{re.escape(id)}[\"'`]", text):
            yield f"the hidden check {id!r}"
    for part in code:
        yield from _staff_imports(part)


def _cells(raw: str) -> list[dict[str, Any]] | None:
    try:
        cells = json.loads(raw)["cells"]
        return [dict(cell) for cell in cells]
    except (ValueError, KeyError, TypeError):
        return None


def _source(cell: Mapping[str, Any]) -> str:
    return "".join(cell["source"])  # a text, or a list of lines


def _outputs(cells: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for number, cell in enumerate(cells, start=1):
        if cell.get("outputs") or cell.get("execution_count") is not None:
            yield f"an output in cell {number}"


def _staff_imports(text: str) -> Iterator[str]:
    code = "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in text.split("\n"))
    try:
        tree = ast.parse(code)
    except SyntaxError as error:
        yield f"Python that does not compile, line {error.lineno}: {error.msg}"
        return
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and STAFF_MODULE_NAME.fullmatch(node.value):
            names = [node.value]  # import_module("grader.checks")
        for name in names:
            if name.split(".")[0] in STAFF_PACKAGES:
                yield f"an import of {name}"
