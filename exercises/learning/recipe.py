"""The hyperparameters of one training, within limits."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

MAX_LEARNING_RATE = 1.0


@dataclass(frozen=True)
class Whole:
    """The limits of a hyperparameter that is a whole number, and the reason for them in words."""

    low: int
    high: int
    reason: str


# Model solutions, generated data, all else as in their recipes: here and beyond, no training of digits (3 seeds) and
# none of spoken_digits (2 seeds, moved by 0.04 and less) got to all its thresholds, but for 1 of 2 of the latter at a
# rate of 0.1, and none at 0.2.  Behind each number the accuracy of digits, of which 0.87 was due.
TOO_FEW_HIDDEN = 6  # numbers at each place: 0.74 to 0.77
LARGE_RATE = 0.1  # 0.75 to 0.83
LITTLE_MOVED = 0.08  # of a weight, in all steps together: 0.63 to 0.67
MUCH_TAKEN = 0.05  # of a weight, in one step: 0.63 to 0.76


@dataclass(frozen=True)
class Recipe:
    """The hyperparameters that every training has.  An assignment's own recipe is a subclass that adds others.

    Args:
        learning_rate: of AdamW in the first step, larger than 0, at most 1; it falls linearly to 0.
        batch_size:    examples in a step, 8 to 512 (smaller steps cost more time than they teach).
        weight_decay:  of AdamW, 0 or larger.

    Attributes:
        WHOLE: limits of the whole numbers among its fields, by name: a subclass lists those of its own too.

    Raises:
        ValueError: a value is outside these limits; the message says which, and why.
    """

    learning_rate: float
    batch_size: int
    weight_decay: float = 0.0

    WHOLE: ClassVar[Mapping[str, Whole]] = {
        "batch_size": Whole(8, 512, "small ones cost more time than they teach, and large ones leave too few steps")
    }

    def __post_init__(self) -> None:
        require_number("learning_rate", self.learning_rate)
        if self.learning_rate <= 0:
            raise ValueError(f"learning_rate must be larger than 0, not {self.learning_rate}: else nothing is learned")
        if self.learning_rate > MAX_LEARNING_RATE:
            raise ValueError(
                f"learning_rate must be at most {MAX_LEARNING_RATE:g}, not {self.learning_rate}: "
                "AdamW moves each weight by about so much in a step, and weights are smaller than that"
            )
        require_number("weight_decay", self.weight_decay)
        if self.weight_decay < 0:
            raise ValueError(f"weight_decay must be 0 or larger, not {self.weight_decay}: it would make weights grow")
        for name, limits in self.WHOLE.items():
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or not limits.low <= value <= limits.high:
                raise ValueError(
                    f"{name} must be a whole number from {limits.low} to {limits.high}, not {value!r}: {limits.reason}"
                )


def far_off(recipe: Recipe, steps: int) -> str:
    """A sentence for a recipe whose numbers alone keep a network from learning in so many steps; else nothing.

    AdamW (Loshchilov and Hutter 2019) moves a weight by about the learning rate in a step, which falls linearly to 0
    here, and takes learning_rate * weight_decay of it away.
    """
    rate, taken = recipe.learning_rate, recipe.learning_rate * recipe.weight_decay
    if taken >= MUCH_TAKEN:
        return (
            f"weight_decay={recipe.weight_decay:g} and learning_rate={rate:g}: AdamW takes their product, {taken:.0%}, "
            "of each weight away in the first step: what is left of what was learned? "
        )
    hidden = getattr(recipe, "hidden", None)
    if isinstance(hidden, int) and hidden <= TOO_FEW_HIDDEN:
        return (
            f"hidden={hidden}: all that the network knows of a place goes through so many numbers: are they enough to "
            "tell ten classes apart? "
        )
    if rate >= LARGE_RATE:
        return (
            f"learning_rate={rate:g}: AdamW moves each weight by about so much in the first step, and weights begin at "
            "about 0.1: what does the loss do? "
        )
    if rate * steps / 2 <= LITTLE_MOVED:
        return (
            f"learning_rate={rate:g}: in {steps} steps AdamW moves a weight by at most about {rate * steps / 2:.1g}, "
            "and it begins at about 0.1: how far does the loss come? "
        )
    return ""


def require_number(name: str, value: object) -> None:
    """A finite number, no truth value.

    Raises:
        ValueError: it is something else; the message names it.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{name} must be a finite number, not {value!r}")
