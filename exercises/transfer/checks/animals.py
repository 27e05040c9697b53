"""Animal words as the digit network reads them, and what a linear classifier on these numbers reaches.

Everybody has the words of `practice`, whose numbers were computed with the digit network by
`python -m grader.checks.transfer.pretrain`; while grading, others are drawn that nobody has.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import fmean

from safetensors.torch import load_file
from torch import Tensor

from exercises.learning import accuracy
from exercises.transfer.material import ANIMALS
from exercises.transfer.networks import data_file, predict_linear

FILE = data_file("animals.safetensors")
FEW = (list(ANIMALS), 1, 3, 2216)  # arguments of `words_of`: a few words, for functions that read the network
EXAMPLES = {"few_5": 5, "more_10": 10, "more_20": 20}  # of each word, by the name of what is reached with them
Fit = Callable[[Tensor, Tensor, int, float], tuple[Tensor, Tensor]]  # `fit_linear`


@dataclass(frozen=True)
class Numbers:
    """What the digit network makes of words.

    Attributes:
        logits:   (n, 10) float32.
        features: (n, 24) float32, what goes into its output.
        labels:   (n,) int64, which animal.
    """

    logits: Tensor
    features: Tensor
    labels: Tensor


@dataclass(frozen=True)
class Animals:
    """Words to learn from, and words of other speakers.

    Attributes:
        draws: (draws, animals, examples) int64: rows of `learn`, in each draw as many of each word.
    """

    learn: Numbers
    unheard: Numbers
    draws: Tensor


def practice() -> Animals:
    """The words that everybody has."""
    return Animals(practised("learn"), practised("unheard"), load_file(FILE)["draws"])


def practised(part: str) -> Numbers:
    """Numbers of the words that everybody has: "learn", "unheard" or "few"."""
    found = load_file(FILE)
    return Numbers(*(found[f"{part}_{field}"] for field in ("logits", "features", "labels")))


def reached(animals: Animals, fit: Fit, features: str, penalty: float) -> dict[str, float]:
    """The share of unheard words that is recognised, the mean over draws, by the names in EXAMPLES.

    Args:
        fit:      `fit_linear`.
        features: "logits" or "features".
    """
    learn, unheard = (getattr(part, features) for part in (animals.learn, animals.unheard))

    def once(rows: Tensor) -> float:
        weight, bias = fit(learn[rows], animals.learn.labels[rows], len(ANIMALS), penalty)
        return accuracy(predict_linear(unheard, weight, bias), animals.unheard.labels)

    return {
        name: fmean(once(draw[:, :examples].flatten()) for draw in animals.draws) for name, examples in EXAMPLES.items()
    }
