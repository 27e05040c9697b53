"""Given files on their way to the sandbox: they travel once to a warm process, which shows them to containers."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from grader.sandbox.errors import SandboxError

Files = Mapping[str, bytes]


@dataclass(frozen=True)
class GivenFiles:
    """Files that sessions find in their working folder and cannot change.

    Attributes:
        name: made of their paths and contents.
        read: gives path below the working folder -> content; asked for once by each warm process.
    """

    name: str
    read: Callable[[], Files] = field(compare=False)

    @classmethod
    def of(cls, read: Callable[[], Files]) -> GivenFiles:
        """The files that `read` gives now, and when it is asked again."""
        return cls(_name_of(read()), read)

    def descriptor(self) -> tuple[int, int]:
        """A descriptor of memory that holds them, to be closed by the caller, and how long the listing in it is.

        Raises:
            SandboxError: they are not what they were.
        """
        files = self.read()
        if _name_of(files) != self.name:
            raise SandboxError("the given files have changed since this run began: run it again")
        listing = json.dumps({path: len(content) for path, content in files.items()}).encode()
        descriptor = os.memfd_create("given")
        with open(descriptor, "wb", closefd=False) as file:
            file.write(listing)
            for content in files.values():
                file.write(content)
        return descriptor, len(listing)


def _name_of(files: Files) -> str:
    digest = hashlib.sha256()
    for path, content in sorted(files.items()):
        digest.update(f"{path}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:32]
