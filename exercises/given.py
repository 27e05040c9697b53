"""What a release says in given.json, in the assignment's folder: given files, topics of hidden checks, whom to ask."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from .own import GIVEN


@dataclass(frozen=True)
class HiddenPart:
    """What students know of a hidden check: a word or two, empty where none was chosen, and what it is worth."""

    task: str
    topic: str
    points: float
    extra: bool = False


@dataclass(frozen=True)
class Given:
    """What was released beside the student's own modules.

    Attributes:
        files:    digest of each file, by its path in the student's folder.
        packages: what requirements.txt named, "torch".
        hidden:   the hidden checks that have points, in their order.
        contact:  whom to ask, in the course's words; empty where it does not say.
    """

    files: dict[str, str]
    packages: tuple[str, ...]
    hidden: tuple[HiddenPart, ...] = ()
    contact: str = ""

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


def manifest(
    files: Mapping[str, bytes], packages: Iterable[str], hidden: Iterable[HiddenPart] = (), contact: str = ""
) -> bytes:
    """The text of given.json, the same for the same files."""
    digests = {path: digest(content) for path, content in sorted(files.items())}
    facts = {
        "contact": contact,
        "packages": sorted(packages),
        "hidden": [asdict(part) for part in hidden],
        "files": digests,
    }
    return (json.dumps(facts, indent=1, ensure_ascii=False) + "\n").encode()


def read_given(root: Path, assignment: str) -> Given | None:
    """What given.json in a student's folder says; None where there is none, or it cannot be understood."""
    try:
        facts = json.loads((root / "exercises" / assignment / GIVEN).read_text(encoding="utf-8"))
        hidden = tuple(HiddenPart(**part) for part in facts.get("hidden", ()))  # earlier releases did not say it
        digests = {str(path): str(wanted) for path, wanted in facts["files"].items()}
        return Given(digests, tuple(facts["packages"]), hidden, str(facts.get("contact", "")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
