"""Spoken words for training, validation and test: one interface for real recordings and for the generated ones."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from . import fsdd
from .cache import cached_speech
from .digits import derived_seed
from .folders import data_root
from .phonemes import DIGITS
from .recordings import Recording, pad
from .synthetic_speech import NUM_SPEAKERS, SAMPLE_RATE, Speech

SPEECH_SOURCES = ("auto", "fsdd", "generated")
GENERATED_CLIPS = {"train": 1_200, "validation": 240, "test": 240}
FSDD_VALIDATION = range(5, 10)  # beside the official test set, index 0 to 4


@dataclass(frozen=True)
class Clips:
    """Part of a data set, in memory.

    Attributes:
        waveforms: (n, time) float32 in [-1, 1], zeros after a clip's end.
        lengths:   (n,) int64, samples.
        labels:    (n,) int64, class numbers.
        speakers:  (n,) int64, place in the data set's `speaker_names`.
    """

    waveforms: Tensor
    lengths: Tensor
    labels: Tensor
    speakers: Tensor

    def __len__(self) -> int:
        return len(self.labels)

    def where(self, chosen: Tensor) -> Clips:
        """The clips that a mask (n,) or an index tensor picks."""
        return Clips(self.waveforms[chosen], self.lengths[chosen], self.labels[chosen], self.speakers[chosen])

    def waveform(self, index: int) -> Tensor:
        """One clip without its padding, (time,)."""
        return self.waveforms[index, : int(self.lengths[index])]


@dataclass(frozen=True)
class SpokenWords:
    """A data set of spoken words; `source` is "fsdd" or "generated", `sample_rate` is in Hz."""

    source: str
    sample_rate: int
    words: tuple[str, ...]
    speaker_names: tuple[str, ...]
    train: Clips
    validation: Clips
    test: Clips

    def banner(self) -> str:
        """Text for the top of a notebook: which data these are, and how to get the real ones."""
        sizes = (
            f"{len(self.train):,} clips for training, {len(self.validation):,} for validation, {len(self.test):,} for "
            f"test, by {len(self.speaker_names)} speakers"
        )
        if self.source == "fsdd":
            return f"Free Spoken Digit Dataset, digits spoken by people: {sizes}."
        return (
            f"Generated speech, spoken by a program: {sizes}.\n"
            f"For the Free Spoken Digit Dataset, digits spoken by people (a download of 16 MB), run once in a "
            f"terminal, in the folder that holds datasets/:\n    {fsdd.FETCH_COMMAND}"
        )

    def leave_out(self, speaker: str) -> tuple[Clips, Clips]:
        """Everything by the other speakers for training, and everything by this one for the test.

        Raises:
            ValueError: there is no such speaker; the message lists those that there are.
        """
        if speaker not in self.speaker_names:
            raise ValueError(f"there is no speaker {speaker!r}; choose one of {', '.join(self.speaker_names)}")
        everything = join([self.train, self.validation, self.test])
        theirs = everything.speakers == self.speaker_names.index(speaker)
        return everything.where(~theirs), everything.where(theirs)


def load_speech(
    source: str = "auto",
    *,
    root: str | os.PathLike[str] | None = None,
    seed: int = 0,
    train: int | None = None,
    validation: int | None = None,
    test: int | None = None,
) -> SpokenWords:
    """Load spoken digits as tensors in memory.

    Args:
        source: "fsdd", "generated", or "auto": the Free Spoken Digit Dataset where it lies in the data root, generated
            speech otherwise.
        root:   data root; by default the environment variable COURSE_DATA, else ~/.cache/course-data.
        seed:   of the generated speech; it changes nothing in recordings.
        train, validation, test: number of generated clips, by default 1,200 / 240 / 240.  The Free Spoken Digit Dataset
            has 2,400 / 300 / 300: index 0 to 4 is its official test set, 5 to 9 is for validation.

    Raises:
        ValueError: unknown source, a number of clips below 1, or a number for recordings, which come as they are.
        DataError:  recordings were asked for and are missing, or damaged.

    >>> speech = load_speech("generated", train=20)
    >>> len(speech.train), speech.sample_rate
    (20, 8000)
    """
    if source not in SPEECH_SOURCES:
        raise ValueError(f"unknown source {source!r}: choose one of {', '.join(map(repr, SPEECH_SOURCES))}")
    folder = data_root(root)
    if source == "auto":
        source = "fsdd" if fsdd.find(folder) else "generated"
    asked = {"train": train, "validation": validation, "test": test}
    for name, n in asked.items():
        if n is not None and (n < 1 or source == "fsdd"):
            raise ValueError(
                f"{name} must be at least 1 clip, got {n}" if n < 1 else f"{name}: recordings come all together"
            )
    if source == "fsdd":
        return _official_split(fsdd.load(folder))
    sizes = {name: GENERATED_CLIPS[name] if n is None else n for name, n in asked.items()}
    parts = {name: as_clips(cached_speech(n, derived_seed(seed, name))) for name, n in sizes.items()}
    names = tuple(f"speaker {number + 1}" for number in range(NUM_SPEAKERS))
    return SpokenWords("generated", SAMPLE_RATE, DIGITS, names, **parts)


def as_clips(speech: Speech) -> Clips:
    """Generated speech as tensors."""
    return Clips(
        torch.from_numpy(speech.waveforms).float() / 32768,
        torch.from_numpy(speech.lengths),
        torch.from_numpy(speech.labels),
        torch.from_numpy(speech.speakers),
    )


def from_recordings(recordings: Sequence[Recording], words: tuple[str, ...], speaker_names: tuple[str, ...]) -> Clips:
    """Recordings as tensors.  Raises ValueError for a word or a speaker that is not in the list."""
    waveforms, lengths = pad([one.samples for one in recordings])
    labels = torch.tensor([words.index(one.word) for one in recordings])
    speakers = torch.tensor([speaker_names.index(one.speaker) for one in recordings])
    return Clips(waveforms, lengths, labels, speakers)


def join(parts: Sequence[Clips]) -> Clips:
    """Clips one after the other, padded to the longest."""
    time = max(part.waveforms.shape[1] for part in parts)
    waveforms = [torch.nn.functional.pad(part.waveforms, (0, time - part.waveforms.shape[1])) for part in parts]
    return Clips(
        torch.cat(waveforms),
        torch.cat([part.lengths for part in parts]),
        torch.cat([part.labels for part in parts]),
        torch.cat([part.speakers for part in parts]),
    )


def _official_split(recordings: list[Recording]) -> SpokenWords:
    names = tuple(sorted({one.speaker for one in recordings}))

    def part(chosen: list[Recording]) -> Clips:
        return from_recordings(chosen, DIGITS, names)

    held_out = {*fsdd.OFFICIAL_TEST, *FSDD_VALIDATION}
    return SpokenWords(
        "fsdd",
        fsdd.SAMPLE_RATE,
        DIGITS,
        names,
        train=part([one for one in recordings if one.index not in held_out]),
        validation=part([one for one in recordings if one.index in FSDD_VALIDATION]),
        test=part([one for one in recordings if one.index in fsdd.OFFICIAL_TEST]),
    )
