"""Data and inputs of hidden checks that no student code can know: drawn from the course's private seed."""

from __future__ import annotations

import random
from typing import Any

import torch
from torch import Tensor

from exercises.checking import awkward

SEEDS = 1 << 63


def private(solution: Any, *shape: int, seed: int = 0, dtype: torch.dtype = torch.float64) -> Tensor:
    """`awkward` values of a shape; `seed` tells the inputs of one check apart."""
    return awkward(*shape, seed=(solution.hidden.seed + 7919 * seed) % SEEDS, dtype=dtype)


def numbers(solution: Any, seed: int = 0) -> random.Random:
    """Where a hidden check draws sizes from, kernels and the like; `seed` tells the draws of one check apart."""
    return random.Random((solution.hidden.seed + 7919 * seed) % SEEDS)
