"""Private speech as the networks of this assignment read it: the kind "spectra"."""

from __future__ import annotations

import functools
import importlib
from dataclasses import dataclass

import torch
from torch import Tensor

from datasets import Clips
from datasets.generated import generated_files
from grader.checks.private import speech
from grader.checks.private.disguise import seeded_names
from grader.checks.private.kinds import DataKind

BANDS = 32
WINDOW_S, HOP_S = 0.025, 0.010


@dataclass(frozen=True)
class Words:
    """Clips as a network reads them.

    Attributes:
        log_mel: (n, 32, frames); `lengths` (n,) frames of each clip.
        stamps:  (n, 1, 64, 32).
        labels:  (n,) int64, permuted with the private seed.
    """

    log_mel: Tensor
    lengths: Tensor
    stamps: Tensor
    labels: Tensor


@dataclass(frozen=True)
class HiddenSpeech:
    """One private training set and two test sets: new clips of its speakers, and clips of others."""

    train: Words
    known: Words
    unknown: Words


def draw(train: int, test: int, seed: int, source: str) -> HiddenSpeech:
    """Clips of a whole course with the reference's features: those of the student have other checks."""
    clips = speech.draw(train, test, seed, source)
    return HiddenSpeech(*map(_words, (clips.train, clips.known, clips.unknown)))


def disguise(data: HiddenSpeech, seed: int) -> HiddenSpeech:
    """The classes have other names, and the clips may run backwards or be upside down.

    A network that learns from the clips that it is given is not disturbed; one trained elsewhere hears nothing.
    """
    return HiddenSpeech(*(disguised(words, seed) for words in (data.train, data.known, data.unknown)))


def disguised(words: Words, seed: int) -> Words:
    """One part in its disguise."""
    log_mel, stamps = words.log_mel, words.stamps
    if seed % 2:
        log_mel, stamps = speech.backwards(log_mel, words.lengths), stamps.flip(2)
    if seed // 2 % 2:
        log_mel, stamps = log_mel.flip(1), stamps.flip(3)
    return Words(log_mel, words.lengths, stamps, seeded_names(seed, speech.CLASSES)[words.labels])


def _words(clips: Clips) -> Words:
    features = importlib.import_module("solutions.spoken_digits.features")
    rate = 8000
    n_fft, hop_length = round(WINDOW_S * rate), round(HOP_S * rate)
    with torch.no_grad():
        spectra = features.log_mel(clips.waveforms, rate, n_fft, hop_length, BANDS)
        stamps = torch.stack([features.stamp(clips.waveform(index), rate) for index in range(len(clips))])
    return Words(spectra, 1 + clips.lengths // hop_length, stamps[:, None], clips.labels)


KINDS = (DataKind("spectra", draw, disguise, speech.require, functools.partial(generated_files, "speech")),)
