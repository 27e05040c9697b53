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

from ..learning import Recipe, accuracy, budget_of, one_thread, predict, train
from ..learning.loop import in_mode
from ..recording.behaviour import as_before
from ..recording.network import named_values

__all__ = ["Recipe", "accuracy", "one_thread", "predict", "train"]

RECIPE = Recipe(learning_rate=0.02, batch_size=32)
SLOWER = 200  # times less than the network the filters move in a step
LONGEST = 4800  # samples, 0.6 s: what is longer is cut, what is shorter gets zeros
EXAMPLES_SEEN = 2880  # each of 960 words three times
WORDS, UNKNOWN_WORDS, UNKNOWN_SPEAKERS = 960, 300, 6
ALONE_STEPS = 20
MULTIPLY_ADDS = 936_672  # of one word, for the network behind a FrontEnd() whose filters are a convolution layer
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
        start = _weight_of(front).float()  # as all else here; that they begin so has checks of its own
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


def filters_alone(network: nn.Module, words: Tensor, labels: Tensor, steps: int = ALONE_STEPS) -> float:
    """By which factor the loss falls where the filters alone learn, so many steps on the same batch of words.

    All other weights stay as they are, and so do the filters afterwards. 1.0 says that they have learnt nothing.

    Args:
        network: a SmallNetwork, or the record of one.
        words:   (n, LONGEST); the first ones are taken, a batch as in the training.
    """
    words, labels = words[: RECIPE.batch_size], labels[: RECIPE.batch_size]
    filters = named_values(network)[0]["trained"]
    if not filters.requires_grad:
        return 1.0
    optimizer = torch.optim.AdamW([filters], lr=RECIPE.learning_rate, weight_decay=0)
    losses = []
    with as_before(network), in_mode(network, training=True), torch.enable_grad():
        for _ in range(steps + 1):
            loss = F.cross_entropy(network(words), labels)
            losses.append(loss.item())
            (filters.grad,) = torch.autograd.grad(loss, filters, allow_unused=True)
            if filters.grad is None:  # the loss does not ask for the filters
                return 1.0
            optimizer.step()
    filters.grad = None
    return losses[-1] / losses[0]


def word_budget(network: nn.Module, examples_seen: int) -> int:
    """How many words this network may hear; see `exercises/learning/counting.py`."""
    return budget_of(network, examples_seen, MULTIPLY_ADDS, (LONGEST,))
