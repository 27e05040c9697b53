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
    """Hash of torch's version and of the code that a verdict rests on."""
    digest = hashlib.sha256(version("torch").encode())
    rests_on = [
        *REPOSITORY.glob(f"exercises/{assignment}/**/*"),
        *REPOSITORY.glob("exercises/*"),
        *REPOSITORY.glob("exercises/checking/*"),
        *REPOSITORY.glob(f"solutions/{assignment}/*"),
        *REPOSITORY.glob(f"grader/checks/{assignment}/*"),
        *REPOSITORY.glob("grader/sandbox/**/*"),
        *REPOSITORY.glob("grader/notebook/*"),
        *REPOSITORY.glob("grader/release/*"),
        *(REPOSITORY / "grader" / f"{name}.py" for name in ("grading", "hidden_data", "private_variant")),
        *REPOSITORY.glob("datasets/*"),
    ]
    for path in sorted(rests_on):
        if path.suffix in (".py", ".toml", ".ipynb"):
            digest.update(str(path.relative_to(REPOSITORY)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
