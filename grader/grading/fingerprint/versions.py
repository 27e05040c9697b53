"""The installed versions that verdicts rest on, and how files and values become a hash."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Any


def versions_of(packages: Iterable[str]) -> dict[str, str]:
    """The versions of Python (major and minor) and of installed packages, by name.

    Raises:
        importlib.metadata.PackageNotFoundError: a package is not installed.
    """
    return {"python": f"{sys.version_info[0]}.{sys.version_info[1]}", **{name: version(name) for name in packages}}


def hash_files(files: Mapping[str, bytes]) -> str:
    """Hash paths and contents, sorted by path.  Contents count byte by byte, line endings too."""
    digest = hashlib.sha256()
    for path, content in sorted(files.items()):
        digest.update(f"{path}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def hash_value(value: Any) -> str:
    """Hash what JSON can hold."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
