"""Words that the networks of this assignment read (given): a second of sound with the word anywhere in it, as a stamp.

A stamp is the image of `spoken_digits`: 64 frames of 32 mel bands.  There the word was cut out and stretched to the
whole image; here it lies somewhere in a second, as a microphone hears it.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from datasets import Clips
from datasets.phonemes import ANIMALS, DIGITS
from datasets.speech import as_clips
from datasets.synthetic_speech import SAMPLE_RATE, draw_speakers, generate

__all__ = ["ANIMALS", "DIGITS", "SECOND", "Words", "clips_of", "earlier", "stamps_of", "whole_second", "words_of"]

SECOND = SAMPLE_RATE  # samples
FAINT = 1e-3  # standard deviation of the noise; a clip's peak is about 1
EARLIER = "exercises"  # the package with the modules of earlier assignments, solved


def earlier(module: str) -> Any:
    """A module of an earlier assignment, as it lies beside this one: "spoken_digits.features"."""
    return importlib.import_module(f"{EARLIER}.{module}")


@dataclass(frozen=True)
class Words:
    """Spoken words as networks read them.

    Attributes:
        stamps:   (n, 1, 64, 32) float32, from 0 to 1.
        labels:   (n,) int64.
        speakers: (n,) int64.
    """

    stamps: Tensor
    labels: Tensor
    speakers: Tensor

    def __len__(self) -> int:
        return len(self.labels)

    def where(self, chosen: Tensor) -> Words:
        """Those that a mask (n,) or an index tensor picks."""
        return Words(self.stamps[chosen], self.labels[chosen], self.speakers[chosen])


def whole_second(waveform: Tensor, seed: int) -> Tensor:
    """A second of sound with the word at a random time, and faint noise everywhere.

    A word that is longer than the second keeps its beginning.

    waveform: (time,) at 8 kHz -> (8000,); the same for the same seed.
    """
    random = torch.Generator().manual_seed(seed)
    word = waveform[:SECOND]
    begin = int(torch.randint(SECOND - len(word) + 1, (), generator=random))
    second = FAINT * torch.randn(SECOND, generator=random)
    second[begin : begin + len(word)] += word
    return second


def clips_of(words: Sequence[str], each: int, speakers: int, seed: int) -> Clips:
    """Generated speech: `each` clips of every word by each of so many speakers, who are drawn anew for each seed."""
    n = len(words) * each * speakers
    return as_clips(generate(n, seed, words=tuple(words), speakers=draw_speakers(speakers, seed)))


def stamps_of(clips: Clips, seed: int | None) -> Words:
    """Clips as stamps.

    Args:
        seed: of the times at which the words begin within their seconds; None for words that are cut out and
            stretched, as `spoken_digits` has them.
    """
    stamp = earlier("spoken_digits.features").stamp
    sounds = [clips.waveform(index) for index in range(len(clips))]
    if seed is not None:
        sounds = [whole_second(sound, seed + index) for index, sound in enumerate(sounds)]
    stamps = torch.stack([stamp(sound, SAMPLE_RATE) for sound in sounds])
    return Words(stamps[:, None], clips.labels, clips.speakers)


def words_of(words: Sequence[str], each: int, speakers: int, seed: int) -> Words:
    """Generated words somewhere in a second: `clips_of` as `stamps_of`."""
    return stamps_of(clips_of(words, each, speakers, seed), seed)
