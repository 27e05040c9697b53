"""Private speech for graded training: each course has speakers of its own, whom nobody outside has heard."""

from __future__ import annotations

import functools
import importlib
from dataclasses import dataclass

import torch
from torch import Tensor

from datasets.digits import derived_seed
from datasets.speech import Clips, as_clips, join, load_speech
from datasets.synthetic_speech import draw_speakers, generate
from exercises.assignment import Training, load_assignment

from .disguise import seeded_names

KNOWN, UNKNOWN = 12, 6  # generated speakers to learn from, and those that are left out
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
    rules: Training


def hidden_speech(assignment: str, seed: int, source: str, submission_seed: int | None = None) -> HiddenSpeech:
    """The data of one attempt.

    Args:
        seed:            of the course and the attempt.
        submission_seed: of the submission, which then meets the data in a disguise of its own: the classes have other
                         numbers, and the clips may run backwards or be upside down. None where no code of a student
                         sees them.
    """
    rules = load_assignment(assignment).training["accuracy"]
    parts = _words(assignment, seed, source)
    if submission_seed is not None:
        parts = tuple(_disguised(part, submission_seed) for part in parts)
    train, known, unknown = parts
    return HiddenSpeech(train, known, unknown, rules)


def _disguised(words: Words, seed: int) -> Words:
    """A network that learns from the clips that it is given is not disturbed; one trained elsewhere hears nothing."""
    backwards, upside_down = seed % 2 == 1, seed // 2 % 2 == 1
    log_mel, stamps = words.log_mel, words.stamps
    if backwards:
        frames = torch.arange(log_mel.shape[2])
        own = words.lengths[:, None]
        mirrored = torch.where(frames < own, own - 1 - frames, frames)
        log_mel = log_mel.gather(2, mirrored[:, None].expand_as(log_mel))
        stamps = stamps.flip(2)
    if upside_down:
        log_mel, stamps = log_mel.flip(1), stamps.flip(3)
    return Words(log_mel, words.lengths, stamps, seeded_names(seed)[words.labels])


@functools.lru_cache(maxsize=4)
def _words(assignment: str, seed: int, source: str) -> tuple[Words, ...]:
    """Training, known speakers, unknown speakers: the same for the whole course."""
    features = importlib.import_module(f"solutions.{assignment}.features")  # those of the student have other checks
    parts = _draw(load_assignment(assignment).training["accuracy"], seed, source)
    rate = 8000

    def words(clips: Clips) -> Words:
        n_fft, hop_length = round(WINDOW_S * rate), round(HOP_S * rate)
        with torch.no_grad():
            spectra = features.log_mel(clips.waveforms, rate, n_fft, hop_length, BANDS)
            stamps = torch.stack([features.stamp(clips.waveform(index), rate) for index in range(len(clips))])
        return Words(spectra, 1 + clips.lengths // hop_length, stamps[:, None], clips.labels)

    return tuple(map(words, parts))


def _draw(rules: Training, seed: int, source: str) -> tuple[Clips, Clips, Clips]:
    """Clips for training, of the same speakers, and of others."""
    sizes = (rules.train_examples, rules.test_examples, rules.test_examples)
    if source == "generated":  # made here and now: private speech is never left in a cache
        people = draw_speakers(KNOWN, seed), draw_speakers(KNOWN, seed), draw_speakers(UNKNOWN, seed + 1)
        seeds = [derived_seed(seed, split) for split in ("train", "validation", "test")]
        drawn = [as_clips(generate(n, own, speakers=who)) for n, own, who in zip(sizes, seeds, people, strict=True)]
        return drawn[0], drawn[1], drawn[2]
    speech = load_speech(source)
    left_out = seed % len(speech.speaker_names)
    random = torch.Generator().manual_seed(seed)

    def some(clips: Clips, mask: Tensor, n: int) -> Clips:
        places = mask.nonzero()[:, 0]
        return clips.where(places[torch.randperm(len(places), generator=random)[:n]])

    learn = join([speech.train, speech.validation])
    everything = join([learn, speech.test])
    return (
        some(learn, learn.speakers != left_out, sizes[0]),
        some(speech.test, speech.test.speakers != left_out, sizes[1]),
        some(everything, everything.speakers == left_out, sizes[2]),
    )
