"""Listening with numbers: networks trained on generated speech understand people, and the other way round."""

from __future__ import annotations

import os

import pytest
import torch
from torch import Tensor

from datasets import Clips, load_speech
from datasets.speech import as_clips, join
from datasets.synthetic_speech import draw_speakers, generate
from exercises.digits.training import Recipe, accuracy, predict, train
from exercises.spoken_digits.training import level_stamps
from solutions.digits.classifier import CNNClassifier2d
from solutions.spoken_digits.features import stamp

DATA = os.environ.get("COURSE_DATA")
BAR = 0.60
RECIPE = Recipe(learning_rate=0.01, batch_size=32, weight_decay=0.01, hidden=32, num_blocks=3)


@pytest.mark.slow
@pytest.mark.skipif(not DATA, reason="COURSE_DATA names no folder with real data sets")
def test_generated_speech_and_real_speech_teach_one_another() -> None:
    torch.set_num_threads(1)
    speech = load_speech("fsdd", root=DATA)
    people, program = join([speech.train, speech.validation, speech.test]), as_clips(
        generate(2000, 11, speakers=draw_speakers(200, 5))
    )  # fmt: skip
    real, generated = (_stamps(clips) for clips in (people, program))
    found = {}
    for name, learn, labels, test, right in (
        ("trained on generated speech", generated, program.labels, real, people.labels),
        ("trained on people", real, people.labels, generated, program.labels),
    ):
        for seed in (0, 1):
            torch.manual_seed(seed)
            net = CNNClassifier2d(hidden=RECIPE.hidden, num_blocks=RECIPE.num_blocks)
            train(net, learn, labels, RECIPE, 24_000, seed)
            found[name] = max(found.get(name, 0.0), accuracy(predict(net, test), right))
    assert min(found.values()) >= BAR, found


def _stamps(clips: Clips) -> Tensor:
    return level_stamps(torch.stack([stamp(clips.waveform(i), 8000) for i in range(len(clips))])[:, None])
