"""An empty data root and cache for every test, and a tiny invented MNIST."""

import gzip
import hashlib
import struct
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from datasets import mnist

TRAIN, TEST = 30, 12


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "cache"))


def idx_bytes(array: NDArray[np.uint8]) -> bytes:
    """A .gz file in the idx format: two zero bytes, type 8 (uint8), number of dimensions, big-endian sizes, data."""
    header = struct.pack(">HBB", 0, 8, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape)
    return gzip.compress(header + array.tobytes(), mtime=0)


@pytest.fixture
def tiny_mnist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folder with four invented files; the table of files, their checksums and the sizes are set to match.

    Training image i is filled with the grey value i, test image i with 100 + i; the label is i % 10.
    """
    folder = tmp_path / "tiny"
    folder.mkdir()
    table = []
    for part, n, grey in (("train", TRAIN, 0), ("t10k", TEST, 100)):
        images = np.broadcast_to((grey + np.arange(n, dtype=np.uint8))[:, None, None], (n, 28, 28))
        labels = (np.arange(n) % 10).astype(np.uint8)
        for name, array in ((f"{part}-images-idx3-ubyte.gz", images), (f"{part}-labels-idx1-ubyte.gz", labels)):
            data = idx_bytes(array)
            (folder / name).write_bytes(data)
            table.append(mnist.DataFile(name, len(data), hashlib.sha256(data).hexdigest()))
    monkeypatch.setattr(mnist, "FILES", tuple(table))
    monkeypatch.setattr("datasets.digits.MNIST_SIZES", {"train": 20, "validation": 10, "test": 12})
    return folder
