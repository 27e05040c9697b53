"""Corners of what recipes allow, as far as somebody would go in them: `grader calibrate` trains them too."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any, TypeVar

from exercises.learning import Recipe

SomeRecipe = TypeVar("SomeRecipe", bound=Recipe)
WEIGHT_DECAY = 0.01


def corners(kind: type[SomeRecipe], **choices: Sequence[Any]) -> tuple[SomeRecipe, ...]:
    """A recipe for each combination of the choices, the last one changing fastest.

    Args:
        choices: values to try, by the recipe's field.
    """
    return tuple(
        kind(**{"weight_decay": WEIGHT_DECAY, **dict(zip(choices, values, strict=True))})
        for values in itertools.product(*choices.values())
    )
