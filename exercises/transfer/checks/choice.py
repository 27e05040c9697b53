"""What a student chooses in recipe.py, read as values."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from torch import Tensor

from exercises.checking import Cause, Expect
from exercises.checking.plain import is_plain

KINDS = ("logits", "features")
ONE_WORD = "Which of the two words, as a text in quotation marks and spelt as in the comment above it?"
ONE_NUMBER = "Which one number is it, for 5, 10 and 20 examples alike?"
NOTHING_HELD = "What does `fit_linear` add for each squared weight? Which weights come out if that is nothing, or less?"
ALL_HELD = "What is left of the weights if each of them costs more than any error?"


@dataclass(frozen=True)
class Choice:
    """Which numbers of the digit network are read, and the penalty with which they are fitted.

    Raises:
        ValueError: the features are none of KINDS, or the penalty is not finite and larger than 0.
    """

    features: str
    penalty: float

    def __post_init__(self) -> None:
        if self.features not in KINDS:
            raise ValueError(f"features must be one of {', '.join(KINDS)}, not {self.features!r}")
        if not 0 < self.penalty < math.inf:
            raise ValueError(f"penalty must be a finite number larger than 0, not {self.penalty!r}")


def read_choice(module: Any, expect: Expect) -> Choice:
    """FEATURES and PENALTY of a student's module; what cannot be used is a mismatch that says why."""
    features, penalty = module.FEATURES, _number(module.PENALTY)
    for name, value in (("FEATURES", features), ("PENALTY", penalty)):
        expect.that(
            value is not None,
            expected=f"a choice: {name}",
            got=f"not written yet: {name}",
            cause=Cause.NOT_WRITTEN,
            about=name,
        )
    expect.that(
        isinstance(features, str) and features in KINDS,
        expected=" or ".join(f'FEATURES = "{kind}"' for kind in KINDS),
        got=f"FEATURES = {_shown(features)}",
        hint=ONE_WORD,
    )
    number = isinstance(penalty, int | float) and not isinstance(penalty, bool)
    expect.that(
        number and 0 < penalty < math.inf,
        expected="PENALTY, a finite number larger than 0",
        got=f"PENALTY = {_shown(penalty)}",
        hint=ONE_NUMBER if not number or math.isnan(penalty) else NOTHING_HELD if penalty <= 0 else ALL_HELD,
    )
    return Choice(features, float(penalty))


def _number(value: Any) -> Any:
    """A tensor or an array of a single number as that number; all else as it is."""
    return value.item() if isinstance(value, Tensor | np.ndarray) and value.ndim == 0 else value


def _shown(value: Any) -> str:
    return repr(value)[:100] if is_plain(value) else f"a {value.type_name}"
