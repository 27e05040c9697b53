"""docs/authoring.md, followed word by word in a copy of the repository: its files are written, its commands run."""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader import repository

PAGE = repository.REPOSITORY / "docs" / "authoring.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NEW_FILE = re.compile(r"New file\s`([^`]+)`:\s*\Z")
INSERTED = re.compile(r"In\s`([^`]+)`,\sabove\sthe\sline\sthat\sbegins\swith\s`([^`]+)`:\s*\Z")
EXIT_CODE = re.compile(r"  # exit code (\d)$")
PARTS = ("exercises", "solutions", "datasets", "grader", "docs")
ALIKE = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A repository of its own, which the guide may change."""
    root = tmp_path / "repository"
    for name in PARTS:
        shutil.copytree(repository.REPOSITORY / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    return root


def run(command: str, folder: Path) -> str:
    """What a command says; it must end as the page says."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    due = EXIT_CODE.search(command)
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={**environment, "PATH": path, "COLUMNS": "120"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == (int(due[1]) if due else 0), f"{command}\n{done.stdout}"
    return done.stdout


def write(heading: str, text: str, folder: Path) -> None:
    """A new file, or lines in one that is there, where the words above the block say."""
    if found := NEW_FILE.search(heading):
        path = folder / found[1]
        assert not path.exists(), found[1]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return
    found = INSERTED.search(heading)
    assert found, f"no word on where this goes: {heading[-200:]!r}"
    lines = (folder / found[1]).read_text(encoding="utf-8").split("\n")
    place = next(number for number, line in enumerate(lines) if line.startswith(found[2]))
    (folder / found[1]).write_text(
        "\n".join([*lines[:place], *text.split("\n")[:-1], *lines[place:]]), encoding="utf-8"
    )


@pytest.mark.slow
def test_guide_followed_word_by_word_gives_an_assignment_that_grades(copy: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    said, end, followed = "", 0, []
    for block in BLOCK.finditer(page):
        heading, (kind, text), end = page[end : block.start()], block.groups(), block.end()
        followed.append(kind)
        if kind == "sh":
            said = "".join(run(command, copy) for command in text.splitlines())
        elif kind == "text" and not heading.strip():
            assert doctest.OutputChecker().check_output(text, said, ALIKE), said
        else:
            write(heading, text, copy)
    assert {"sh", "python", "toml", "text"} == set(followed)
    assert page.count("```") == 2 * len(followed)
