"""What a course decides for an assignment, and what a verdict rests on beside the submission."""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Terms:
    """What a course decides for an assignment: the private seed, and the data that accuracy is judged on."""

    assignment: str
    seed: int
    source: str = "generated"

    @property
    def version(self) -> str:
        """Changes with everything that a verdict rests on, but for the submission itself."""
        return hashlib.sha256(f"{_code_version(self.assignment)}/{self.seed}/{self.source}".encode()).hexdigest()


@functools.cache
def _code_version(assignment: str) -> str:
    digest = hashlib.sha256(version("torch").encode())
    for folder in (f"exercises/{assignment}", "exercises/checking", f"solutions/{assignment}", "grader", "datasets"):
        for path in sorted((REPOSITORY / folder).rglob("*")):
            if path.suffix in (".py", ".toml", ".ipynb"):
                digest.update(str(path.relative_to(REPOSITORY)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
