"""A tiny submission, and the student that talks to it in its container."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from exercises.checking import LocalStudent
from grader.sandbox.inside.confine import Limits
from grader.sandbox.outside.budget import Allowance, Budget
from grader.sandbox.outside.container import Container
from grader.sandbox.outside.student import RemoteStudent

CHECKING = Path(__file__).resolve().parents[3] / "exercises" / "checking"
QUICK = Budget(request=Allowance(cpu_s=1.0, wall_s=20.0))


def submission(source: str) -> dict[str, bytes]:
    """A tiny assignment whose only module is `answer`."""
    files = {f"exercises/checking/{path.name}": path.read_bytes() for path in CHECKING.glob("*.py")}
    packages = {"exercises/__init__.py": b"", "exercises/tiny/__init__.py": b""}
    return {**files, **packages, "exercises/tiny/answer.py": source.encode()}


def start(source: str, limits: Limits | None = None, budget: Budget = QUICK) -> tuple[Container, RemoteStudent]:
    container = Container(submission(source), limits)
    return container, RemoteStudent(container, "tiny", {"answer": source.encode()}, budget)


def in_both(tmp_path_factory: pytest.TempPathFactory, package: str, source: str) -> Iterator[dict[str, Any]]:
    """The same submission, in this process as a package of this name ("home") and in a sandbox ("sandbox")."""
    folder = tmp_path_factory.mktemp("home") / package
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "answer.py").write_text(source, encoding="utf-8")
    sys.path.insert(0, str(folder.parent))
    container, remote = start(source)
    with container:
        yield {"home": LocalStudent(package), "sandbox": remote}
    assert remote.acts == []
    sys.path.remove(str(folder.parent))
