"""Private animal words, and what the digit network makes of them: the kind "animals"."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from datasets.digits import derived_seed
from datasets.speech import as_clips
from datasets.synthetic_speech import draw_speakers, generate
from exercises.transfer.checks.animals import Animals, Numbers
from exercises.transfer.material import ANIMALS
from grader.checks.private.kinds import DataKind

from .trusted import Words, digit_network, probing, stamps_of

SPEAKERS = 12  # to learn from, and as many others
DRAWS, MOST = 4, 20  # how often examples are drawn, and how many of each word


@dataclass(frozen=True)
class HiddenAnimals:
    """Words of one attempt.

    Attributes:
        learn, unheard: their stamps, (n, 1, 64, 32).
        animals:        what the reference makes of them.
    """

    learn: Tensor
    unheard: Tensor
    animals: Animals


def draw(train: int, test: int, seed: int, source: str) -> HiddenAnimals:
    """Words of a whole course with the reference's numbers, by speakers whom nobody has heard.  All are generated."""
    parts = []
    for split, n, voices in (("train", train, seed), ("test", test, seed + 1)):
        own = derived_seed(seed, split)
        clips = as_clips(generate(n, own, words=ANIMALS, speakers=draw_speakers(SPEAKERS, voices)))
        parts.append(stamps_of(clips, own))
    learn, unheard = parts
    return HiddenAnimals(learn.stamps, unheard.stamps, numbered(learn, unheard, seed))


def numbered(learn: Words, unheard: Words, seed: int) -> Animals:
    """What the reference makes of words, and draws of examples from a seed."""
    random = torch.Generator().manual_seed(seed)
    places = [(learn.labels == animal).nonzero()[:, 0] for animal in range(len(ANIMALS))]
    most = min(MOST, *map(len, places))
    draws = [[one[torch.randperm(len(one), generator=random)[:most]] for one in places] for _ in range(DRAWS)]
    return Animals(numbers_of(learn), numbers_of(unheard), torch.stack([torch.stack(one) for one in draws]))


def numbers_of(words: Words) -> Numbers:
    """What the digit network makes of words, as the reference reads it."""
    network = digit_network()
    return Numbers(probing.logits_of(network, words.stamps), probing.features_of(network, words.stamps), words.labels)


def disguise(data: HiddenAnimals, seed: int) -> HiddenAnimals:
    """As they are: a student's code gets no labels and fits nothing, so that it has nothing to carry elsewhere."""
    return data


KINDS = (DataKind("animals", draw, disguise),)
