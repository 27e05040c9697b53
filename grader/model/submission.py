"""A submission: what a student handed in, as bytes."""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass, field

from .problems import Problem


@dataclass(frozen=True)
class Submission:
    """What one student handed in.

    Attributes:
        modules:  the student's modules by name ("blocks"), as bytes, not decoded: they may be anything.  Those of the
                  tasks, and those of the student's own that these import.
        notebook: the notebook's bytes, or None.
        problems: what was refused or is missing, with the reason, for the TA.
        files:    of an adopted assignment (docs/adopt.md) instead of both: everything handed in, by path.
    """

    student: str
    assignment: str
    modules: dict[str, bytes]
    notebook: bytes | None
    problems: tuple[Problem, ...] = ()
    files: dict[str, bytes] = field(default_factory=dict)

    @functools.cached_property
    def hash(self) -> str:
        """Hash of all bytes that were handed in."""
        files = {f"/files/{path}": content for path, content in self.files.items()}
        return _hash(self.assignment, {**self.modules, "/notebook": self.notebook or b"", **files})

    @functools.cached_property
    def own_modules_hash(self) -> str:
        """Hash of the modules, and of whose they are: another student's equal ones have another."""
        return _hash(self.assignment, {**self.modules, "/student": self.student.encode("utf-8", "surrogateescape")})

    @property
    def beside(self) -> dict[str, bytes]:
        """What a person who marks may want to read beside the notebooks, by path."""
        own = {f"exercises/{self.assignment}/{name}.py": content for name, content in self.modules.items()}
        return {**own, **{path: content for path, content in self.files.items() if not path.endswith(".ipynb")}}


def _hash(assignment: str, files: dict[str, bytes]) -> str:
    digest = hashlib.sha256(assignment.encode())
    for name, content in sorted(files.items()):
        digest.update(f"\0{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()
