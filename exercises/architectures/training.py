"""Plain and residual nets on digits of 32x32 pixels, and their training (given): there is nothing to choose here.

Stochastic gradient descent with momentum, as in the paper, and a learning rate that falls linearly to 0. The networks
are as deep as the paper's and far narrower, and see 7,680 images: what they show is how well depth can be trained within
seconds, not which network is the best one in the end.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from datasets import load_digits

from ..learning import accuracy, one_thread, predict
from ..learning.loop import batches, in_mode, own_random_numbers

__all__ = ["LAYERS", "Images", "Outcome", "digits", "train"]

# Blocks of two convolutions in each of the four stages, by depth: all weight layers without those of the shortcuts.
LAYERS = {10: (1, 1, 1, 1), 18: (2, 2, 2, 2), 34: (3, 4, 6, 3)}
STEPS, BATCH_SIZE = 120, 64
LEARNING_RATE, MOMENTUM = 0.05, 0.9
TRAIN, TEST = 6000, 1000
SEEN_AGAIN = 1000  # training images on which the accuracy after the training is taken


@dataclass(frozen=True)
class Images:
    """Digits as the networks see them.

    Attributes:
        images: (n, 3, 32, 32), three times the same map, a border of two empty pixels around 28x28.
        labels: (n,).
    """

    images: Tensor
    labels: Tensor


@dataclass(frozen=True)
class Outcome:
    """What a training came to.

    Attributes:
        depth, plain, width: of the network.
        parameters:     of the network.
        losses:         of each step's batch.
        train_accuracy: on images that it has learnt from, in evaluation mode.
        test_accuracy:  on images that it has never seen.
        seconds:        of one processor, for the training alone.
    """

    depth: int
    plain: bool
    width: float
    parameters: int
    losses: tuple[float, ...]
    train_accuracy: float
    test_accuracy: float
    seconds: float

    def __str__(self) -> str:
        kind = "plain" if self.plain else "residual"
        last = self.losses[-20:]
        return (
            f"{kind:8} depth {self.depth}, {self.parameters:,} parameters: training loss {sum(last) / len(last):.2f} at the"
            f" end, {100 * self.train_accuracy:.0f} % of training and {100 * self.test_accuracy:.0f} % of test images"
            f" right, {self.seconds:.1f} s"
        )


def digits() -> tuple[Images, Images]:
    """Generated digits for training and for the test, the same for everybody."""
    data = load_digits("generated", train=TRAIN, validation=TEST, test=1)
    train, test = (
        Images(F.pad(one.images, (2, 2, 2, 2)).repeat(1, 3, 1, 1), one.labels) for one in (data.train, data.validation)
    )
    return train, test


def train(
    module: Any,
    depth: int,
    plain: bool,
    width: float,
    data: tuple[Images, Images],
    seed: int = 0,
    steps: int = STEPS,
    on_step: Callable[[int, int, float], None] | None = None,
) -> Outcome:
    """Build a net of basic blocks and train it.

    Args:
        module:  with your `ResNet` and `BasicBlock`.
        depth:   a key of LAYERS.
        plain:   without shortcuts.
        width:   of the network.
        data:    for training and for the test, see `digits`.
        seed:    of the first weights and of the order of the images.
        on_step: called as on_step(step, steps, loss) after each step.
    """
    learn, unknown = data
    with own_random_numbers(seed):
        model: nn.Module = module.ResNet(module.BasicBlock, LAYERS[depth], 10, width, plain)
    optimizer = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE, momentum=MOMENTUM)
    order = batches(len(learn.labels), BATCH_SIZE, seed)
    losses = []
    start = time.process_time()
    with one_thread(), in_mode(model, training=True):
        for step in range(1, steps + 1):
            batch = next(order)
            loss = F.cross_entropy(model(learn.images[batch]), learn.labels[batch])
            optimizer.param_groups[0]["lr"] = LEARNING_RATE * (1 - (step - 1) / steps)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            if on_step is not None:
                on_step(step, steps, losses[-1])
    seconds = time.process_time() - start
    with one_thread():
        scores = [
            accuracy(predict(model, one.images[:SEEN_AGAIN]), one.labels[:SEEN_AGAIN]) for one in (learn, unknown)
        ]
    size = sum(parameter.numel() for parameter in model.parameters())
    return Outcome(depth, plain, width, size, tuple(losses), scores[0], scores[1], seconds)
