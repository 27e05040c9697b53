"""What the notebook trains and measures (given): there is nothing to choose here.

Animals are learnt from 5, 10 or 20 clips of each word by twelve speakers, and judged on words of twelve others, whom
nobody has heard. A seed stands for one draw of speakers, words and times: another seed, another draw.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from datasets import Clips

from ..learning import Recipe, accuracy, one_thread, predict, train
from ..learning.loop import batches, in_mode, own_random_numbers
from .material import ANIMALS, DIGITS, Words, clips_of, stamps_of, words_of
from .networks import data_file, digit_network, parameter_groups, predict_linear, with_new_output

SIZES = (5, 10, 20)  # clips of each word
SPEAKERS, EACH = 12, 4  # who is learnt from, and as many others; clips of each word by each of them
HELD_BACK = 10.0  # the penalty of the notebook's own fits; its table of penalties shows what others do
FROM_NOTHING = Recipe(learning_rate=0.01, batch_size=8, weight_decay=0.01)
FROM_NOTHING_SEEN = 1200  # clips, those seen again counted again
OWN = Recipe(learning_rate=0.01, batch_size=32, weight_decay=0.01)  # as the given networks were trained
OWN_SPEAKERS, OWN_EACH, OWN_SEEN = 40, 5, 9600
TUNING_RATE, TUNING_BATCH, TUNING_STEPS, TUNING_LOOKS = 0.01, 16, 60, 10
DIGITS_SEED = 90_000  # of speakers whom no training here has heard
OnStep = Callable[[int, int, float], None]
Fit = Callable[[Tensor, Tensor, int, float], tuple[Tensor, Tensor]]  # as `fit_linear`


@dataclass(frozen=True)
class Draw:
    """Animals of one draw: to learn from, and by other speakers to be judged on."""

    learn: Words
    judge: Words


def draw(seed: int, cut_out: bool = False) -> Draw:
    """Animals by speakers of this draw, somewhere in a second, or the same clips cut out."""
    words = stamps_of(_clips(seed), None if cut_out else seed)
    names = words.speakers.unique()
    learn = torch.isin(words.speakers, names[:SPEAKERS])
    return Draw(words.where(learn), words.where(~learn))


@functools.lru_cache(maxsize=4)  # one after the other, somewhere in a second and cut out
def _clips(seed: int) -> Clips:
    return clips_of(ANIMALS, EACH, 2 * SPEAKERS, seed)


def unheard_digits(each: int = 1) -> Words:
    """So many of each digit by 20 speakers whom no network has heard."""
    return words_of(DIGITS, each, 20, DIGITS_SEED)


def chosen(labels: Tensor, each: int, seed: int) -> Tensor:
    """A mask (n,) of so many clips of each word, drawn by the seed."""
    random = torch.Generator().manual_seed(seed)
    mask = torch.zeros(len(labels), dtype=torch.bool)
    for label in labels.unique():
        own = (labels == label).nonzero()[:, 0]
        mask[own[torch.randperm(len(own), generator=random)[:each]]] = True
    return mask


def few(words: Words, each: int, seed: int) -> Words:
    """So many clips of each word, drawn by the seed."""
    return words.where(chosen(words.labels, each, seed))


def right(fit: Fit, learn: tuple[Tensor, Tensor], judge: tuple[Tensor, Tensor], penalty: float = HELD_BACK) -> Tensor:
    """Which clips a linear classifier hears rightly: (n,) bool.

    Args:
        fit:          your `fit_linear`.
        learn, judge: numbers (n, d) and labels (n,), to learn from and to be judged on.
    """
    weight, bias = fit(*learn, len(ANIMALS), penalty)
    return predict_linear(judge[0], weight, bias).argmax(dim=1) == judge[1]


def share(hits: Tensor) -> float:
    """Of what is right, in percent."""
    return 100 * float(hits.double().mean())


def from_nothing(words: Words, seed: int, on_step: OnStep | None = None) -> Any:
    """A network as large as the digit network that learns these animals alone, from random weights."""
    with own_random_numbers(seed):
        network = with_new_output(digit_network(pretrained=False), len(ANIMALS))
    with one_thread():
        train(network, words.stamps, words.labels, FROM_NOTHING, FROM_NOTHING_SEEN, seed, on_step)
    return network.eval()


def learn_digits(network: Any, seed: int = 0, on_step: OnStep | None = None) -> None:
    """Train a network on 2,000 spoken digits, each seen almost five times, in place; in evaluation mode afterwards."""
    digits = words_of(DIGITS, OWN_EACH, OWN_SPEAKERS, 91_000 + seed)
    with one_thread():
        train(network, digits.stamps, digits.labels, OWN, OWN_SEEN, seed, on_step)
    network.eval()


def before_training() -> Any:
    """The digit network with the random weights that its training began with."""
    about = json.loads(data_file("networks.json").read_text(encoding="utf-8"))
    with own_random_numbers(about["digit_network"]["seed"]):
        return digit_network(pretrained=False)


@dataclass(frozen=True)
class Tuned:
    """What became of a network while it learnt animals.

    Attributes:
        steps:   after which it was looked at, from 0 on.
        animals: percent of other speakers' animals that were right then.
        digits:  percent of digits that are right if the digits' own output takes the place of the animals'.
    """

    steps: tuple[int, ...]
    animals: tuple[float, ...]
    digits: tuple[float, ...]

    def __str__(self) -> str:
        return f"{self.animals[-1]:.1f} % of the animals right, and {self.digits[-1]:.1f} % of the digits"


def fine_tune(
    model: Any, animals: Draw, digits: Words, output: nn.Module, factor: float, seed: int, on_step: OnStep | None = None
) -> Tuned:
    """Train a network for animals in place: AdamW, a rate that falls to 0, of all before `output` times `factor`.

    Args:
        model:   for four classes: of `with_new_output`, or your `LinearProbe`.
        animals: what is learnt, and what is judged.
        digits:  what is perhaps forgotten.
        output:  the digits' own output layer.
        factor:  see `parameter_groups`.
        seed:    of the order of the clips.
    """
    optimizer = torch.optim.AdamW(parameter_groups(model, TUNING_RATE, factor), weight_decay=0.01)
    rates = [group["lr"] for group in optimizer.param_groups]
    order = batches(len(animals.learn), min(TUNING_BATCH, len(animals.learn)), seed)
    seen: list[tuple[int, float, float]] = []

    def look(step: int) -> None:
        new = model.output
        found = accuracy(predict(model, animals.judge.stamps), animals.judge.labels)
        model.output = output
        seen.append((step, 100 * found, 100 * accuracy(predict(model, digits.stamps), digits.labels)))
        model.output = new

    with one_thread(), own_random_numbers(seed):
        look(0)
        for step in range(1, TUNING_STEPS + 1):
            batch = next(order)
            with in_mode(model, training=True):
                loss = F.cross_entropy(model(animals.learn.stamps[batch]), animals.learn.labels[batch])
            for group, rate in zip(optimizer.param_groups, rates, strict=True):
                group["lr"] = rate * (1 - (step - 1) / TUNING_STEPS)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            if on_step is not None:
                on_step(step, TUNING_STEPS, loss.item())
            if step % TUNING_LOOKS == 0:
                look(step)
    return Tuned(*zip(*seen, strict=True))
