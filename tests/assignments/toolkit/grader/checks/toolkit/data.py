"""Private texts: languages that nobody outside has heard of, in symbols that each submission has for itself."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from exercises.toolkit.practice import LANGUAGES, SHORT, SYMBOLS, invented, texts
from grader.checks.private.kinds import DataKind


@dataclass(frozen=True)
class Letters:
    """Texts (n, LONGEST) int64 and the number of their language (n,) int64, to learn from and, in two parts, to tell."""

    train: Tensor
    train_labels: Tensor
    short: Tensor
    short_labels: Tensor
    long: Tensor
    long_labels: Tensor


def draw(train: int, test: int, seed: int, source: str) -> Letters:
    """Texts in languages that the seed invents."""
    random = torch.Generator().manual_seed(seed)
    languages = invented(random)
    return Letters(
        *texts(train, languages, random),
        *texts(test, languages, random, high=SHORT),
        *texts(test, languages, random, low=SHORT + 1),
    )


def disguise(data: Letters, seed: int) -> Letters:
    """Other symbols for the same ones, and other numbers for the languages."""
    random = torch.Generator().manual_seed(seed)
    symbols = torch.cat([torch.zeros(1, dtype=torch.int64), 1 + torch.randperm(SYMBOLS, generator=random)])
    names = torch.randperm(LANGUAGES, generator=random)
    parts = [data.train, data.train_labels, data.short, data.short_labels, data.long, data.long_labels]
    return Letters(*((symbols if place % 2 == 0 else names)[part] for place, part in enumerate(parts)))


KINDS = (DataKind("letters", draw, disguise),)
