"""Large tensors that lie in a given file, as weights of the course's do: a record names the file and the place in it.

They are no literals of the student's: they do not travel, count towards no cap, and are read where the record runs.
"""

from __future__ import annotations

import functools
import mmap
from pathlib import Path, PurePosixPath
from typing import Any

import numpy
import torch
from torch import Tensor

SMALLEST = 4096  # bytes: what is smaller travels
PREFIX = 1024  # bytes by which a place is found
MAX_PLACES = 16  # that begin alike, in one file
FOLDER = "exercises"
Place = tuple[str, int, torch.dtype, int]  # file below the working folder, first byte, type, number of values


def place_of(tensor: Tensor) -> Place | None:
    """Where the memory of a tensor lies in a given file, all of it; None where it lies in none."""
    size = tensor.untyped_storage().nbytes()
    if size < SMALLEST:
        return None
    own = flat(tensor).view(torch.uint8).numpy()
    for path in sorted((_root() / FOLDER).rglob("*")):
        if path.suffix.startswith(".py") or not path.is_file() or path.stat().st_size < size:
            continue
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            start = _found(content, own)
        if start is not None:
            name = path.relative_to(_root()).as_posix()
            return name, start, tensor.dtype, len(own) // tensor.dtype.itemsize
    return None


def flat(tensor: Tensor) -> Tensor:
    """The memory of a tensor as one row of values."""
    storage = tensor.untyped_storage()
    return torch.empty(0, dtype=tensor.dtype).set_(storage, 0, (storage.nbytes() // tensor.dtype.itemsize,))  # type: ignore[call-overload]


@functools.lru_cache(maxsize=4)
def read(name: str, start: int, dtype: torch.dtype, count: int) -> Tensor:
    """The values that stand there, (count,); nobody may change them.

    Raises:
        ValueError: there is no such file, or it is too short.
    """
    if ".." in PurePosixPath(name).parts or not name.startswith(f"{FOLDER}/"):
        raise ValueError(f"no given file: {name!r}")
    path, size = _root() / name, count * dtype.itemsize
    if not path.is_file() or not 0 < size <= path.stat().st_size - start:
        raise ValueError(f"no given file of this size: {name!r}")
    with path.open("rb") as file:
        file.seek(start)
        return torch.frombuffer(bytearray(file.read(size)), dtype=dtype)


def _found(content: mmap.mmap, own: numpy.ndarray[Any, Any]) -> int | None:
    """The first byte from which on a file has these."""
    start, prefix = -1, own[:PREFIX].tobytes()
    for _ in range(MAX_PLACES):
        start = content.find(prefix, start + 1)
        if start < 0 or start + len(own) > len(content):
            return None
        part = numpy.frombuffer(content, numpy.uint8, len(own), start)
        same = bool(numpy.array_equal(part, own))
        del part  # a file is closed when nobody looks into it any more
        if same:
            return start
    return None


def _root() -> Path:
    """The folder in which the given ones lie: the working folder in the sandbox, else where this package is."""
    here = Path.cwd()
    return here if (here / FOLDER).is_dir() else Path(__file__).parents[2]
