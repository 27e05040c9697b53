"""Tiny recordings for tests."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import numpy as np
import soundfile  # type: ignore[import-untyped]

from datasets.fsdd import PER_DIGIT

SPEAKERS = ("anna", "ben", "carl", "dora", "emil", "frida")


def wav(samples: int, rate: int = 8000, channels: int = 1, value: int = 1000) -> bytes:
    """A wav file whose samples all have the same value."""
    data = np.full((samples, channels) if channels > 1 else samples, value, dtype=np.int16)
    file = io.BytesIO()
    soundfile.write(file, data, rate, format="WAV", subtype="PCM_16")
    return file.getvalue()


def tiny_fsdd() -> dict[str, bytes]:
    """A complete data set by name: digit d of speaker s is 100 + 10 s + d samples long and filled with its index."""
    return {
        f"{digit}_{speaker}_{index}.wav": wav(100 + 10 * number + digit, value=index + 1)
        for digit in range(10)
        for number, speaker in enumerate(SPEAKERS)
        for index in range(PER_DIGIT)
    }


def archive(files: dict[str, bytes], path: Path, folder: str = "free-spoken-digit-dataset-1.0.10/recordings") -> Path:
    """Pack files as GitHub does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w:gz", compresslevel=1) as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(f"{folder}/{name}")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return path
