"""Generated digits, made once and kept on disk.

The cache is a convenience: whatever goes wrong with it (a read-only folder, a full disk, a damaged file), the digits
are simply drawn again.
"""

import os
import tempfile
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .folders import cache_folder
from .synthetic_digits import GENERATOR_VERSION, IMAGE_SIZE, generate

Arrays = tuple[NDArray[np.uint8], NDArray[np.int64]]


def cached_digits(n: int, seed: int) -> Arrays:
    """The same as `synthetic_digits.generate(n, seed)`, from the cache where it lies there."""
    path = cache_path(n, seed)
    arrays = _read(path, n)
    if arrays is None:
        arrays = generate(n, seed)
        _write(path, arrays)
    return arrays


def cache_path(n: int, seed: int) -> Path:
    """File for `n` digits of one seed, drawn by this version of the generator."""
    return cache_folder() / f"digits-v{GENERATOR_VERSION}-seed{seed}-n{n}.npz"


def _read(path: Path, n: int) -> Arrays | None:
    """Contents of a cache file, or None where it is missing, damaged or something else (pickles are never loaded)."""
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            images, labels = file["images"], file["labels"]
    # A damaged zip file or array header can raise nearly anything; numpy and zipfile document these.
    except (OSError, ValueError, KeyError, EOFError, NotImplementedError, RuntimeError, zipfile.BadZipFile):
        return None
    if images.shape != (n, IMAGE_SIZE, IMAGE_SIZE) or images.dtype != np.uint8:
        return None
    if labels.shape != (n,) or labels.dtype != np.int64:
        return None
    return images, labels


def _write(path: Path, arrays: Arrays) -> None:
    """Write a cache file in one step: under another name first, so that nobody ever reads half a file."""
    images, labels = arrays
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".tmp")
    except OSError:
        return
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, images=images, labels=labels)
        os.replace(name, path)
    except OSError:
        Path(name).unlink(missing_ok=True)
