"""Texts to practise on, and what a training may cost (given)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy
import torch
from torch import Tensor, nn

from ..learning import budget_of

SYMBOLS = 26  # 1 to 26; 0 is no symbol
LANGUAGES = 4
LONGEST = 24  # symbols of a text
SHORT = 12  # up to here a text is short
PIXELS, FEATURES = 28 * 28, 16_384
WEIGHTS = Path(__file__).parent / "weights.npy"

# One text in the reference: two convolutions of three symbols from 16 to 16 channels, and the output.
READER_MULTIPLY_ADDS = 2 * LONGEST * 3 * 16 * 16 + 16 * LANGUAGES
DRAWING_MULTIPLY_ADDS = PIXELS * FEATURES + (FEATURES + 1) * 10


def texts(n: int, languages: Tensor, random: torch.Generator, *, low: int = 4, high: int = LONGEST) -> tuple[Tensor, Tensor]:
    """Texts of so many symbols, in languages in which each symbol says which one is likely to follow.

    Args:
        languages: (languages, 27, 27), the probability of each next symbol after each symbol; see `invented`.
    Returns:
        texts (n, LONGEST) int64, 0 behind their end; the number of their language (n,) int64.
    """
    spoken = torch.randint(len(languages), (n,), generator=random)
    lengths = torch.randint(low, high + 1, (n,), generator=random)
    symbols = torch.zeros(n, LONGEST + 1, dtype=torch.int64)
    for place in range(LONGEST):
        after = languages[spoken, symbols[:, place]]
        symbols[:, place + 1] = torch.multinomial(after, 1, generator=random)[:, 0]
    told = symbols[:, 1:]
    told[torch.arange(LONGEST) >= lengths[:, None]] = 0
    return told, spoken


def invented(random: torch.Generator) -> Tensor:
    """Languages that nobody speaks, (LANGUAGES, 27, 27): see `texts`."""
    chances = torch.softmax(1.5 * torch.randn(LANGUAGES, SYMBOLS + 1, SYMBOLS, generator=random), dim=2)
    return torch.cat([torch.zeros(LANGUAGES, SYMBOLS + 1, 1), chances], dim=2)


@cache
def given_weights() -> Tensor:
    """The given weights, (784, 16384) float32, of a file of 51 MB."""
    return torch.from_numpy(numpy.load(WEIGHTS))


def text_budget(net: nn.Module, examples_seen: int) -> int:
    """How many texts this network may see; see `exercises/learning/counting.py`."""
    return budget_of(net, examples_seen, READER_MULTIPLY_ADDS, (LONGEST,), torch.int64)


def image_budget(net: nn.Module, examples_seen: int) -> int:
    """How many images this network may see."""
    return budget_of(net, examples_seen, DRAWING_MULTIPLY_ADDS, (1, 28, 28))
