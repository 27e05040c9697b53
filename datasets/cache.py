"""Generated data, made once and kept on disk.

The cache is a convenience: whatever goes wrong with it (a read-only folder, a full disk, a damaged file), the data are
simply made again.
"""

import os
import tempfile
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from . import synthetic_speech
from .folders import cache_folder
from .synthetic_digits import GENERATOR_VERSION, IMAGE_SIZE, generate
from .synthetic_speech import Speech

Arrays = tuple[NDArray[np.uint8], NDArray[np.int64]]
Named = dict[str, NDArray[np.generic]]


def cached_digits(n: int, seed: int) -> Arrays:
    """The same as `synthetic_digits.generate(n, seed)`, from the cache where it lies there."""
    path = cache_path(n, seed)
    found = _read(path, images=np.uint8, labels=np.int64)
    if found is not None and found["images"].shape == (n, IMAGE_SIZE, IMAGE_SIZE) and found["labels"].shape == (n,):
        return found["images"], found["labels"]  # type: ignore[return-value]  # `_read` has seen to the types
    images, labels = generate(n, seed)
    _write(path, images=images, labels=labels)
    return images, labels


def cache_path(n: int, seed: int) -> Path:
    """File for `n` digits of one seed, drawn by this version of the generator."""
    return cache_folder() / f"digits-v{GENERATOR_VERSION}-seed{seed}-n{n}.npz"


def cached_speech(n: int, seed: int) -> Speech:
    """The same as `synthetic_speech.generate(n, seed)`, from the cache where it lies there."""
    path = speech_cache_path(n, seed)
    found = _read(path, samples=np.int16, lengths=np.int64, labels=np.int64, speakers=np.int64)
    speech = None if found is None else _unpacked(found, n)
    if speech is None:
        speech = synthetic_speech.generate(n, seed)
        inside = np.arange(speech.waveforms.shape[1]) < speech.lengths[:, None]
        _write(
            path,
            samples=speech.waveforms[inside],  # without the padding, which is half of it
            lengths=speech.lengths,
            labels=speech.labels,
            speakers=speech.speakers,
        )
    return speech


def speech_cache_path(n: int, seed: int) -> Path:
    """File for `n` spoken digits of one seed, made by this version of the generator."""
    return cache_folder() / f"speech-v{synthetic_speech.GENERATOR_VERSION}-seed{seed}-n{n}.npz"


def _unpacked(found: Named, n: int) -> Speech | None:
    """Speech as it was before it was written, or None where the file holds something else."""
    samples, lengths = found["samples"], found["lengths"].astype(np.int64)
    shapes = [found[name].shape for name in ("lengths", "labels", "speakers")]
    if shapes != [(n,)] * 3 or samples.ndim != 1 or n == 0 or lengths.min() < 0 or lengths.sum() != len(samples):
        return None
    waveforms = np.zeros((n, lengths.max()), dtype=np.int16)
    waveforms[np.arange(waveforms.shape[1]) < lengths[:, None]] = samples
    return Speech(waveforms, lengths, found["labels"].astype(np.int64), found["speakers"].astype(np.int64))


def _read(path: Path, **types: type[np.generic]) -> Named | None:
    """Arrays of a cache file, or None where it is missing, damaged or something else (pickles are never loaded)."""
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            found = {name: file[name] for name in types}
    # A damaged zip file or array header can raise nearly anything; numpy and zipfile document these.
    except (OSError, ValueError, KeyError, EOFError, NotImplementedError, RuntimeError, zipfile.BadZipFile):
        return None
    return found if all(found[name].dtype == kind for name, kind in types.items()) else None


def _write(path: Path, **arrays: NDArray[np.generic]) -> None:
    """Write a cache file in one step: under another name first, so that nobody ever reads half a file."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".tmp")
    except OSError:
        return
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]  # its third parameter is not one of the arrays
        os.replace(name, path)
    except OSError:
        Path(name).unlink(missing_ok=True)
