"""A small training before the warm process is forked: what torch and Python do once in a process is done by then.

First calls fill tables: of operators, of kernels that are compiled while they run, of what Python knows of the code
that it runs.  Forks find them full; without this, each of them would fill its own.  Everything runs in one thread, so
that forks may compute, and no number that is drawn here is missing later.
"""

from __future__ import annotations

import random

import numpy
import torch
from torch import Tensor, nn

from exercises import learning, recording

SHAPE = (1, 12, 12)
BATCH = 8
CLASSES = 10


class _Network(nn.Module):
    """Of layers that many networks have."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3), nn.ReLU()
        )
        self.head = nn.Linear(16, CLASSES)

    def forward(self, images: Tensor) -> Tensor:
        logits: Tensor = self.head(self.body(images).mean((2, 3)))
        return logits


def rehearse() -> None:
    """Build, record, compare, train and ask a network once, and leave all random numbers as they were."""
    before = random.getstate(), numpy.random.get_state(), torch.get_rng_state()
    try:
        _judge_one()
    finally:
        random.setstate(before[0])
        numpy.random.set_state(before[1])
        torch.set_rng_state(before[2])


def _judge_one() -> None:
    """The steps of `exercises/recording/taught.py`, in one process."""
    images = torch.linspace(-1, 1, 2 * BATCH * SHAPE[1] * SHAPE[2]).reshape(2 * BATCH, *SHAPE)
    labels = torch.arange(2 * BATCH) % CLASSES
    some = images[:BATCH]
    network = recording.Recording(_Network)
    parts = network.add_passes([([some], True), ([some], False), ([images[:2]], False)])["parts"]
    asked = [([some], training, 1, 2) for training in (True, False)]
    network.behave(asked, 1)
    data = recording.Replayed(parts, 1)
    recording.behaviours(data, asked)
    learning.multiply_adds(data, SHAPE)
    learning.train(data, images, labels, learning.Recipe(learning_rate=0.01, batch_size=BATCH), 2 * BATCH)
    learning.predict(data, images, BATCH)
    recording.Replayed(parts, 1).load(data.state())
