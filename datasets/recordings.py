"""Recordings as the sets of spoken words keep them: wav files, one word each, read with soundfile."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .errors import DataError

MAX_SECONDS = 1.25  # of a clip; few are longer, and those are mostly silence


@dataclass(frozen=True)
class Recording:
    """One clip: mono int16 samples, and who says which word."""

    samples: NDArray[np.int16]
    word: str
    speaker: str
    index: int


def read_wav(content: bytes, name: str, sample_rate: int) -> NDArray[np.int16]:
    """The samples of a wav file.

    Raises:
        DataError: it is no mono wav file of this sample rate, or empty; the message names it.
    """
    import soundfile  # brings its C library, which only real recordings need

    try:
        samples, rate = soundfile.read(io.BytesIO(content), dtype="int16")
    except (soundfile.SoundFileError, OSError) as error:
        raise DataError(f"{name} cannot be read as a wav file ({error}): remove it, and get it again") from error
    if samples.ndim != 1 or rate != sample_rate or len(samples) == 0:
        found = f"{samples.ndim if samples.ndim > 1 else 1}-channel, {rate} Hz, {len(samples)} samples"
        raise DataError(f"{name} is not one channel of {sample_rate} Hz with a word in it: {found}")
    return loudest_part(samples, round(MAX_SECONDS * sample_rate))


def loudest_part(samples: NDArray[np.int16], longest: int) -> NDArray[np.int16]:
    """The clip itself, or of a longer one the `longest` samples that hold most of its energy."""
    if len(samples) <= longest:
        return samples
    energy = np.concatenate([[0.0], np.cumsum(samples.astype(np.float64) ** 2)])
    start = int(np.argmax(energy[longest:] - energy[:-longest]))
    return samples[start : start + longest]


def pad(clips: Sequence[NDArray[np.int16]]) -> tuple[Tensor, Tensor]:
    """Clips of different lengths as one tensor.

    Returns:
        (n, time) float32 in [-1, 1], zeros after a clip's end, and (n,) int64 lengths in samples.
    """
    lengths = torch.tensor([len(clip) for clip in clips], dtype=torch.int64)
    waveforms = torch.zeros(len(clips), int(lengths.max()) if len(clips) else 0)
    for row, clip in zip(waveforms, clips, strict=True):
        row[: len(clip)] = torch.from_numpy(clip.astype(np.float32) / 32768)
    return waveforms, lengths
