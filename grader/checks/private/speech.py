"""Private speech: the kind "speech", and the clips that kinds of assignments' own are made of.

Each course has speakers of its own, whom nobody outside has heard.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from datasets import Clips, load_speech
from datasets.digits import derived_seed
from datasets.generated import generated_files
from datasets.speech import as_clips, join
from datasets.synthetic_speech import draw_speakers, generate

from .disguise import seeded_names
from .kinds import DataKind

CLASSES = 10
KNOWN, UNKNOWN = 12, 6  # generated speakers to learn from, and those that are left out


@dataclass(frozen=True)
class HiddenClips:
    """One private training set and two test sets: new clips of its speakers, and clips of others.

    Labels are permuted with the private seed.
    """

    train: Clips
    known: Clips
    unknown: Clips


def draw(train: int, test: int, seed: int, source: str) -> HiddenClips:
    """Clips for training, `test` of the same speakers, and as many of others."""
    if source == "generated":  # made here and now: private speech is never left in a cache
        sizes = (train, test, test)
        people = draw_speakers(KNOWN, seed), draw_speakers(KNOWN, seed), draw_speakers(UNKNOWN, seed + 1)
        seeds = [derived_seed(seed, split) for split in ("train", "validation", "test")]
        return HiddenClips(
            *(as_clips(generate(n, own, speakers=who)) for n, own, who in zip(sizes, seeds, people, strict=True))
        )
    speech = load_speech(source)
    left_out = seed % len(speech.speaker_names)
    random = torch.Generator().manual_seed(seed)

    def some(clips: Clips, mask: Tensor, n: int) -> Clips:
        places = mask.nonzero()[:, 0]
        return clips.where(places[torch.randperm(len(places), generator=random)[:n]])

    learn = join([speech.train, speech.validation])
    everything = join([learn, speech.test])
    return HiddenClips(
        some(learn, learn.speakers != left_out, train),
        some(speech.test, speech.test.speakers != left_out, test),
        some(everything, everything.speakers == left_out, test),
    )


def disguise(data: HiddenClips, seed: int) -> HiddenClips:
    """New names of the classes; clips may run backwards."""
    return HiddenClips(*(_disguised(clips, seed) for clips in (data.train, data.known, data.unknown)))


def _disguised(clips: Clips, seed: int) -> Clips:
    waveforms = backwards(clips.waveforms, clips.lengths) if seed % 2 else clips.waveforms
    return replace(clips, waveforms=waveforms, labels=seeded_names(seed, CLASSES)[clips.labels])


def backwards(frames: Tensor, lengths: Tensor) -> Tensor:
    """Each clip from its end to its beginning, its padding left behind it: (n, ..., time), (n,) -> the same shape."""
    place, own = torch.arange(frames.shape[-1]), lengths[:, None]
    mirrored = torch.where(place < own, own - 1 - place, place)
    return frames.gather(-1, mirrored.view(len(frames), *[1] * (frames.ndim - 2), -1).expand_as(frames))


def require(source: str) -> None:
    """Raises DataError where real speech of this name does not lie here."""
    if source != "generated":
        load_speech(source)


KINDS = (DataKind("speech", draw, disguise, require, functools.partial(generated_files, "speech")),)
