"""Cells of a notebook, run with the model solution where a student runs them: what they print, and what they leave."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat

from grader import repository
from grader.authoring.galleries import solution_files
from grader.release.bundle import write_folder
from grader.release.packages import sandbox_bundle

CODE = ">>> "  # before a line of a test's own among the cells
# Whatever a cell seeds and shuffles with 0 takes another seed here.
SEEDED = """from exercises.learning import train
train.__defaults__ = ({seed}, *train.__defaults__[1:])
"""


def words_of(name: str) -> str:
    """What the notebook says, in one line, as its source has it."""
    source = repository.notebook_source(name).read_text(encoding="utf-8")
    return " ".join(source.replace("\n#", " ").replace("\N{MINUS SIGN}", "-").split())


def folder_with_solution(name: str, where: Path) -> Path:
    """What a student has, with the model solution in the place of the stubs."""
    own = {f"exercises/{name}/{module}.py": text.encode() for module, text in solution_files(name).items()}
    write_folder({**sandbox_bundle(name), **own}, where / name)
    return where / name


def cells(name: str, chosen: Sequence[str]) -> str:
    """The code of these cells, named by words in them, in this order, and lines of the test's own (after CODE)."""
    sources = [cell.source for cell in nbformat.read(repository.notebook(name), as_version=4).cells]
    lines = []
    for words in chosen:
        if words.startswith(CODE):
            lines.append(words.removeprefix(CODE))
            continue
        found = [source for source in sources if words in source]
        assert found, words
        lines += [line for line in found[0].splitlines() if not line.startswith("%")]
    return "\n".join(lines)


def ran(where: Path, threads: int, *words: str) -> str:
    """What Python prints, started in this folder with generated data, which everybody has."""
    own = {"OMP_NUM_THREADS": str(threads), "COURSE_STATIC": "1", "MPLBACKEND": "agg"}
    environment = {**os.environ, **own, "COURSE_DATA": str(where / "data")}
    environment.pop("PYTHONPATH", None)
    done = subprocess.run([sys.executable, *words], cwd=where, env=environment, capture_output=True, text=True)
    assert done.returncode in (0, 1) and done.stdout and "Traceback" not in done.stderr, done.stderr[-3000:]
    return done.stdout


def shown(name: str, where: Path, chosen: Sequence[str], result: str, seed: int = 0) -> tuple[dict[str, Any], str]:
    """What an expression is worth after these cells, with another seed in the place of 0, and what they printed."""
    code = cells(name, chosen).replace("manual_seed(0)", f"manual_seed({seed})")
    begin = SEEDED.format(seed=seed) if seed else ""
    printed = ran(where, 1, "-c", f"{begin}{code}\nimport json\nprint(json.dumps({result}))")
    *lines, last = printed.splitlines()
    return dict(json.loads(last)), "\n".join(lines)
