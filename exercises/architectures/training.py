"""Plain and residual nets on digits of 32x32 pixels, and their training (given): there is nothing to choose here.

Stochastic gradient descent with momentum, as in the paper, and a learning rate that falls linearly to 0. The networks
are as deep as the paper's and far narrower, and see 7,680 images: what they show is how well depth can be trained
within seconds, not which network is the best one in the end.
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

from ..checking.probe import first_pass
from ..learning import accuracy, one_thread, predict
from ..learning.loop import batches, in_mode, own_random_numbers

# Blocks of two convolutions in each of the four stages, by depth: all weight layers without those of the shortcuts.
LAYERS = {10: (1, 1, 1, 1), 18: (2, 2, 2, 2), 34: (3, 4, 6, 3)}
STEPS, BATCH_SIZE = 120, 64
LEARNING_RATE, MOMENTUM = 0.05, 0.9
TRAIN, TEST = 6000, 1000
SEEN_AGAIN = 1000  # training images on which the accuracy after the training is taken
LAST = 20  # steps over which the loss at the end is averaged


@dataclass(frozen=True)
class Images:
    """Digits as the networks see them.

    Attributes:
        images: (n, 3, 32, 32), three times the same map: 28x28 pixels and a border of two empty ones.
        labels: (n,).
    """

    images: Tensor
    labels: Tensor


Data = tuple[Images, Images]  # for training, and for the test


@dataclass(frozen=True)
class Net:
    """A net of basic blocks.

    Attributes:
        depth: a key of LAYERS.
        plain: without shortcuts.
        width: of the network.
    """

    depth: int
    plain: bool = False
    width: float = 1 / 8

    def __str__(self) -> str:
        return f"{'plain' if self.plain else 'residual'}, depth {self.depth}, width 1/{round(1 / self.width)}"

    def build(self, module: Any, seed: int = 0) -> nn.Module:
        """The network of your module, with its `ResNet` and `BasicBlock`, and first weights by a seed."""
        with own_random_numbers(seed):
            model: nn.Module = module.ResNet(module.BasicBlock, LAYERS[self.depth], 10, self.width, self.plain)
            first_pass(model, torch.zeros(1, 3, 32, 32))
        return model


@dataclass(frozen=True)
class Outcome:
    """What a training came to.

    Attributes:
        parameters:     of the network.
        losses:         of each step's batch.
        train_accuracy: on images that it has learnt from, in evaluation mode.
        test_accuracy:  on images that it has never seen.
        seconds:        of one processor, for the training alone.
    """

    parameters: int
    losses: tuple[float, ...]
    train_accuracy: float
    test_accuracy: float
    seconds: float

    @property
    def loss(self) -> float:
        """At the end of the training: the mean of the LAST steps."""
        last = self.losses[-LAST:]
        return sum(last) / len(last)

    def __str__(self) -> str:
        return (
            f"{self.parameters:,} parameters; after {self.seconds:.1f} s a training loss of {self.loss:.2f}, and "
            f"{100 * self.train_accuracy:.0f} % of training and {100 * self.test_accuracy:.0f} % of test images right"
        )


def digits() -> Data:
    """Generated digits for training and for the test, the same for everybody."""
    data = load_digits("generated", train=TRAIN, validation=TEST, test=1)
    train, test = (
        Images(F.pad(one.images, (2, 2, 2, 2)).repeat(1, 3, 1, 1), one.labels) for one in (data.train, data.validation)
    )
    return train, test


def fit(
    model: nn.Module, data: Data, seed: int = 0, on_step: Callable[[int, int, float], None] | None = None
) -> Outcome:
    """Train a network in place: STEPS steps of BATCH_SIZE images.

    Args:
        model:   from (batch, 3, 32, 32) to logits (batch, 10).
        data:    see `digits`.
        seed:    of the order of the images, and of layers that draw numbers.
        on_step: called as on_step(step, steps, loss) after each step.
    """
    learn, unknown = data
    optimizer = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE, momentum=MOMENTUM)
    order = batches(len(learn.labels), BATCH_SIZE, seed)
    losses = []
    start = time.process_time()
    with one_thread(), in_mode(model, training=True), own_random_numbers(seed):
        for step in range(1, STEPS + 1):
            batch = next(order)
            loss = F.cross_entropy(model(learn.images[batch]), learn.labels[batch])
            optimizer.param_groups[0]["lr"] = LEARNING_RATE * (1 - (step - 1) / STEPS)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            if on_step is not None:
                on_step(step, STEPS, losses[-1])
    seconds = time.process_time() - start
    with one_thread():
        scores = [
            accuracy(predict(model, one.images[:SEEN_AGAIN]), one.labels[:SEEN_AGAIN]) for one in (learn, unknown)
        ]
    size = sum(parameter.numel() for parameter in model.parameters())
    return Outcome(size, tuple(losses), scores[0], scores[1], seconds)
