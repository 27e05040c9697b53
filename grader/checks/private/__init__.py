"""Data and inputs of hidden checks that no student code can know: drawn from the course's private seed.

Numbers and inputs come from `exercises.checking.draw` and `awkward`, as those of public checks do while they grade.
"""

from __future__ import annotations

import random
from typing import Any

import torch
from torch import Tensor

from exercises.checking import awkward, draw


def private(solution: Any, *shape: int, seed: int = 0, dtype: torch.dtype = torch.float64) -> Tensor:
    """`awkward`, until every check says so itself."""
    return awkward(*shape, seed=seed, dtype=dtype)


def numbers(solution: Any, seed: int = 0) -> random.Random:
    """`draw`, until every check says so itself."""
    return draw(seed)
