"""The given files of an assignment as they were released: given.json in its folder, which a release writes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .own import GIVEN


@dataclass(frozen=True)
class Given:
    """What was released beside the student's own modules.

    Attributes:
        files:    digest of each file, by its path in the student's folder.
        packages: what requirements.txt named, "torch".
    """

    files: dict[str, str]
    packages: tuple[str, ...]

    def changed(self, root: Path) -> Iterator[tuple[str, str]]:
        """The files in a student's folder that are not as they were released, each with what is wrong with it."""
        for path, wanted in self.files.items():
            try:
                content = (root / path).read_bytes()
            except FileNotFoundError:
                yield path, "is missing"
            except OSError as error:
                yield path, f"cannot be read ({error.strerror})"
            else:
                if digest(content) != wanted:
                    yield path, "is not as it was given"


def digest(content: bytes) -> str:
    """SHA-256 of a file; line ends of Windows, which some programs write, do not count."""
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()


def manifest(files: Mapping[str, bytes], packages: Iterable[str]) -> bytes:
    """The text of given.json, the same for the same files."""
    digests = {path: digest(content) for path, content in sorted(files.items())}
    return (json.dumps({"packages": sorted(packages), "files": digests}, indent=1) + "\n").encode()


def read_given(root: Path, assignment: str) -> Given | None:
    """What given.json in a student's folder says; None where there is none, or it cannot be understood."""
    try:
        facts = json.loads((root / "exercises" / assignment / GIVEN).read_text(encoding="utf-8"))
        return Given({str(path): str(wanted) for path, wanted in facts["files"].items()}, tuple(facts["packages"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
