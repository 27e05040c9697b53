"""What the reference reaches on real speech where no grader's budget holds it back."""

from __future__ import annotations

import importlib
import statistics
from typing import Any

import torch
from torch import Tensor

from datasets import Clips, load_speech
from datasets.speech import join
from exercises.digits.training import Recipe, accuracy, predict, train
from exercises.spoken_digits.training import Packed, pack
from grader.hidden_speech import BANDS, HOP_S, WINDOW_S

CLIPS_HEARD = 60_000
COPIES = 3  # of each clip, with masks of its own
WIDEST_BAND, WIDEST_STRETCH = 8, 8
RECIPE = Recipe(learning_rate=0.01, batch_size=32, weight_decay=0.01, hidden=32, num_blocks=3)


def best_on_fsdd() -> dict[str, Any]:
    """The Free Spoken Digit Dataset: its official split, and each speaker left out in turn.

    Raises:
        DataError: it does not lie in the data root.
    """
    torch.set_num_threads(1)
    speech = load_speech("fsdd")
    official = _reached(join([speech.train, speech.validation]), speech.test, speech.sample_rate)
    left_out = {
        name: _reached(*speech.leave_out(name), sample_rate=speech.sample_rate) for name in speech.speaker_names
    }
    return {
        "how": f"CNNClassifier1d with hidden {RECIPE.hidden} and {RECIPE.num_blocks} blocks hears {CLIPS_HEARD:,} "
        f"clips, three of four with spec_augment({WIDEST_BAND}, {WIDEST_STRETCH}).",
        "official": official,
        "left_out": left_out,
        "left_out_mean": statistics.fmean(left_out.values()),
    }


def _reached(learn: Clips, test: Clips, sample_rate: int) -> float:
    """Accuracy of one network trained on `learn`."""
    spec_augment = importlib.import_module("solutions.spoken_digits.augment").spec_augment
    network = importlib.import_module("solutions.spoken_digits.classifier").CNNClassifier1d
    random = torch.Generator().manual_seed(0)
    log_mel, lengths = _spectra(learn, sample_rate)
    copies = [log_mel, *(spec_augment(log_mel, WIDEST_BAND, WIDEST_STRETCH, random) for _ in range(COPIES))]
    clips = torch.cat([pack(copy, lengths) for copy in copies])
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        net = Packed(network(BANDS, hidden=RECIPE.hidden, num_blocks=RECIPE.num_blocks))
    train(net, clips, learn.labels.repeat(1 + COPIES), RECIPE, CLIPS_HEARD)
    return accuracy(predict(net, pack(*_spectra(test, sample_rate))), test.labels)


def _spectra(clips: Clips, sample_rate: int) -> tuple[Tensor, Tensor]:
    """Log-mel spectrograms and the frames of each."""
    log_mel = importlib.import_module("solutions.spoken_digits.features").log_mel
    hop_length = round(HOP_S * sample_rate)
    spectra = log_mel(clips.waveforms, sample_rate, round(WINDOW_S * sample_rate), hop_length, BANDS)
    return spectra, 1 + clips.lengths // hop_length
