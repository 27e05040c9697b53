"""A small network behind your front end, and its training (given): there is nothing to choose here.

The network learns spoken digits of generated speakers, and is asked about speakers whom it has never heard. Its filters
move SLOWER times less in a step than everything else: AdamW moves each number by about the learning rate, whatever its
size, and a step that suits the network's weights would wipe out filters whose taps are far smaller.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.func import functional_call

from datasets import Clips, load_speech
from datasets.speech import as_clips
from datasets.synthetic_speech import draw_speakers, generate

from ..learning import Recipe, accuracy, predict, train
from ..learning.loop import in_mode

__all__ = ["Recipe", "accuracy", "predict", "train"]

RECIPE = Recipe(learning_rate=0.02, batch_size=32)
SLOWER = 200  # times less than the network the filters move in a step
LONGEST = 5600  # samples, 0.7 s: what is longer is cut, what is shorter gets zeros
EXAMPLES_SEEN = 3600  # each of 1,200 words three times
WORDS, UNKNOWN_WORDS, UNKNOWN_SPEAKERS = 1200, 300, 6
ALONE_STEPS, ALONE_WORDS = 20, 256
SEED = 0


@dataclass(frozen=True)
class Practice:
    """Words that everybody has: `learn` from twelve speakers, `unknown` by others whom nobody has heard before."""

    learn: Clips
    unknown: Clips


def practice() -> Practice:
    """The same words on every call."""
    others = generate(UNKNOWN_WORDS, SEED + 1, speakers=draw_speakers(UNKNOWN_SPEAKERS, SEED + 1))
    return Practice(load_speech("generated", train=WORDS).train, as_clips(others))


def inputs(clips: Clips) -> Tensor:
    """Words as the network hears them: (n, LONGEST)."""
    waveforms = clips.waveforms[:, :LONGEST]
    return F.pad(waveforms, (0, LONGEST - waveforms.shape[1]))


class SmallNetwork(nn.Module):
    """A front end, and a small convolutional network that tells ten words by what it gives.

    What is trained of the filters is `slower` times as large as they are: then a step of AdamW, which is as large for
    all that is trained, moves the filters so many times less.

    Args:
        front:  your FrontEnd, from (batch, time) to (batch, num_filters, frames); what it has learnt so far is where
                the filters start, and its own parameters are trained no more.
        slower: by how much its filters move less in a step than the network.
    """

    def __init__(self, front: nn.Module, slower: float = SLOWER) -> None:
        super().__init__()
        start = _weight_of(front)
        self.slower = slower
        self.trained = nn.Parameter(start.detach() * slower, requires_grad=start.requires_grad)
        self.front = front.requires_grad_(False)
        self.body = nn.Sequential(
            nn.BatchNorm1d(len(start)),
            nn.Conv1d(len(start), 24, kernel_size=5, stride=2), nn.BatchNorm1d(24), nn.ReLU(),
            nn.Conv1d(24, 24, kernel_size=5, stride=2), nn.BatchNorm1d(24), nn.ReLU(),
            nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(24, 10),
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, time) -> logits (batch, 10)."""
        filters = {"filters.weight": self.trained / self.slower}
        return self.body(functional_call(self.front, filters, (x,)))


def _weight_of(front: nn.Module) -> Tensor:
    filters: Any = front.filters
    weight: Tensor = filters.weight
    return weight


def at_random(front: nn.Module) -> nn.Module:
    """The same front end with filters that are nothing but random numbers, as a convolution layer's usually start."""
    weight = _weight_of(front)
    bound = 1 / math.sqrt(weight.shape[1:].numel())
    with torch.no_grad():
        weight.uniform_(-bound, bound)
    return front


def filters_of(network: SmallNetwork) -> Tensor:
    """A network's filters as they are now, (num_filters, taps)."""
    return (network.trained.detach() / network.slower)[:, 0]


def filters_alone(network: SmallNetwork, words: Tensor, labels: Tensor) -> float:
    """By which factor the loss falls where the filters alone learn, ALONE_STEPS steps on the same words.

    The rest of the network stays as it is, and so do the filters afterwards. 1.0 says that they have learnt nothing.

    Args:
        words: (n, LONGEST); the first ALONE_WORDS are taken.
    """
    words, labels = words[:ALONE_WORDS], labels[:ALONE_WORDS]
    if not network.trained.requires_grad:
        return 1.0
    before = network.trained.detach().clone()
    optimizer = torch.optim.AdamW([network.trained], lr=RECIPE.learning_rate, weight_decay=0)
    losses = []
    with in_mode(network, training=False), torch.enable_grad():
        for _ in range(ALONE_STEPS):
            loss = F.cross_entropy(network(words), labels)
            losses.append(loss.item())
            (network.trained.grad,) = torch.autograd.grad(loss, network.trained)
            optimizer.step()
    with torch.no_grad(), in_mode(network, training=False):
        losses.append(F.cross_entropy(network(words), labels).item())
        network.trained.copy_(before)
    network.trained.grad = None
    return losses[-1] / losses[0]
