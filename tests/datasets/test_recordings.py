"""Reading wav files: mono, of the right rate, and of bounded length."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from datasets import DataError
from datasets.recordings import loudest_part, pad, read_wav

from .wavs import wav


def test_samples_come_as_they_were_written() -> None:
    assert read_wav(wav(5, value=-7), "a.wav", 8000).tolist() == [-7] * 5


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no sound at all", "a.wav cannot be read as a wav file"),
        (wav(10)[:30], "a.wav cannot be read as a wav file"),
        (wav(10, channels=2), "2-channel"),
        (wav(10, rate=16000), "16000 Hz"),
        (wav(0), "0 samples"),
    ],
)
def test_other_files_are_named_with_what_is_wrong(content: bytes, words: str) -> None:
    with pytest.raises(DataError, match=words):
        read_wav(content, "a.wav", 8000)


def test_long_clip_is_cut_to_its_loudest_part() -> None:
    samples = np.zeros(30_000, dtype=np.int16)
    samples[12_000:13_000] = 500
    samples[29_000:29_010] = 900
    part = loudest_part(samples, 4_000)
    assert len(part) == 4_000 and (part == 500).sum() == 1_000
    assert loudest_part(samples, 30_000) is samples


def test_clips_are_padded_with_zeros() -> None:
    waveforms, lengths = pad([np.array([16384], dtype=np.int16), np.array([-32768, 1, 0], dtype=np.int16)])
    assert torch.equal(waveforms, torch.tensor([[0.5, 0, 0], [-1, 1 / 32768, 0]]))
    assert lengths.tolist() == [1, 3]
    assert pad([])[0].shape == (0, 0)
