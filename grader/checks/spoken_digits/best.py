"""What the reference reaches on real speech where no grader's budget holds it back.

Speakers that it knows: one network, trained long on the recordings as they are.  Speakers that it does not know: both
networks of the assignment, trained on recordings, on copies of them with stretched frequencies and masks, and on
generated speech of many speakers; then they vote.
"""

from __future__ import annotations

import importlib
import statistics
from typing import Any

import torch
from torch import Tensor, nn

from datasets import Clips, load_speech
from datasets.speech import as_clips, join
from datasets.synthetic_speech import draw_speakers, generate
from exercises.learning import accuracy, predict, train
from exercises.spoken_digits.training import LONGEST, Packed, Recipe, level_stamps, pack

from .data import BANDS, HOP_S, WINDOW_S

CLIPS_HEARD = 30_000
COPIES = 4  # of each recording, and half as many of each generated clip
GENERATED, SPEAKERS = 3_000, 100
WARP = 0.12  # how far frequencies are stretched, and a third of how many bands they are moved
MASKS = (4, 8)  # widest band, widest stretch of time, on stamps
RECIPE = Recipe(learning_rate=0.01, batch_size=32, weight_decay=0.01, hidden=32, num_blocks=3)
KNOWN_HEARD = 40_000  # of recordings alone
HOW = (
    f"For the official split, CNNClassifier1d hears {KNOWN_HEARD:,} recordings as they are. For a speaker left out, "
    f"CNNClassifier1d on spectrograms and two CNNClassifier2d on stamps, hidden {RECIPE.hidden}, {RECIPE.num_blocks} "
    f"blocks, hear {CLIPS_HEARD:,} clips each: recordings, copies with stretched frequencies (stamps also with "
    f"spec_augment{MASKS}), and {GENERATED:,} generated clips by {SPEAKERS} speakers. The mean of their probabilities "
    "decides."
)


def best_on_fsdd() -> dict[str, Any]:
    """The Free Spoken Digit Dataset: its official split, and each speaker left out in turn.

    Raises:
        DataError: it does not lie in the data root.
    """
    torch.set_num_threads(1)
    speech = load_speech("fsdd")
    official = _known(join([speech.train, speech.validation]), speech.test, speech.sample_rate)
    left_out = {
        name: _reached(*speech.leave_out(name), sample_rate=speech.sample_rate) for name in speech.speaker_names
    }
    mean = statistics.fmean(left_out.values())
    each = ", ".join(f"{name} {value:.1%}" for name, value in left_out.items())
    return {
        "how": HOW,
        "reached": (
            f"The official split: {official:.1%}. One speaker left out at a time: {mean:.1%} on average ({each})."
        ),
        "figures": {"official": official, "left_out": left_out, "left_out_mean": mean},
    }


def _known(learn: Clips, test: Clips, sample_rate: int) -> float:
    """Accuracy of the network along time on new clips of the same speakers."""
    network = importlib.import_module("solutions.spoken_digits.classifier").CNNClassifier1d
    net = Packed(_fresh(network, 0, BANDS))
    train(net, pack(*_spectra(learn, sample_rate)), learn.labels, RECIPE, KNOWN_HEARD)
    return accuracy(predict(net, pack(*_spectra(test, sample_rate))), test.labels)


def _reached(learn: Clips, test: Clips, sample_rate: int) -> float:
    """Accuracy of the networks together, trained on `learn` and on generated speech."""
    program = as_clips(generate(GENERATED, 11, speakers=draw_speakers(SPEAKERS, 5)))
    votes = _words(learn, program, test, sample_rate)
    for seed in (0, 1):
        votes = votes + _stamps(learn, program, test, sample_rate, seed)
    return accuracy(votes, test.labels)


def _words(learn: Clips, program: Clips, test: Clips, sample_rate: int) -> Tensor:
    """Probabilities by the network along time: (n, 10)."""
    network = importlib.import_module("solutions.spoken_digits.classifier").CNNClassifier1d
    random = torch.Generator().manual_seed(0)
    parts, labels = [], []
    for clips, copies in ((learn, COPIES), (program, COPIES // 2)):
        log_mel, lengths = _spectra(clips, sample_rate)
        for number in range(copies):
            heard = stretched(log_mel.transpose(1, 2), random).transpose(1, 2) if number else log_mel
            packed = pack(heard, lengths)
            parts.append(nn.functional.pad(packed, (0, LONGEST - packed.shape[2])))
            labels.append(clips.labels)
    net = Packed(_fresh(network, 0, BANDS))
    train(net, torch.cat(parts), torch.cat(labels), RECIPE, CLIPS_HEARD)
    return predict(net, pack(*_spectra(test, sample_rate))).softmax(dim=1)


def _stamps(learn: Clips, program: Clips, test: Clips, sample_rate: int, seed: int) -> Tensor:
    """Probabilities by the network of `digits` on stamps: (n, 10)."""
    network = importlib.import_module("solutions.digits.classifier").CNNClassifier2d
    spec_augment = importlib.import_module("solutions.spoken_digits.augment").spec_augment
    random = torch.Generator().manual_seed(seed)
    parts, labels = [], []
    for clips, copies in ((learn, COPIES), (program, COPIES // 2)):
        plain = _stamped(clips, sample_rate)
        for number in range(copies):
            seen = plain
            if number:
                seen = spec_augment(stretched(plain, random).transpose(1, 2), *MASKS, random).transpose(1, 2)
            parts.append(level_stamps(seen[:, None]))
            labels.append(clips.labels)
    net = _fresh(network, seed)
    train(net, torch.cat(parts), torch.cat(labels), RECIPE, CLIPS_HEARD, seed)
    return predict(net, level_stamps(_stamped(test, sample_rate)[:, None])).softmax(dim=1)


def stretched(frames: Tensor, random: torch.Generator) -> Tensor:
    """Bands stretched and moved, for each clip by amounts of its own, as in Jaitly and Hinton (2013).

    (batch, time, bands) -> the same shape.  Between bands their values are mixed; beyond the ends the last one stays.
    """
    bands = frames.shape[2]
    factor, offset = (2 * torch.rand(2, len(frames), 1, generator=random) - 1) * WARP
    place = (torch.arange(bands) * (1 + factor) + 4 * offset).clamp(0, bands - 1)  # (batch, bands)
    below = place.floor().long().clamp(max=bands - 2)
    share = (place - below)[:, None]

    def at(band: Tensor) -> Tensor:
        return frames.gather(2, band[:, None].expand(-1, frames.shape[1], -1))

    return torch.lerp(at(below), at(below + 1), share)


def _fresh(network: Any, seed: int, *arguments: int) -> nn.Module:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        net = network(*arguments, hidden=RECIPE.hidden, num_blocks=RECIPE.num_blocks)
    assert isinstance(net, nn.Module)
    return net


def _spectra(clips: Clips, sample_rate: int) -> tuple[Tensor, Tensor]:
    """Log-mel spectrograms and the frames of each."""
    log_mel = importlib.import_module("solutions.spoken_digits.features").log_mel
    hop_length = round(HOP_S * sample_rate)
    spectra = log_mel(clips.waveforms, sample_rate, round(WINDOW_S * sample_rate), hop_length, BANDS)
    return spectra, 1 + clips.lengths // hop_length


def _stamped(clips: Clips, sample_rate: int) -> Tensor:
    """(n, 64, 32)."""
    stamp = importlib.import_module("solutions.spoken_digits.features").stamp
    return torch.stack([stamp(clips.waveform(index), sample_rate) for index in range(len(clips))])


BEST = {"fsdd": best_on_fsdd}  # see grader/checks/calibrated.py
