"""Animals spoken by people (given), where the course's real data lie: cat, dog and bird of Speech Commands."""

from __future__ import annotations

import torch
import torchaudio

from datasets import speech_commands
from datasets.folders import data_root
from datasets.recordings import pad
from datasets.synthetic_speech import SAMPLE_RATE

from .material import SECOND, Words, earlier

SPOKEN = ("cat", "dog", "bird")  # nobody says fox there


def animals_by_people() -> Words:
    """The clips of these words that lie in the data folder: each about a second, the word somewhere in it.

    Raises:
        DataError: they do not lie there; the message says where they are looked for.
    """
    stamp = earlier("spoken_digits.features").stamp
    found = speech_commands.load(data_root(), SPOKEN)
    waveforms, _ = pad([one.samples for one in found])
    waveforms = torchaudio.functional.resample(waveforms, speech_commands.SAMPLE_RATE, SAMPLE_RATE)[:, :SECOND]
    names = sorted({one.speaker for one in found})
    return Words(
        torch.stack([stamp(sound, SAMPLE_RATE) for sound in waveforms])[:, None],
        torch.tensor([SPOKEN.index(one.word) for one in found]),
        torch.tensor([names.index(one.speaker) for one in found]),
    )
